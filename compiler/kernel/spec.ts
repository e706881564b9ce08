/**
 * A kernel spec says what a kernel computes and nothing about how: iteration variables, pure values,
 * stores. Schedules (`schedule/`) say how; lowering turns the two into kernel IR.
 */
import type { DType, StorageDType } from '../graph/dtype.ts';
import type { Combine, Node } from '../graph/node.ts';
import type { Index } from '../index/index-expr.ts';
import type { Value } from './value.ts';

/** One iteration variable, `0 <= name < size`. */
export interface Axis {
  readonly name: string;
  readonly size: number;
}

/** A tensor that the kernel binds. */
export interface KernelOperand {
  readonly tensor: Tensor;
  readonly access: 'read' | 'write' | 'read_write';
}

/**
 * Something with memory: an input node, or a node that a kernel stores. `id` is unique in a program.
 * A donated result is stored into the memory of the input that it replaces.
 */
export interface Tensor {
  readonly id: number;
  readonly node: Node;
  readonly storage: StorageDType;
  readonly elements: number;
  /** The tensor in whose memory it lies, from element `first` on. */
  readonly part?: { readonly of: Tensor; readonly first: number };
}

/** The tensor whose memory it takes: its own, or that of the one it is a part of. */
export const holderOf = (tensor: Tensor): Tensor => tensor.part?.of ?? tensor;

export interface Store {
  /** Index into `operands`. */
  readonly operand: number;
  /** Flat element index over the axes below. */
  readonly index: Index;
  readonly value: Value;
  /**
   * `row`: one element for each combination of `axes`, or for each line of a product; `full`: for each of `axes` and `reducedAxes`;
   * `block`: for each block of a product.
   */
  readonly over: 'row' | 'full' | 'block';
}

export interface Reduction {
  readonly combine: Combine;
  readonly body: Value;
  /** Of the accumulator and, but for arg-reductions (i32), of the result. */
  readonly dtype: DType;
}

export interface Contraction {
  readonly batch: readonly Axis[];
  readonly m: readonly Axis[];
  readonly n: readonly Axis[];
  readonly k: readonly Axis[];
  /** Over batch, m, k. */
  readonly a: Value;
  /** Over batch, k, n. */
  readonly b: Value;
  readonly dtype: DType;
}

/**
 * Reductions over whole lines of a product (a row: all of n; or a column: all of m), in order; a later one
 * may use an earlier one. They are numbered from 1, since the product itself is number 0.
 */
export interface Lines {
  readonly over: 'm' | 'n';
  readonly reductions: readonly Reduction[];
}

/**
 * Reductions over blocks of a product, `m` of its rows by `n` of its columns, which they divide. They are numbered from 1 as
 * those over lines are; a product has one or the other.
 */
export interface Blocks {
  readonly m: number;
  readonly n: number;
  readonly reductions: readonly Reduction[];
}

interface SpecCommon {
  readonly operands: readonly KernelOperand[];
  readonly stores: readonly Store[];
  /** The graph nodes it computes, for names, comments and reports. */
  readonly nodes: readonly Node[];
}

/** One iteration space. */
export type SingleSpec = SpecCommon &
  (
    | { readonly kind: 'map'; readonly axes: readonly Axis[] }
    | {
        /** For each row (`axes`), reductions over `reducedAxes` in order (a later one may use an earlier one), then stores. */
        readonly kind: 'row';
        readonly axes: readonly Axis[];
        readonly reducedAxes: readonly Axis[];
        readonly reductions: readonly Reduction[];
      }
    | {
        /** The product, then what is reduced over its lines, then stores. */
        readonly kind: 'contract';
        readonly contraction: Contraction;
        readonly lines?: Lines;
        readonly blocks?: Blocks;
      }
    | {
        /** For each line (`axes`) a running reduction along `along`. */
        readonly kind: 'prefix';
        readonly axes: readonly Axis[];
        readonly along: Axis;
        readonly combine: 'sum' | 'prod' | 'max';
        readonly reverse: boolean;
        readonly exclusive: boolean;
        readonly body: Value;
        readonly dtype: DType;
      }
  );

/**
 * Kernels that need nothing of each other, in one dispatch: each part gets workgroups of its own. A part's
 * values and stores count its own operands; `operands` are those of all parts, each tensor once, and
 * `stores` count these.
 */
export interface SideBySideSpec extends SpecCommon {
  readonly kind: 'side-by-side';
  readonly parts: readonly SingleSpec[];
}

export type KernelSpec = SingleSpec | SideBySideSpec;

export const partsOfSpec = (spec: KernelSpec): readonly SingleSpec[] =>
  spec.kind === 'side-by-side' ? spec.parts : [spec];

export const sizeOfAxes = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * a.size, 1);
