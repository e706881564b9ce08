/** What a program needs of memory besides what outlives it, kernel by kernel: for `nnc compile --memory`. */
import type { Graph } from '../graph/graph.ts';
import { type Block, liveBytes } from '../memory/blocks.ts';
import { tensorPath } from './tensor-path.ts';

export interface ProgramMemory {
  readonly program: string;
  /** Bytes of activations and gradients in use while each kernel runs, in order. */
  readonly live: readonly number[];
  /** The dispatch where they are most, from 0, and what is in use there, the largest first. Absent where nothing is. */
  readonly peak?: {
    readonly dispatch: number;
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
  /** Dispatches that write and read it: from the first to the last. */
  readonly from: number;
  readonly to: number;
}

/** `dispatches`: how many each kernel is, which is more than one where it runs in parts. */
export function programMemory(
  program: string,
  blocks: readonly Block[],
  dispatches: readonly number[],
  graph: Graph,
): ProgramMemory {
  const live = liveBytes(blocks, dispatches.length);
  const before = (kernel: number): number =>
    dispatches.slice(0, kernel).reduce((sum, count) => sum + count, 0);
  const bytes = Math.max(0, ...live);
  if (bytes === 0) return { program, live };
  const kernel = live.indexOf(bytes);
  const tensors = blocks
    .filter(({ from, to }) => from <= kernel && kernel <= to)
    .sort((a, b) => b.bytes - a.bytes || a.from - b.from)
    .map((block): LiveTensor => {
      // Of several that lie there one after another, the one of that time.
      const index = block.begins.findLastIndex((at) => at <= kernel);
      const tensor = block.tensors[Math.max(0, index)];
      const origin = tensor === undefined ? undefined : graph.originsOf(tensor.node)[0];
      const line = origin?.line;
      const rule = origin?.rule === undefined ? '' : ` (${origin.rule})`;
      return {
        bytes: block.bytes,
        path: tensor === undefined ? '' : `${tensorPath(tensor, graph)}${rule}`,
        ...(line === undefined ? {} : { line }),
        from: before(block.from),
        to: before(block.to + 1) - 1,
      };
    });
  return { program, live, peak: { dispatch: before(kernel), bytes, tensors } };
}
