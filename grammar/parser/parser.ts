/**
 * The grammar of `.nn` as a chevrotain parser: rules only, no actions; here those of the file and its
 * declarations. It gives a concrete syntax tree, also of a faulty text (recovery is on), and
 * `to-ast/` makes the AST of it.
 */

import * as T from '../tokens.ts';
import type { Rule } from './rules.ts';
import { StatementRules } from './statements.ts';

export class NnParser extends StatementRules {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  readonly file: Rule = this.RULE('file', () => {
    this.OPTION(() => this.SUBRULE(this.version));
    this.MANY(() => this.SUBRULE(this.item));
  });

  protected readonly version: Rule = this.RULE('version', () => {
    this.CONSUME(T.Nn);
    this.CONSUME(T.NumberLiteral);
  });

  protected readonly item: Rule = this.RULE('item', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.importItem) },
      { ALT: () => this.SUBRULE(this.layerDecl) },
      { ALT: () => this.SUBRULE(this.fnDecl) },
      { ALT: () => this.SUBRULE(this.constDecl) },
      { ALT: () => this.SUBRULE(this.dimDecl) },
      { ALT: () => this.SUBRULE(this.section) },
      { ALT: () => this.SUBRULE(this.statement) },
      { ALT: () => this.SUBRULE(this.chain) },
      { ALT: () => this.SUBRULE(this.leftover) },
    ]);
  });

  /** The partner of an opener that recovery has skipped; the scanner reports those without one. */
  protected readonly leftover: Rule = this.RULE('leftover', () => {
    this.OR([
      { ALT: () => this.CONSUME(T.RParen) },
      { ALT: () => this.CONSUME(T.RBracket) },
      { ALT: () => this.CONSUME(T.RBrace) },
    ]);
  });

  protected readonly importItem: Rule = this.RULE('importItem', () => {
    this.CONSUME(T.Import);
    this.OR([
      { ALT: () => this.SUBRULE(this.importFile) },
      { ALT: () => this.SUBRULE(this.importNames) },
    ]);
  });

  protected readonly importFile: Rule = this.RULE('importFile', () => {
    this.CONSUME(T.StringLiteral);
    this.CONSUME(T.As);
    this.CONSUME(T.Id);
  });

  /** Mistakes: `import a.b as c` and `import a`, without a path. */
  protected readonly importNames: Rule = this.RULE('importNames', () => {
    this.CONSUME(T.Id);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(T.Comma) }, { ALT: () => this.CONSUME(T.Dot) }]);
      this.CONSUME2(T.Id);
    });
    this.OPTION(() => {
      this.CONSUME(T.As);
      this.CONSUME3(T.Id);
    });
    this.OPTION2(() => {
      this.CONSUME(T.From);
      this.CONSUME(T.StringLiteral);
    });
  });

  protected readonly constDecl: Rule = this.RULE('constDecl', () => {
    this.CONSUME(T.Const);
    this.CONSUME(T.Id);
    this.SUBRULE(this.value);
  });

  protected readonly dimDecl: Rule = this.RULE('dimDecl', () => {
    this.CONSUME(T.Dim);
    this.SUBRULE(this.fact);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.fact);
    });
  });

  protected readonly fact: Rule = this.RULE('fact', () => {
    this.CONSUME(T.Id);
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(T.LessEqual) }, { ALT: () => this.CONSUME(T.Percent) }]);
      this.SUBRULE(this.atom);
    });
  });

  protected readonly section: Rule = this.RULE('section', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Train);
          this.OPTION(() => this.CONSUME(T.Id));
        },
      },
      { ALT: () => this.CONSUME(T.Policy) },
    ]);
    this.SUBRULE(this.record);
  });

  protected readonly record: Rule = this.RULE('record', () => {
    this.CONSUME(T.LBrace);
    this.MANY(() => this.SUBRULE(this.entry));
    this.CONSUME(T.RBrace);
  });

  /** Mistake: `=` for `:`. */
  protected readonly entry: Rule = this.RULE('entry', () => {
    this.CONSUME(T.Word);
    this.OR([{ ALT: () => this.CONSUME(T.Colon) }, { ALT: () => this.CONSUME(T.Equals) }]);
    this.OR2([
      { GATE: () => this.opensRecord(), ALT: () => this.SUBRULE(this.record) },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
    this.OPTION(() => this.CONSUME(T.Comma));
  });

  /** `{ key:`; a block has no `:` there. */
  protected opensRecord(): boolean {
    return this.LA(3).tokenType === T.Colon;
  }

  /** Mistake: no name. */
  protected readonly layerDecl: Rule = this.RULE('layerDecl', () => {
    this.CONSUME(T.Layer);
    this.OPTION(() => this.CONSUME(T.Id));
    this.SUBRULE(this.params);
    this.OPTION2(() => this.SUBRULE2(this.params));
    this.OPTION3(() => this.SUBRULE(this.resultType));
    this.SUBRULE(this.body);
  });

  protected readonly fnDecl: Rule = this.RULE('fnDecl', () => {
    this.CONSUME(T.Fn);
    this.CONSUME(T.Id);
    this.SUBRULE(this.params);
    this.OPTION(() => this.SUBRULE(this.resultType));
    this.SUBRULE(this.body);
    this.OPTION2(() => this.SUBRULE(this.vjp));
  });

  protected readonly vjp: Rule = this.RULE('vjp', () => {
    this.CONSUME(T.Vjp);
    this.SUBRULE(this.params);
    this.CONSUME(T.FatArrow);
    this.SUBRULE(this.expression);
  });

  protected readonly resultType: Rule = this.RULE('resultType', () => {
    this.CONSUME(T.Arrow);
    this.SUBRULE(this.type);
  });

  /** Mistake: `=>` for `=`. */
  protected readonly body: Rule = this.RULE('body', () => {
    this.OR([
      {
        ALT: () => {
          this.OR2([
            { ALT: () => this.CONSUME(T.Equals) },
            { ALT: () => this.CONSUME(T.FatArrow) },
          ]);
          this.SUBRULE(this.expression);
        },
      },
      { ALT: () => this.SUBRULE(this.statements) },
    ]);
  });
}
