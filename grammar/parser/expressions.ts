/**
 * The rules of expressions, loose to tight. Alternatives marked "mistake" accept what is wrong in a
 * known way, so that one precise message can be given for it.
 */

import * as T from '../tokens.ts';
import { AtomRules } from './atoms.ts';
import type { Rule } from './rules.ts';

export abstract class ExpressionRules extends AtomRules {
  protected abstract readonly params: Rule;
  protected abstract readonly statements: Rule;

  protected readonly expression: Rule = this.RULE('expression', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.choice) },
      { ALT: () => this.SUBRULE(this.lambda) },
      { ALT: () => this.SUBRULE(this.pipe) },
    ]);
  });

  protected readonly choice: Rule = this.RULE('choice', () => {
    this.CONSUME(T.If);
    this.SUBRULE(this.expression);
    this.CONSUME(T.Then);
    this.SUBRULE2(this.expression);
    this.CONSUME(T.Else);
    this.SUBRULE3(this.expression);
  });

  protected readonly lambda: Rule = this.RULE('lambda', () => {
    this.CONSUME(T.Fn);
    this.SUBRULE(this.params);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.FatArrow);
          this.SUBRULE(this.expression);
        },
      },
      { ALT: () => this.SUBRULE(this.statements) },
    ]);
  });

  /** Mistakes: an operator after a stage, `a if c else b`. */
  protected readonly pipe: Rule = this.RULE('pipe', () => {
    this.SUBRULE(this.disjunction);
    this.OPTION(() => this.SUBRULE(this.alias));
    this.MANY(() => {
      this.OR([
        { ALT: () => this.SUBRULE(this.piped) },
        { ALT: () => this.SUBRULE(this.strayOperator) },
      ]);
    });
    this.OPTION2({
      GATE: () => this.sameLine(),
      DEF: () => this.SUBRULE(this.pythonChoice),
    });
  });

  protected readonly piped: Rule = this.RULE('piped', () => {
    this.CONSUME(T.Pipe);
    this.SUBRULE(this.stage);
  });

  /** Mistake: an expression that would have to stand in parentheses. */
  protected readonly stage: Rule = this.RULE('stage', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.postfix) },
      { ALT: () => this.SUBRULE(this.looseStage) },
    ]);
    this.OPTION(() => this.SUBRULE(this.alias));
  });

  protected readonly looseStage: Rule = this.RULE('looseStage', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.choice) },
      { ALT: () => this.SUBRULE(this.lambda) },
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(T.Minus) }, { ALT: () => this.CONSUME(T.Not) }]);
          this.SUBRULE(this.unary);
        },
      },
    ]);
  });

  protected readonly alias: Rule = this.RULE('alias', () => {
    this.CONSUME(T.As);
    this.CONSUME(T.Id);
  });

  protected readonly strayOperator: Rule = this.RULE('strayOperator', () => {
    this.CONSUME(T.Operator);
    this.SUBRULE(this.disjunction);
  });

  protected readonly pythonChoice: Rule = this.RULE('pythonChoice', () => {
    this.CONSUME(T.If);
    this.SUBRULE(this.disjunction);
    this.CONSUME(T.Else);
    this.SUBRULE(this.expression);
  });

  protected readonly disjunction: Rule = this.RULE('disjunction', () => {
    this.SUBRULE(this.conjunction);
    this.MANY(() => {
      this.CONSUME(T.Or);
      this.SUBRULE2(this.conjunction);
    });
  });

  protected readonly conjunction: Rule = this.RULE('conjunction', () => {
    this.SUBRULE(this.negation);
    this.MANY(() => {
      this.CONSUME(T.And);
      this.SUBRULE2(this.negation);
    });
  });

  protected readonly negation: Rule = this.RULE('negation', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Not);
          this.SUBRULE(this.negation);
        },
      },
      { ALT: () => this.SUBRULE(this.comparison) },
    ]);
  });

  /** Mistake: more than one comparison. */
  protected readonly comparison: Rule = this.RULE('comparison', () => {
    this.SUBRULE(this.sum);
    this.MANY(() => {
      this.CONSUME(T.CompareOp);
      this.SUBRULE2(this.sum);
    });
  });

  protected readonly sum: Rule = this.RULE('sum', () => {
    this.SUBRULE(this.product);
    this.MANY(() => {
      this.CONSUME(T.AddOp);
      this.SUBRULE2(this.product);
    });
  });

  protected readonly product: Rule = this.RULE('product', () => {
    this.SUBRULE(this.unary);
    this.MANY(() => {
      this.CONSUME(T.MulOp);
      this.SUBRULE2(this.unary);
    });
  });

  protected readonly unary: Rule = this.RULE('unary', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Minus);
          this.SUBRULE(this.unary);
        },
      },
      { ALT: () => this.SUBRULE(this.power) },
    ]);
  });

  protected readonly power: Rule = this.RULE('power', () => {
    this.SUBRULE(this.postfix);
    this.OPTION(() => {
      this.CONSUME(T.StarStar);
      this.SUBRULE(this.unary);
    });
  });

  /** A `(`, `[` or `{` belongs to the expression before it only on the line where that ends. */
  protected readonly postfix: Rule = this.RULE('postfix', () => {
    this.SUBRULE(this.primary);
    this.MANY({
      GATE: () => this.LA(1).tokenType === T.Dot || this.sameLine(),
      DEF: () => {
        this.OR([
          { ALT: () => this.SUBRULE(this.call) },
          { ALT: () => this.SUBRULE(this.subscript) },
          { ALT: () => this.SUBRULE(this.field) },
          { ALT: () => this.SUBRULE(this.block) },
        ]);
      },
    });
  });
}
