/**
 * Blocks into pages, one GPU buffer each: the largest first, each where it fits best. WebGPU follows reads and
 * writes by whole buffers, so that a dispatch must not read a block in the page of one that it writes.
 */
import type { Block } from './blocks.ts';
import { PART_ALIGNMENT } from './lay-out-state.ts';

export interface Pages {
  /** Bytes of each page. */
  readonly bytes: readonly number[];
  readonly placeOf: ReadonlyMap<Block, { readonly page: number; readonly offset: number }>;
}

interface Placed {
  readonly block: Block;
  readonly offset: number;
}

/**
 * All blocks share one time line: those of different programs stand at different times. No page passes
 * `limit` bytes unless a single block does.
 */
export function packPages(blocks: readonly Block[], limit: number): Pages {
  const rivals = rivalsOf(blocks);
  const pages: { bytes: number; readonly placed: Placed[] }[] = [];
  const placeOf = new Map<Block, { page: number; offset: number }>();
  for (const block of [...blocks].sort((a, b) => b.bytes - a.bytes || a.from - b.from)) {
    const fits = pages.flatMap(({ bytes, placed }, page) => {
      if (placed.some((other) => rivals.get(block)?.has(other.block))) return [];
      const offset = bestOffset(block, placed);
      const end = offset + block.bytes;
      return end > limit ? [] : [{ page, offset, growth: Math.max(0, end - bytes) }];
    });
    const [best] = fits.sort((a, b) => a.growth - b.growth || a.offset - b.offset);
    // A page of its own costs as many bytes as growing another by all of it, and orders fewer dispatches.
    const chosen =
      best !== undefined && best.growth < block.bytes
        ? best
        : { page: pages.push({ bytes: 0, placed: [] }) - 1, offset: 0 };
    const page = pages[chosen.page];
    page?.placed.push({ block, offset: chosen.offset });
    if (page !== undefined) page.bytes = Math.max(page.bytes, chosen.offset + block.bytes);
    placeOf.set(block, { page: chosen.page, offset: chosen.offset });
  }
  return { bytes: pages.map((page) => page.bytes), placeOf };
}

/** The tightest gap between blocks that live at the same time, else the end of them. */
function bestOffset(block: Block, placed: readonly Placed[]): number {
  const inTheWay = placed
    .filter(({ block: other }) => other.from <= block.to && block.from <= other.to)
    .sort((a, b) => a.offset - b.offset);
  let end = 0;
  let best: { offset: number; room: number } | undefined;
  for (const { block: other, offset } of inTheWay) {
    const room = offset - end;
    if (room >= block.bytes && (best === undefined || room < best.room))
      best = { offset: end, room };
    end = Math.max(end, aligned(offset + other.bytes));
  }
  return best?.offset ?? end;
}

const aligned = (bytes: number): number => Math.ceil(bytes / PART_ALIGNMENT) * PART_ALIGNMENT;

/** Blocks that some kernel reads while it writes the other. */
function rivalsOf(blocks: readonly Block[]): ReadonlyMap<Block, ReadonlySet<Block>> {
  const read = new Map<number, Block[]>();
  for (const block of blocks)
    for (const at of block.readers) read.set(at, [...(read.get(at) ?? []), block]);
  const rivals = new Map(blocks.map((block) => [block, new Set<Block>()]));
  for (const block of blocks)
    for (const other of block.writers.flatMap((at) => read.get(at) ?? [])) {
      rivals.get(block)?.add(other);
      rivals.get(other)?.add(block);
    }
  return rivals;
}
