/** What the tables of a module hold, and the arrays that it takes and gives. */

/** How a tensor's elements lie in memory; `f16` and `bf16` are given and read as the 16 bits of each value. */
export type ElementType =
  | 'f32'
  | 'f16'
  | 'bf16'
  | 'i32'
  | 'u32'
  | 'bool'
  | 'i16'
  | 'u16'
  | 'i8'
  | 'u8';

export type TypedArray =
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** A tensor in one of the buffers, `offset` bytes from its start. */
export interface TensorPlan {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly buffer: number;
  readonly offset: number;
  /** Of an input: values are whole numbers from 0 to below this one, or one of `besides`. */
  readonly below?: number;
  readonly besides?: readonly number[];
  /** What it begins with where a weights file does not have it. */
  readonly fill?: number;
}

export type TensorPlans = Readonly<Record<string, TensorPlan>>;

/** `data`: the words of a constant. */
export interface BufferPlan {
  readonly bytes: number;
  readonly data?: readonly number[];
}

export interface KernelPlan {
  readonly name: string;
  readonly bindings: readonly GPUBufferBindingType[];
  readonly wgsl: string;
}

export interface DispatchPlan {
  readonly kernel: number;
  /** For each binding: which buffer, from which byte on, how many bytes. */
  readonly binds: readonly (readonly [buffer: number, offset: number, bytes: number])[];
  /** Workgroups in x, y and z. */
  readonly grid: readonly [number, number, number];
}

export interface ProgramPlan {
  /** Rows of its inputs. */
  readonly rows: number;
  readonly inputs: TensorPlans;
  readonly outputs: TensorPlans;
  readonly dispatches: readonly DispatchPlan[];
  /** Made after the dispatches: from buffer and byte, to buffer and byte, so many bytes. */
  readonly copies?: readonly (readonly [number, number, number, number, number])[];
  /** Buffers that change places after each run. */
  readonly swaps?: readonly (readonly [number, number])[];
  /** Of a training step: what it counts for in the means of losses, where that is not its rows. */
  readonly weight?: number;
  /** Of a training step: the sections that run in it. */
  readonly sections?: readonly string[];
}
