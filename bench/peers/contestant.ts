/** What the harness asks of a contestant: a module `contestants/<id>` with these exports. */
import type { CaseOf, DataOf, Layout, Operation } from './cases.ts';

export interface Contestant {
  readonly name: string;
  readonly version: string;
  /** Where it does not run on the adapter of the run. */
  readonly adapter?: string;
  readonly note?: string;
  readonly layout?: Layout;
  setup?(): Promise<void>;
  readonly cases: { readonly [Op in Operation]?: Prepare<Op> };
}

export type Prepare<Op extends Operation> = (
  spec: CaseOf<Op>,
  data: DataOf<Op>,
) => Job | Promise<Job>;

/** A case that is ready to run, its data on the device. */
export interface Job {
  /** Does the work so many times without waiting for it; in training, so many steps. */
  run(count: number): void | Promise<void>;
  /**
   * Waits for all of it by reading one value back, and returns that: of training the loss before the last
   * update, or the mean of the losses since the last `sync`.
   */
  sync(): Promise<number>;
  /** The whole result, to be checked. */
  output?(): Promise<ArrayLike<number>>;
  /** Frees everything, so that the next case starts clean. */
  dispose?(): void | Promise<void>;
}

/** The module of this id. */
export async function loadContestant(id: string): Promise<Contestant> {
  const { [id]: file } = FILES;
  if (file === undefined) throw new Error(`no contestant ${id}; there are ${IDS.join(', ')}`);
  return (await import(new URL(`contestants/${file}`, import.meta.url).href)) as Contestant;
}

const FILES: Readonly<Record<string, string>> = {
  nnc: 'nnc.ts',
  hand: 'hand.ts',
  tfjs: 'tfjs.mjs',
  'jax-js': 'jax-js.mjs',
  'ort-web': 'ort-web.mjs',
  'ort-node-webgpu': 'ort-node-webgpu.mjs',
  'ort-node-cpu': 'ort-node-cpu.mjs',
  'webgpu-torch': 'webgpu-torch.mjs',
};
export const IDS: readonly string[] = Object.keys(FILES);

/** The libraries that the issue of the comparison names: the best of them in a run is what we are measured by. */
export const PEERS: readonly string[] = ['tfjs', 'jax-js', 'ort-web'];

/** What Node must be told for a contestant: V8's optimising tier would work for minutes on ort-web's 27 MB module, and block the process's end. */
export const NODE_FLAGS: Readonly<Record<string, readonly string[]>> = {
  'ort-web': ['--liftoff', '--no-wasm-tier-up'],
};
