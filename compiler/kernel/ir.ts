/**
 * Kernel IR: structured statements over typed expressions, as near to a GPU as needed and no nearer.
 * Lowering makes it from a spec and a schedule; `wgsl/` prints it.
 */
import type { DType, StorageDType } from '../graph/dtype.ts';
import type { Intrinsic } from '../scalar/scalar.ts';

export interface ValueType {
  readonly dtype: DType;
  readonly width: 1 | 4;
}

export type Expr = { readonly type: ValueType } & (
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'apply'; readonly fn: Intrinsic; readonly args: readonly Expr[] }
  /** Numeric conversion; the bits of `bitcast` stay. */
  | { readonly kind: 'cast'; readonly arg: Expr }
  /** Arithmetic on u32 indices, which may wrap where a guard discards the result. */
  | {
      readonly kind: 'index';
      readonly op: '+' | '-' | '*' | '/' | '%';
      readonly left: Expr;
      readonly right: Expr;
    }
  /** Element `index` of a binding, or its elements 4·index … 4·index+3. */
  | { readonly kind: 'load'; readonly binding: number; readonly index: Expr }
  | { readonly kind: 'shared'; readonly array: string; readonly index: Expr }
  /** All of 0 <= index < size. */
  | {
      readonly kind: 'within';
      readonly bounds: readonly { readonly index: Expr; readonly size: number }[];
    }
  | { readonly kind: 'compose'; readonly parts: readonly Expr[] }
  | { readonly kind: 'splat'; readonly arg: Expr }
  | { readonly kind: 'component'; readonly arg: Expr; readonly lane: number }
  | { readonly kind: 'broadcast'; readonly arg: Expr; readonly lane: number }
  /** The operation over the lanes of a subgroup, the same in each. */
  | { readonly kind: 'subgroup'; readonly op: SubgroupOperation; readonly arg: Expr }
  /** Word `word` of the uniform of loop bounds. */
  | { readonly kind: 'bound'; readonly word: number }
);

/** As WGSL names them, behind `subgroup`. */
export type SubgroupOperation = 'Add' | 'Mul' | 'Max' | 'Min' | 'Any' | 'All';

export type Stmt =
  | { readonly kind: 'let'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'var'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expr }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly from: Expr;
      readonly to: Expr;
      readonly step: number;
      readonly body: readonly Stmt[];
    }
  | { readonly kind: 'if'; readonly condition: Expr; readonly then: readonly Stmt[] }
  | { readonly kind: 'return-unless'; readonly condition: Expr }
  /** `value` of width 4 goes to elements 4·index …. */
  | { readonly kind: 'store'; readonly binding: number; readonly index: Expr; readonly value: Expr }
  | {
      readonly kind: 'shared-store';
      readonly array: string;
      readonly index: Expr;
      readonly value: Expr;
    }
  | { readonly kind: 'barrier' }
  /** What `workgroups` of them from number `from` do; inside they count from 0. Only at the top of a kernel. */
  | {
      readonly kind: 'part';
      readonly name: string;
      readonly from: number;
      readonly workgroups: number;
      readonly body: readonly Stmt[];
    };

export interface Binding {
  readonly storage: StorageDType;
  readonly access: 'read' | 'read_write';
  /** Declared as an array of vec4, since some access is that wide. */
  readonly width: 1 | 4;
}

export interface KernelIr {
  readonly bindings: readonly Binding[];
  readonly workgroup: number;
  /** Number of workgroups; the printer folds it into two dimensions past 65535. */
  readonly workgroups: number;
  readonly shared: readonly {
    readonly name: string;
    readonly type: ValueType;
    readonly size: number;
  }[];
  /** Loop bounds that come from the uniform. */
  readonly bounds: readonly number[];
  readonly usesSubgroups: boolean;
  readonly body: readonly Stmt[];
}

export const u32: ValueType = { dtype: 'u32', width: 1 };
export const boolean: ValueType = { dtype: 'bool', width: 1 };
export const name = (text: string, type: ValueType): Expr => ({ kind: 'name', name: text, type });
export const literal = (value: number, type: ValueType): Expr => ({ kind: 'literal', value, type });
export const u32Literal = (value: number): Expr => literal(value, u32);

/** Expressions directly inside. */
export function operandsOf(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'literal':
    case 'name':
    case 'bound':
      return [];
    case 'apply':
      return e.args;
    case 'cast':
    case 'splat':
    case 'component':
    case 'broadcast':
    case 'subgroup':
      return [e.arg];
    case 'index':
      return [e.left, e.right];
    case 'load':
    case 'shared':
      return [e.index];
    case 'within':
      return e.bounds.map((b) => b.index);
    case 'compose':
      return e.parts;
  }
}

/** Structural key: equal keys, equal expressions. Short, because lowering names every subexpression. */
export function exprKey(e: Expr): string {
  const inside = (): string => operandsOf(e).map(exprKey).join();
  const type = (): string => `${e.type.dtype}${e.type.width}`;
  switch (e.kind) {
    case 'literal':
      return `${Object.is(e.value, -0) ? '-0' : e.value}:${type()}`;
    case 'name':
      return e.name;
    case 'apply':
      return `${e.fn.name}(${inside()})${type()}`;
    case 'index':
      return `(${exprKey(e.left)}${e.op}${exprKey(e.right)})`;
    case 'load':
      return `b${e.binding}[${exprKey(e.index)}]${type()}`;
    case 'shared':
      return `${e.array}[${exprKey(e.index)}]`;
    case 'within':
      return `within(${e.bounds.map((b) => `${exprKey(b.index)}<${b.size}`).join()})`;
    case 'component':
    case 'broadcast':
      return `${e.kind}${e.lane}(${inside()})`;
    case 'subgroup':
      return `subgroup${e.op}(${inside()})`;
    case 'bound':
      return `bound${e.word}`;
    case 'cast':
    case 'compose':
    case 'splat':
      return `${e.kind}${type()}(${inside()})`;
  }
}
