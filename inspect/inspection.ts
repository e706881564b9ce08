/** What the page of `nnc inspect` shows, as plain data: source, graph, kernels and memory, each with its places in the others. */

/** A line of a source: the number of the source, then that of the line, from 1. */
export type LineRef = readonly [source: number, line: number];

export interface Inspection {
  readonly model: string;
  /** What it was compiled for. */
  readonly device: string;
  readonly sources: readonly InspectedSource[];
  /** Kernels' texts, each once. */
  readonly texts: readonly string[];
  readonly programs: readonly InspectedProgram[];
}

export interface InspectedSource {
  readonly name: string;
  readonly lines: readonly string[];
  /** By line, from 1: what stands there became these tensors, in the order of the text. */
  readonly values: Readonly<Record<number, readonly LineValue[]>>;
}

export interface LineValue {
  /** The words, cut. */
  readonly text: string;
  /** `f32[batch, 10]`. */
  readonly type: string;
}

export interface InspectedProgram {
  /** `train@128`. */
  readonly name: string;
  readonly nodes: readonly InspectedNode[];
  /** In the order in which they run. */
  readonly kernels: readonly InspectedKernel[];
  readonly buffers: readonly InspectedBuffer[];
  /** Height of the graph, in layers. */
  readonly layers: number;
}

export type Role = 'forward' | 'gradient' | 'optimizer' | 'data';

export interface InspectedNode {
  readonly op: string;
  readonly name?: string;
  readonly type: string;
  readonly role: Role;
  /** The layer, `encoder.dense`. */
  readonly path: string;
  /** The rule of differentiation or rewriting that made it. */
  readonly rule?: string;
  readonly lines: readonly LineRef[];
  /** Numbers of nodes; views and constants between are left out. */
  readonly inputs: readonly number[];
  /** Numbers of the kernels that compute it. */
  readonly kernels: readonly number[];
  /** Place in the drawing: layers from the top, columns from the left. */
  readonly at: readonly [layer: number, column: number];
}

export interface InspectedKernel {
  /** `k03_contract_add`. */
  readonly name: string;
  /** Number of its WGSL among the texts. */
  readonly wgsl: number;
  readonly schedule: string;
  readonly grid: string;
  readonly role: Role;
  readonly lines: readonly LineRef[];
  readonly nodes: readonly number[];
  readonly operands: readonly InspectedOperand[];
  readonly bytes: number;
  /** What fusion says: what was saved, and why it is apart from others. */
  readonly fusion: readonly string[];
  /** Where it was measured, a median. */
  readonly microseconds?: number;
}

export interface InspectedOperand {
  readonly access: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

export interface InspectedBuffer {
  readonly label: string;
  readonly class: string;
  readonly bytes: number;
  readonly tensors: readonly InspectedRegion[];
}

/** A tensor in a buffer for a while. */
export interface InspectedRegion {
  readonly name: string;
  readonly lines: readonly LineRef[];
  readonly offset: number;
  readonly bytes: number;
  /** Kernels that use it, from the first to the last. */
  readonly from: number;
  readonly to: number;
  /** Those that use it. */
  readonly kernels: readonly number[];
  /** It lives on after the program. */
  readonly lasts: boolean;
}
