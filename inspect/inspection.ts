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
  /** From the inputs to the loss, then what belongs to no layer. */
  readonly sections: readonly InspectedSection[];
  readonly nodes: readonly InspectedNode[];
  /** In the order in which they run. */
  readonly kernels: readonly InspectedKernel[];
  readonly buffers: readonly InspectedBuffer[];
  /** Bytes of activations and gradients in use while each kernel runs. */
  readonly live: readonly number[];
}

/** A layer, or lines outside of layers, with all that was made for it. */
export interface InspectedSection {
  /** `encoder.dense`, `line 6`. */
  readonly name: string;
  /** Of each lane, 0 by 0 where nothing lies. */
  readonly cells: Readonly<Record<Lane, CellSize>>;
}

/** In boxes. */
export interface CellSize {
  readonly rows: number;
  readonly columns: number;
}

/** The parts of a training step: from inputs to losses, from losses to gradients, from gradients to new values. */
export const lanes = ['forward', 'gradient', 'optimizer'] as const;
export type Lane = (typeof lanes)[number];

/** What a node is there for; data are inputs, parameters and states. */
export type Role = Lane | 'data';

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
  /** Numbers of the kernels that compute it, or that read it where it is data. */
  readonly kernels: readonly number[];
  /** Number of its section. */
  readonly section: number;
  readonly lane: Lane;
  /** Place within the cell of its section and lane: rows from the top, columns from the left, in boxes. */
  readonly at: readonly [row: number, column: number];
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
  /** Of all that it binds, twice what it reads and writes. */
  readonly bytes: number;
  readonly flops: number;
  /** What fusion says: what was saved, and why it is apart from others. */
  readonly fusion: readonly FusionNote[];
  readonly measured?: MeasuredKernel;
}

export interface FusionNote {
  readonly text: string;
  /** Bytes less moved in each step. */
  readonly saved?: number;
  /** Number of the kernel that it speaks of. */
  readonly kernel?: number;
}

export interface MeasuredKernel {
  /** A median. */
  readonly microseconds: number;
  /** Of what the device was measured to reach, in bytes or operations, whichever is more. */
  readonly ofPeak?: number;
}

export interface InspectedOperand {
  readonly access: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  /** Where it lies: the number of the buffer, then that of the tensor there. */
  readonly region?: readonly [buffer: number, tensor: number];
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
  /** Numbers of the kernels that use it, ascending. */
  readonly kernels: readonly number[];
  /** It lives on after the program. */
  readonly lasts: boolean;
}
