/** What the driver asks a worker, and what that answers. */

export type Ask =
  | { readonly kind: 'hello' | 'output' | 'dispose' }
  | { readonly kind: 'prepare'; readonly case: string }
  | { readonly kind: 'run'; readonly count: number };
export type Question = Ask & { readonly id: number };

export interface Reply {
  readonly id: number;
  readonly ok?: Answer;
  readonly error?: string;
}
export type Answer = Hello | Prepared | Run | readonly number[] | Disposed | null;

export interface Hello {
  readonly name: string;
  readonly version: string;
  readonly adapter: string;
  /** It has a device of its own, whose work cannot be counted. */
  readonly native: boolean;
  readonly note?: string;
  readonly cases: readonly string[];
}
export interface Prepared {
  /** Bytes of GPU buffers held before. */
  readonly base: number;
}
export interface Run {
  readonly ms: number;
  /** Of the whole process, a CPU adapter's threads included. */
  readonly cpuMs: number;
  readonly value: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly liveBytes: number;
  readonly peakBytes: number;
}
export interface Disposed {
  readonly liveBytes: number;
  readonly errors: readonly string[];
}
