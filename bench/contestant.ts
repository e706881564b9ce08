/** What the benchmark drives: one way to compute the step (or the inference), ready on the device. */

export interface Contestant {
  /** Queues the work so many times, without waiting for it. */
  run(count: number): Promise<void>;
  /** Waits for all that was queued by reading the result back: in training the loss, if one step ran since the last read; else the scores. */
  read(): Promise<ArrayLike<number>>;
  /** Result of the first run, which was part of getting ready. */
  readonly first: ArrayLike<number>;
  /** Milliseconds from the finished plan (or kernel texts) to `first`: buffers, pipelines, upload, one run. */
  readonly firstMs: number;
  /** The kernels of one run, in order. */
  readonly kernels: readonly KernelFacts[];
  /** Runs one of the kernels so many times and waits. What it leaves in the buffers means nothing. */
  runOnly(kernel: number, count: number): Promise<void>;
  readonly bytes: Bytes;
  close(): void;
}

export interface KernelFacts {
  readonly name: string;
  /** How it is scheduled. */
  readonly note: string;
}

/** Bytes of GPU buffers held. */
export interface Bytes {
  /** Parameters, activations, gradients, outputs, staging. */
  readonly working: number;
  /** Data: as many copies as there are upload slots. */
  readonly input: number;
}
