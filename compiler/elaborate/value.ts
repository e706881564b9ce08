/**
 * What an expression of the language can be while it is elaborated: static values, tensors (nodes of
 * the graph) and callables; and the scopes in which names stand for them. Data only.
 */
import type {
  Expr,
  File,
  FnDecl,
  Body as LambdaBody,
  LayerDecl,
  Param,
  Span,
  Stage,
  TypeExpr,
} from '../../grammar/ast.ts';
import type { Source } from '../../grammar/source.ts';
import type { SymbolicDim } from '../graph/dim.ts';
import type { DType } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';

export type Value = Static | Tensor | Callable | Unknown;

/** Known while compiling. */
export type Static =
  | NumberValue
  | SizeValue
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'dtype'; readonly name: string }
  | { readonly kind: 'list' | 'tuple'; readonly items: readonly Value[] };

export interface NumberValue {
  readonly kind: 'number';
  readonly value: number;
  /** An integer literal, a size, or what integer arithmetic made of them. */
  readonly integer: boolean;
  /** What `cast` gave it: the type of the tensor that it becomes where nothing else decides. */
  readonly dtype?: DType;
}
/** A size that only binding makes a number. */
export interface SizeValue {
  readonly kind: 'size';
  readonly dim: SymbolicDim;
}

export interface Tensor {
  readonly kind: 'tensor';
  readonly node: Node;
  /** Where the value got its shape, for messages. */
  readonly origin?: Origin;
}
/** `(input, line 1)`, `(dense(1), line 5)`. */
export interface Origin {
  readonly what: string;
  readonly place: Place;
}
export interface Place {
  readonly source: Source;
  readonly span: Span;
  /** Which of the layers that this very text makes: a call of the programmatic API may stand in a loop of its language. */
  readonly copy?: string;
  /** Where a program's text is not known, so that its lines are blank: what tells places on one line apart. */
  readonly mark?: string;
  /** What stands there, where the text is not known. */
  readonly words?: string;
}

/** The result of a mistake that has been reported; whatever it touches is unknown too, silently. */
export interface Unknown {
  readonly kind: 'unknown';
}

export type Callable =
  | Fn
  | BuiltinFn
  | NativeFn
  | Template
  | Instance
  | Chain
  | BlockLayer
  | Repeat;

/** A `fn` declaration or a lambda, with the scope that it was written in. */
export interface Fn {
  readonly kind: 'fn';
  readonly name: string;
  readonly decl: FnLike;
  readonly scope: Scope;
  readonly ancestry: Ancestry;
}
export interface FnLike {
  readonly params: readonly Param[];
  readonly result?: TypeExpr;
  readonly body: LambdaBody;
  readonly vjp?: FnDecl['vjp'];
  readonly span: Span;
}
export interface BuiltinFn {
  readonly kind: 'builtin';
  readonly name: string;
}
/** A function of the program that builds the graph: the body of what the programmatic API declares. */
export interface NativeFn {
  readonly kind: 'native';
  readonly name: string;
  /** `scope` is where the call stands: its body owns what the function declares. */
  readonly call: (args: readonly Argument[], place: Place, scope: Scope) => Value;
}
/** A layer declaration that has not been configured. */
export interface Template {
  readonly kind: 'template';
  readonly name: string;
  readonly decl: LayerDecl;
  readonly scope: Scope;
  readonly ancestry: Ancestry;
  /** Of an imported file, which is a layer; `scope` has its declarations then. */
  readonly file?: File;
}
/** A configured layer: its path decides which parameters it owns. */
export interface Instance {
  readonly kind: 'instance';
  readonly template: Template;
  readonly config: ReadonlyMap<string, Value>;
  /** Configuration sizes that the first application decides (`in?`). */
  readonly open: ReadonlySet<string>;
  /** Configuration names that the caller wrote. */
  readonly given: ReadonlySet<string>;
  readonly path: string;
  /** Put before the names of what it owns, if not `path.`: an optimizer's slots are `dense.W/v`. */
  readonly prefix?: string;
  /** `dense(10)`, as written. */
  readonly text: string;
  readonly place: Place;
}
/** A composition of stages, `dense(10) |> relu`. */
export interface Chain {
  readonly kind: 'chain';
  readonly parts: readonly Part[];
}
/** `{ chain }` whose head mentions `_`. */
export interface BlockLayer {
  readonly kind: 'block';
  readonly expr: Expr;
  readonly scope: Scope;
}
export interface Repeat {
  readonly kind: 'repeat';
  readonly variable?: string;
  readonly items: readonly Value[];
  readonly expr: Expr;
  readonly scope: Scope;
  readonly path: string;
}

