/** What a program needs of memory besides what outlives it, kernel by kernel: for `nnc compile --memory`. */
import type { Graph } from '../graph/graph.ts';
import { type Block, liveBytes } from '../memory/blocks.ts';
import { tensorPath } from './tensor-path.ts';

export interface ProgramMemory {
  readonly program: string;
  /** Bytes of activations and gradients in use while each kernel runs, in order. */
  readonly live: readonly number[];
  /** The kernel where they are most, from 0, and what is in use there, the largest first. Absent where nothing is. */
  readonly peak?: {
    readonly kernel: number;
    readonly bytes: number;
    readonly tensors: readonly LiveTensor[];
  };
}

export interface LiveTensor {
  readonly bytes: number;
  /** `select of dense (vjp of relu)`. */
  readonly path: string;
  /** `models/mnist.nn:5`, where it is known. */
  readonly line?: string;
  /** Kernels that write and read it: from the first to the last. */
  readonly from: number;
  readonly to: number;
}

export function programMemory(
  program: string,
  blocks: readonly Block[],
  kernels: number,
  graph: Graph,
): ProgramMemory {
  const live = liveBytes(blocks, kernels);
  const bytes = Math.max(0, ...live);
  if (bytes === 0) return { program, live };
  const kernel = live.indexOf(bytes);
  const tensors = blocks
    .filter(({ from, to }) => from <= kernel && kernel <= to)
    .sort((a, b) => b.bytes - a.bytes || a.from - b.from)
    .map((block): LiveTensor => {
      // Of several that lie there one after another, the one of that time: each is written by the kernel of its number.
      const index = block.writers.findLastIndex((at) => at <= kernel);
      const tensor = block.tensors[Math.max(0, index)];
      const origin = tensor === undefined ? undefined : graph.originsOf(tensor.node)[0];
      const line = origin?.line;
      const rule = origin?.rule === undefined ? '' : ` (${origin.rule})`;
      return {
        bytes: block.bytes,
        path: tensor === undefined ? '' : `${tensorPath(tensor, graph)}${rule}`,
        ...(line === undefined ? {} : { line }),
        from: block.from,
        to: block.to,
      };
    });
  return { program, live, peak: { kernel, bytes, tensors } };
}
