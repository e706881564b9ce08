/**
 * The Plan: what the compiler hands to the runtime. Plain JSON, so it can be written to a file,
 * read back, and run where there is no compiler. This file holds only the format; `read-plan.ts`
 * validates a plan before anything is created from it.
 */

export const PLAN_VERSION = 2;

/** How a tensor's elements lie in a buffer. `u8`/`i8` are packed four to a 32-bit word, `u16`/`i16`/`bf16` two, `bool` is one u32 a value. */
export type StorageType =
  | 'f32'
  | 'f16'
  | 'i32'
  | 'u32'
  | 'bool'
  | 'u8'
  | 'i8'
  | 'u16'
  | 'i16'
  | 'bf16';

/** A compiled model for one class of devices: its buffers, the tensors in them, its kernels, and programs that run them. */
export interface Plan {
  readonly version: typeof PLAN_VERSION;
  /** Name of the model, for labels and messages. */
  readonly name: string;
  /** What the adapter must offer; the compiler lists only what the plan needs beyond WebGPU's defaults. */
  readonly requires: {
    readonly features: readonly string[];
    readonly limits: Readonly<Record<string, number>>;
    /** Kernels that spread values over a subgroup are right only where every subgroup has this many lanes. */
    readonly subgroupSize?: number;
  };
  readonly buffers: readonly PlanBuffer[];
  /** Every tensor that has a name outside: parameters, states, inputs, outputs, metrics. */
  readonly tensors: readonly PlanTensor[];
  readonly kernels: readonly PlanKernel[];
  readonly programs: readonly PlanProgram[];
}

/** A buffer of the device. */
export interface PlanBuffer {
  readonly id: number;
  /** A multiple of 16. */
  readonly bytes: number;
  /**
   * `state`: parameters, states, optimizer slots, step counter, metric sums: lives as long as the session.
   * `input`: one slot of the upload ring is this large; the runtime makes as many slots as it encodes steps in one submit.
   * `output`: a result that can be read back. `scratch`: activations and gradients, reused within a program.
   * `uniform`: constants (see `data`).
   */
  readonly class: 'state' | 'input' | 'output' | 'scratch' | 'uniform';
  /** For class `uniform`: the u32 words written once at the start. */
  readonly data?: readonly number[];
  /** For messages and labels: what lies here. */
  readonly label: string;
}

/** A tensor that has a name, and where it lies. */
export interface PlanTensor {
  /** `dense.W`, `image`, `loss`; optimizer slots are `dense.W/v`. Unique within its role. */
  readonly name: string;
  /**
   * `param`, `state` (the model's and the optimizer's), `counter` (the step number, an f32 scalar),
   * `metric` (an f32 sum over the samples of an epoch so far, weighted by batch size: the runtime sets it to 0
   * when an epoch begins), `input`, `output`.
   */
  readonly role: 'param' | 'state' | 'counter' | 'metric' | 'input' | 'output';
  readonly dtype: StorageType;
  readonly shape: readonly number[];
  readonly buffer: number;
  /** Bytes from the start of the buffer. */
  readonly offset: number;
  /** For `input` and `output`: the program it belongs to (their sizes differ from program to program). */
  readonly program?: string;
}

/** A compute shader; kernels with the same text share a pipeline. */
export interface PlanKernel {
  readonly id: number;
  /** `k03_matmul_add_relu`. */
  readonly name: string;
  readonly wgsl: string;
  readonly entry: string;
  /** Binding i of group 0. */
  readonly bindings: readonly {
    readonly access: 'read' | 'read_write' | 'uniform';
    readonly minBytes: number;
  }[];
  /** The lines of the model that it comes from, for messages. */
  readonly origin: readonly string[];
}

/** What one step runs for its kind and sizes. */
export interface PlanProgram {
  /** `train@128`, `eval@16`, `predict@1`. Unique. */
  readonly name: string;
  readonly kind: 'train' | 'eval' | 'predict';
  /** The numbers that its symbolic sizes were bound to. */
  readonly dims: Readonly<Record<string, number>>;
  readonly dispatches: readonly PlanDispatch[];
  /** Buffer-to-buffer copies after the dispatches (a donated result that could not be written in place). */
  readonly copies: readonly {
    readonly from: number;
    readonly fromOffset: number;
    readonly to: number;
    readonly toOffset: number;
    readonly bytes: number;
  }[];
  /**
   * Pairs of buffers that change places after each step: what dispatches and tensors of all programs call
   * the one is then the other. A step reads a state in the one and writes its next value to the other, since
   * a dispatch must not do both in one buffer from different workgroups. Both are of class `state`.
   */
  readonly swaps: readonly (readonly [number, number])[];
}

/** One run of a kernel within a step. */
export interface PlanDispatch {
  readonly kernel: number;
  readonly binds: readonly {
    readonly buffer: number;
    readonly offset: number;
    readonly bytes: number;
  }[];
  /** Workgroups in x, y, z; each at most 65535. */
  readonly grid: readonly [number, number, number];
}