/** One prepared stage: what happens to the value that comes down the pipe. */
export type Part =
  | {
      readonly kind: 'apply';
      readonly callee: Callable;
      readonly place: Place;
      readonly as?: Stage['as'];
      readonly scope: Scope;
    }
  /** The value becomes the first argument. */
  | {
      readonly kind: 'partial';
      readonly callee: Callable;
      readonly args: readonly Argument[];
      readonly place: Place;
      readonly as?: Stage['as'];
      readonly scope: Scope;
    }
  /** The value stands where `_` does. */
  | {
      readonly kind: 'hole';
      readonly expr: Expr;
      readonly place: Place;
      readonly as?: Stage['as'];
      readonly scope: Scope;
    }
  | { readonly kind: 'unknown' };

export interface Argument {
  readonly name?: string;
  readonly value: Value;
  readonly place: Place;
  /** Of the name, where there is one. */
  readonly namePlace?: Place;
}

/** Declarations whose bodies lexically enclose a place through calls: one met twice is a recursion. */
export type Ancestry = readonly (LayerDecl | FnLike)[];

export type BindingKind =
  | 'builtin'
  | 'layer'
  | 'fn'
  | 'const'
  | 'dim'
  | 'import'
  | 'input'
  | 'param'
  | 'state'
  | 'let'
  | 'output'
  | 'loss'
  | 'metric'
  | 'argument'
  | 'size'
  /** A configuration size that is not decided yet. */
  | 'open';

export interface Binding {
  readonly kind: BindingKind;
  readonly value: Value;
  readonly place?: Place;
  /** The argument whose shape decided this size of a signature. */
  readonly decidedBy?: DecidedBy;
  /** A `const` that has not been evaluated: its value is computed when it is first asked for. */
  readonly pending?: Expr;
  /** It is being computed right now: whoever asks is part of it. */
  readonly computing?: true;
  /** Where an `update` gave it its next value. */
  readonly updated?: Place;
}

export interface DecidedBy {
  readonly place: Place;
  /** Of the argument, `f32[n, 10] (dense(10), line 5)`. */
  readonly type: string;
}

export interface Scope {
  readonly parent?: Scope;
  readonly names: Map<string, Binding>;
  readonly source: Source;
  readonly body: NamedBody;
  /** Names that later statements of this body define. */
  readonly later?: ReadonlyMap<string, Span>;
  /** Statements of the file, which the bodies of its layers and fns do not see. */
  readonly outOfReach?: ReadonlyMap<string, Span>;
}

/**
 * The body that owns what is constructed in it: a file, a layer, a file that is used as one (`import`), or a
 * `fn`, which may own nothing.
 */
export interface NamedBody {
  readonly kind: 'std' | 'file' | 'import' | 'layer' | 'fn' | 'train';
  readonly name: string;
  /** Put before the names of parameters and sites: empty, `net.`, or `dense.W/` for an optimizer. */
  readonly prefix: string;
  readonly ancestry: Ancestry;
}

export const unknown: Unknown = { kind: 'unknown' };
export const number = (value: number, integer: boolean = Number.isInteger(value)): NumberValue => ({
  kind: 'number',
  value,
  integer,
});
export const bool = (value: boolean): Static => ({ kind: 'bool', value });
export const tensor = (node: Node, origin?: Origin): Tensor =>
  origin === undefined ? { kind: 'tensor', node } : { kind: 'tensor', node, origin };
export const isCallable = (v: Value): v is Callable =>
  v.kind === 'fn' ||
  v.kind === 'builtin' ||
  v.kind === 'native' ||
  v.kind === 'template' ||
  v.kind === 'instance' ||
  v.kind === 'chain' ||
  v.kind === 'block' ||
  v.kind === 'repeat';
