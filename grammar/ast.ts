/**
 * The abstract syntax tree of a `.nn` file: plain data, every node with its span. The parser makes
 * it, the elaborator reads it. Where the text could not be parsed there is a `missing` expression,
 * which the elaborator gives the type "unknown" without a word (the parser has reported it).
 */

/** Half-open range of UTF-16 offsets in a source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A word of the source where a name stands. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

export interface File {
  readonly kind: 'file';
  /** `nn 0.1` on the first line. */
  readonly version?: { readonly text: string; readonly span: Span };
  readonly items: readonly Item[];
  readonly span: Span;
}

export type Item = Import | LayerDecl | FnDecl | ConstDecl | DimDecl | Section | Stmt | Chain;

export interface Import {
  readonly kind: 'import';
  readonly path: Name;
  /** `import "f.nn" as name`: the file as a layer. */
  readonly as?: Name;
  /** `import a, b from "f.nn"`. */
  readonly names: readonly Name[];
  readonly span: Span;
}

export interface LayerDecl {
  readonly kind: 'layer';
  readonly name: Name;
  readonly config: readonly Param[];
  /** Absent for the point-free form `layer f(d) = a |> b`. */
  readonly tensors?: readonly Param[];
  readonly result?: TypeExpr;
  readonly body: Body;
  readonly doc?: string;
  readonly span: Span;
}

export interface FnDecl {
  readonly kind: 'fn';
  readonly name: Name;
  readonly params: readonly Param[];
  readonly result?: TypeExpr;
  readonly body: Body;
  readonly vjp?: { readonly params: readonly Param[]; readonly value: Expr };
  readonly doc?: string;
  readonly span: Span;
}

/** `= expr` or `{ statements }`. */
export type Body =
  | { readonly kind: 'expression'; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'block'; readonly stmts: readonly Stmt[]; readonly span: Span };

/** `name?: type = default`. */
export interface Param {
  readonly pattern: Pattern;
  readonly optional: boolean;
  readonly type?: TypeExpr;
  readonly default?: Expr;
  readonly span: Span;
}

export type Pattern =
  | { readonly kind: 'name'; readonly name: Name; readonly span: Span }
  | {
      readonly kind: 'tuple' | 'list';
      readonly items: readonly Pattern[];
      readonly span: Span;
    };

export interface TypeExpr {
  /** `f32`, `int`, `dim`, `fn`, … */
  readonly name: Name;
  /** Absent for a type without brackets. */
  readonly axes?: readonly Axis[];
  readonly span: Span;
}

export type Axis =
  | { readonly kind: 'rest'; readonly name?: Name; readonly span: Span } // `...` or `...b`
  | { readonly kind: 'size'; readonly value: Expr; readonly span: Span };

export interface ConstDecl {
  readonly kind: 'const';
  readonly name: Name;
  readonly value: Expr;
  readonly doc?: string;
  readonly span: Span;
}

/** `dim t <= 1024, t % 8`. */
export interface DimDecl {
  readonly kind: 'dim';
  readonly facts: readonly {
    readonly name: Name;
    readonly relation?: '<=' | '%';
    readonly bound?: Expr;
    readonly span: Span;
  }[];
  readonly span: Span;
}

/** `train [name] { key: value }` or `policy { … }`. */
export interface Section {
  readonly kind: 'train' | 'policy';
  readonly name?: Name;
  readonly entries: readonly Entry[];
  readonly span: Span;
}

/** `key: value` of a section; for `columns: {X: "pixels"}` `value` is missing and `entries` has it. */
export interface Entry {
  readonly key: Name;
  readonly value: Expr;
  readonly entries?: readonly Entry[];
  readonly span: Span;
}

/** The bare chain: an expression that stands alone at file level. */
export interface Chain {
  readonly kind: 'chain';
  readonly value: Expr;
  readonly span: Span;
}

export type Stmt =
  | Let
  | InputStmt
  | ParamStmt
  | UpdateStmt
  | OutputStmt
  | LossStmt
  | MetricStmt
  | ExpectStmt
  | ReturnStmt;

