/** The rules of statements and of what they and declarations share: types, patterns, parameters. */
import { EOF } from 'chevrotain';
import { isElementType } from '../element-types.ts';
import * as T from '../tokens.ts';
import { ExpressionRules } from './expressions.ts';
import type { Rule } from './rules.ts';

export abstract class StatementRules extends ExpressionRules {
  protected abstract readonly layerDecl: Rule;
  protected abstract readonly fnDecl: Rule;
  protected abstract readonly constDecl: Rule;

  protected readonly statement: Rule = this.RULE('statement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.letStmt) },
      { ALT: () => this.SUBRULE(this.inputStmt) },
      { ALT: () => this.SUBRULE(this.paramStmt) },
      { ALT: () => this.SUBRULE(this.updateStmt) },
      { ALT: () => this.SUBRULE(this.outputStmt) },
      { ALT: () => this.SUBRULE(this.lossStmt) },
      { ALT: () => this.SUBRULE(this.metricStmt) },
      { ALT: () => this.SUBRULE(this.expectStmt) },
      { ALT: () => this.SUBRULE(this.returnStmt) },
    ]);
  });

  protected readonly letStmt: Rule = this.RULE('letStmt', () => {
    this.CONSUME(T.Let);
    this.SUBRULE(this.pattern);
    this.OPTION({ GATE: () => this.startsType(), DEF: () => this.SUBRULE(this.ofType) });
    this.SUBRULE(this.value);
  });

  /** Mistakes: no type, a value. */
  protected readonly inputStmt: Rule = this.RULE('inputStmt', () => {
    this.CONSUME(T.Input);
    this.CONSUME(T.Id);
    this.OPTION({ GATE: () => this.startsType(), DEF: () => this.SUBRULE(this.ofType) });
    this.OPTION2(() => {
      this.CONSUME(T.Equals);
      this.SUBRULE(this.expression);
    });
  });

  protected readonly paramStmt: Rule = this.RULE('paramStmt', () => {
    this.OR([{ ALT: () => this.CONSUME(T.Param) }, { ALT: () => this.CONSUME(T.State) }]);
    this.CONSUME(T.Id);
    this.OPTION({ GATE: () => this.startsType(), DEF: () => this.SUBRULE(this.ofType) });
    this.SUBRULE(this.value);
  });

  protected readonly updateStmt: Rule = this.RULE('updateStmt', () => {
    this.CONSUME(T.Update);
    this.CONSUME(T.Id);
    this.SUBRULE(this.value);
  });

  protected readonly outputStmt: Rule = this.RULE('outputStmt', () => {
    this.CONSUME(T.Output);
    this.CONSUME(T.Id);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.CONSUME2(T.Id);
    });
    this.SUBRULE(this.value);
  });

  protected readonly lossStmt: Rule = this.RULE('lossStmt', () => {
    this.CONSUME(T.Loss);
    this.OPTION(() => this.CONSUME(T.Id));
    this.SUBRULE(this.value);
  });

  protected readonly metricStmt: Rule = this.RULE('metricStmt', () => {
    this.CONSUME(T.Metric);
    this.CONSUME(T.Id);
    this.SUBRULE(this.value);
  });

  protected readonly expectStmt: Rule = this.RULE('expectStmt', () => {
    this.CONSUME(T.Expect);
    this.SUBRULE(this.expression);
  });

  protected readonly returnStmt: Rule = this.RULE('returnStmt', () => {
    this.CONSUME(T.Return);
    this.SUBRULE(this.expression);
  });

  /** Mistake: no `:`, as in `param W f32[3] = 0`. */
  protected readonly ofType: Rule = this.RULE('ofType', () => {
    this.OR([{ ALT: () => this.CONSUME(T.Colon) }, { ALT: () => this.CONSUME(T.ChainStart) }]);
    this.SUBRULE(this.type);
  });

  /** A `:`, or a word on the same line that is a type rather than the start of a value. */
  protected startsType(): boolean {
    if (this.LA(1).tokenType !== T.ChainStart) return true;
    const behind = this.LA(3).tokenType;
    const fits = behind === T.LBracket || behind === T.Equals || isElementType(this.LA(2).image);
    return this.sameLine() && fits;
  }

  /** Mistakes: no `=`, or nothing at all. */
  protected readonly value: Rule = this.RULE('value', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Equals);
          this.SUBRULE(this.expression);
        },
      },
      {
        GATE: () => this.sameLine(),
        ALT: () => {
          this.CONSUME(T.ChainStart);
          this.SUBRULE2(this.expression);
        },
      },
      { GATE: () => this.endsItem(), ALT: () => {} },
    ]);
  });

  /** Whether the next token starts something new; any other is reported where it stands. */
  protected endsItem(): boolean {
    const next = this.LA(1).tokenType;
    const isKeyword = next !== T.Identifier && (next.CATEGORIES ?? []).includes(T.Word);
    return isKeyword || next === EOF || next === T.ChainStart || next === T.RBrace;
  }

  /** The bare chain. Mistakes: `y = ...`, `y: f32 = ...`, `y += ...`. */
  protected readonly chain: Rule = this.RULE('chain', () => {
    this.CONSUME(T.ChainStart);
    this.SUBRULE(this.expression);
    this.OPTION(() => {
      this.CONSUME(T.Colon);
      this.SUBRULE(this.type);
    });
    this.OPTION2(() => {
      this.OR([
        { ALT: () => this.CONSUME(T.Equals) },
        { ALT: () => this.CONSUME(T.AugmentedAssign) },
      ]);
      this.SUBRULE2(this.expression);
    });
  });

  protected readonly params: Rule = this.RULE('params', () => {
    this.CONSUME(T.LParen);
    this.OPTION(() => this.commaList(this.param));
    this.CONSUME(T.RParen);
  });

  protected readonly param: Rule = this.RULE('param', () => {
    this.SUBRULE(this.pattern);
    this.OPTION(() => this.CONSUME(T.Question));
    this.OPTION2(() => {
      this.CONSUME(T.Colon);
      this.SUBRULE(this.type);
    });
    this.OPTION3(() => {
      this.CONSUME(T.Equals);
      this.SUBRULE(this.expression);
    });
  });

  /** Mistakes: an expression without `return` or `let`, a declaration. */
  protected readonly statements: Rule = this.RULE('statements', () => {
    this.CONSUME(T.LBrace);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.SUBRULE(this.statement) },
        { ALT: () => this.SUBRULE(this.chain) },
        { ALT: () => this.SUBRULE(this.layerDecl) },
        { ALT: () => this.SUBRULE(this.fnDecl) },
        { ALT: () => this.SUBRULE(this.constDecl) },
      ]);
    });
    this.CONSUME(T.RBrace);
  });

  protected readonly pattern: Rule = this.RULE('pattern', () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Id) },
      { ALT: () => this.SUBRULE(this.tuplePattern) },
      { ALT: () => this.SUBRULE(this.listPattern) },
    ]);
  });

  protected readonly tuplePattern: Rule = this.RULE('tuplePattern', () => {
    this.CONSUME(T.LParen);
    this.commaList(this.pattern);
    this.CONSUME(T.RParen);
  });

  protected readonly listPattern: Rule = this.RULE('listPattern', () => {
    this.CONSUME(T.LBracket);
    this.commaList(this.pattern);
    this.CONSUME(T.RBracket);
  });

  /** Mistake: no name before the axes. */
  protected readonly type: Rule = this.RULE('type', () => {
    this.OR([
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(T.Id) }, { ALT: () => this.CONSUME(T.Fn) }]);
          this.OPTION({ GATE: () => this.sameLine(), DEF: () => this.SUBRULE(this.axes) });
        },
      },
      { ALT: () => this.SUBRULE2(this.axes) },
    ]);
  });

  protected readonly axes: Rule = this.RULE('axes', () => {
    this.CONSUME(T.LBracket);
    this.OPTION(() => this.commaList(this.axis));
    this.CONSUME(T.RBracket);
  });

  protected readonly axis: Rule = this.RULE('axis', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Ellipsis);
          this.OPTION(() => this.CONSUME(T.Id));
        },
      },
      { ALT: () => this.SUBRULE(this.sum) },
    ]);
  });
}
