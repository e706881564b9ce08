/** The rules of what binds tightest: literals, brackets, `repeat`, and what may follow a value. */

import * as T from '../tokens.ts';
import { type Rule, Rules } from './rules.ts';

export abstract class AtomRules extends Rules {
  protected abstract readonly expression: Rule;

  protected readonly call: Rule = this.RULE('call', () => {
    this.CONSUME(T.LParen);
    this.OPTION(() => this.commaList(this.argument));
    this.CONSUME(T.RParen);
  });

  protected readonly argument: Rule = this.RULE('argument', () => {
    this.OPTION({
      GATE: () => this.LA(2).tokenType === T.Equals,
      DEF: () => {
        this.CONSUME(T.Word);
        this.CONSUME(T.Equals);
      },
    });
    this.SUBRULE(this.expression);
  });

  protected readonly subscript: Rule = this.RULE('subscript', () => {
    this.CONSUME(T.LBracket);
    this.commaList(this.index);
    this.CONSUME(T.RBracket);
  });

  protected readonly index: Rule = this.RULE('index', () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Ellipsis) },
      {
        ALT: () => {
          this.SUBRULE(this.expression);
          this.OPTION(() => this.SUBRULE(this.slice));
        },
      },
      { ALT: () => this.SUBRULE2(this.slice) },
    ]);
  });

  protected readonly slice: Rule = this.RULE('slice', () => {
    this.CONSUME(T.Colon);
    this.OPTION(() => this.SUBRULE(this.expression));
    this.OPTION2(() => this.SUBRULE(this.step));
  });

  protected readonly step: Rule = this.RULE('step', () => {
    this.CONSUME(T.Colon);
    this.OPTION(() => this.SUBRULE(this.expression));
  });

  protected readonly field: Rule = this.RULE('field', () => {
    this.CONSUME(T.Dot);
    this.CONSUME(T.Word);
  });

  protected readonly block: Rule = this.RULE('block', () => {
    this.CONSUME(T.LBrace);
    this.SUBRULE(this.expression);
    this.CONSUME(T.RBrace);
  });

  protected readonly primary: Rule = this.RULE('primary', () => {
    this.OR([
      { ALT: () => this.CONSUME(T.NumberLiteral) },
      { ALT: () => this.CONSUME(T.StringLiteral) },
      { ALT: () => this.CONSUME(T.True) },
      { ALT: () => this.CONSUME(T.False) },
      { ALT: () => this.CONSUME(T.Id) },
      { ALT: () => this.CONSUME(T.Hole) },
      { ALT: () => this.SUBRULE(this.parenthesised) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.repeat) },
      { ALT: () => this.SUBRULE(this.block) },
    ]);
  });

  protected readonly parenthesised: Rule = this.RULE('parenthesised', () => {
    this.CONSUME(T.LParen);
    this.commaList(this.expression);
    this.CONSUME(T.RParen);
  });

  protected readonly list: Rule = this.RULE('list', () => {
    this.CONSUME(T.LBracket);
    this.OPTION(() => this.commaList(this.listItem));
    this.CONSUME(T.RBracket);
  });

  protected readonly listItem: Rule = this.RULE('listItem', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Ellipsis);
          this.CONSUME(T.Id);
        },
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
  });

  /** The head is an atom, or the block would be taken for a trailing block of it. */
  protected readonly repeat: Rule = this.RULE('repeat', () => {
    this.CONSUME(T.Repeat);
    this.SUBRULE(this.atom);
    this.OPTION(() => {
      this.CONSUME(T.In);
      this.OR([
        { ALT: () => this.SUBRULE(this.list) },
        {
          ALT: () => {
            this.SUBRULE2(this.atom);
            this.OPTION2(() => {
              this.CONSUME(T.DotDot);
              this.SUBRULE3(this.atom);
            });
          },
        },
      ]);
    });
    this.SUBRULE(this.block);
  });

  protected readonly atom: Rule = this.RULE('atom', () => {
    this.OR([
      { ALT: () => this.CONSUME(T.NumberLiteral) },
      {
        ALT: () => {
          this.CONSUME(T.Id);
          this.MANY(() => this.SUBRULE(this.field));
        },
      },
      { ALT: () => this.CONSUME(T.Hole) },
      {
        ALT: () => {
          this.CONSUME(T.LParen);
          this.SUBRULE(this.expression);
          this.CONSUME(T.RParen);
        },
      },
    ]);
  });
}