export interface Let {
  readonly kind: 'let';
  readonly pattern: Pattern;
  readonly type?: TypeExpr;
  readonly value: Expr;
  readonly span: Span;
}
export interface InputStmt {
  readonly kind: 'input';
  readonly name: Name;
  readonly type: TypeExpr;
  readonly doc?: string;
  readonly span: Span;
}
export interface ParamStmt {
  readonly kind: 'param' | 'state';
  readonly name: Name;
  readonly type?: TypeExpr;
  readonly value: Expr;
  readonly doc?: string;
  readonly span: Span;
}
export interface UpdateStmt {
  readonly kind: 'update';
  readonly name: Name;
  readonly value: Expr;
  readonly span: Span;
}
/** `output y = e`, or `output a, b` which names existing values (then `value` is absent and `names` has them all). */
export interface OutputStmt {
  readonly kind: 'output';
  readonly names: readonly Name[];
  readonly value?: Expr;
  readonly span: Span;
}
export interface LossStmt {
  readonly kind: 'loss';
  /** Absent for the unnamed loss, whose name is `loss`. */
  readonly name?: Name;
  readonly value: Expr;
  readonly span: Span;
}
export interface MetricStmt {
  readonly kind: 'metric';
  readonly name: Name;
  readonly value: Expr;
  readonly span: Span;
}
export interface ExpectStmt {
  readonly kind: 'expect';
  readonly value: Expr;
  readonly span: Span;
}
export interface ReturnStmt {
  readonly kind: 'return';
  readonly value: Expr;
  readonly span: Span;
}

export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | '@'
  | '**'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'and'
  | 'or';

export type Expr =
  | {
      readonly kind: 'number';
      readonly value: number;
      readonly integer: boolean;
      readonly text: string;
      readonly span: Span;
    }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'bool'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span } // `_` too
  | { readonly kind: 'tuple'; readonly items: readonly Expr[]; readonly span: Span } // two or more
  | { readonly kind: 'paren'; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly ListItem[]; readonly span: Span }
  | { readonly kind: 'unary'; readonly op: '-' | 'not'; readonly value: Expr; readonly span: Span }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOp;
      readonly left: Expr;
      readonly right: Expr;
      readonly opSpan: Span;
      readonly span: Span;
    }
  | {
      readonly kind: 'pipe';
      readonly head: Expr;
      readonly stage: Stage;
      readonly opSpan: Span;
      readonly span: Span;
    }
  | { readonly kind: 'as'; readonly value: Expr; readonly name: Name; readonly span: Span } // a head with `as`, where the grammar allows it
  | {
      readonly kind: 'if';
      readonly condition: Expr;
      readonly then: Expr;
      readonly else: Expr;
      readonly span: Span;
    }
  | {
      readonly kind: 'lambda';
      readonly params: readonly Param[];
      readonly body: Body;
      readonly span: Span;
    }
  | {
      readonly kind: 'call';
      readonly callee: Expr;
      readonly args: readonly Arg[];
      readonly span: Span;
    }
  | {
      readonly kind: 'index';
      readonly value: Expr;
      readonly indices: readonly Index[];
      readonly span: Span;
    }
  | { readonly kind: 'field'; readonly value: Expr; readonly name: Name; readonly span: Span }
  | {
      readonly kind: 'trailing';
      readonly callee: Expr;
      readonly block: BlockExpr;
      readonly span: Span;
    } // `f(a) { b }`
  | BlockExpr
  | {
      readonly kind: 'repeat';
      /** Absent with `repeat n { … }`. */
      readonly variable?: Name;
      readonly over:
        | { readonly kind: 'count'; readonly value: Expr }
        | { readonly kind: 'range'; readonly from: Expr; readonly to: Expr }
        | { readonly kind: 'items'; readonly value: Expr };
      readonly body: BlockExpr;
      readonly span: Span;
    }
  | { readonly kind: 'missing'; readonly span: Span };

/** `{ chain }`: an anonymous layer; its head is in stage position, `_` is its input. */
export interface BlockExpr {
  readonly kind: 'block';
  readonly value: Expr;
  readonly span: Span;
}

/** The right side of `|>`. */
export interface Stage {
  readonly value: Expr;
  readonly as?: Name;
  readonly span: Span;
}

export type ListItem =
  | { readonly kind: 'item'; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'splat'; readonly name: Name; readonly span: Span };

export interface Arg {
  readonly name?: Name;
  readonly value: Expr;
  readonly span: Span;
}

export type Index =
  | { readonly kind: 'at'; readonly value: Expr; readonly span: Span } // also the name `None`
  | {
      readonly kind: 'slice';
      readonly start?: Expr;
      readonly stop?: Expr;
      readonly step?: Expr;
      readonly span: Span;
    }
  | { readonly kind: 'ellipsis'; readonly span: Span };
