/**
 * Blocks into pages, one GPU buffer each, in several orders, each block where it fits best; the order that takes
 * least is kept. WebGPU follows reads and writes by whole buffers, so that a dispatch must not read a block in
 * the page of one that it writes.
 */
import type { Block } from './blocks.ts';
import { PART_ALIGNMENT } from './lay-out-state.ts';

export interface Pages {
  /** Bytes of each page, and of all of them. */
  readonly bytes: readonly number[];
  readonly total: number;
  readonly placeOf: ReadonlyMap<Block, { readonly page: number; readonly offset: number }>;
}

interface Placed {
  readonly block: Block;
  readonly offset: number;
}

type Order = (a: Block, b: Block) => number;

const bySize: Order = (a, b) => b.bytes - a.bytes || a.from - b.from;
const area = ({ bytes, from, to }: Block): number => bytes * (to - from + 1);

/** The largest first leaves gaps for the small ones; where lifetimes matter more than sizes, others do better. */
const orders: readonly Order[] = [
  bySize,
  (a, b) => area(b) - area(a) || bySize(a, b),
  (a, b) => b.to - b.from - (a.to - a.from) || bySize(a, b),
  (a, b) => a.from - b.from || bySize(a, b),
  (a, b) => b.to - a.to || bySize(a, b),
];

/**
 * All blocks share one time line: those of different programs stand at different times. No page passes
 * `limit` bytes unless a single block does.
 */
export function packPages(blocks: readonly Block[], limit: number): Pages {
  const rivals = rivalsOf(blocks);
  const packed = orders.flatMap((order) => {
    const ordered = [...blocks].sort(order);
    return [true, false].map((opens) => packInOrder(ordered, rivals, limit, opens));
  });
  return packed.reduce((best, one) => (one.total < best.total ? one : best));
}

/** `opens`: a block begins a page where no other can take it without growing by all of it. */
function packInOrder(
  blocks: readonly Block[],
  rivals: Rivals,
  limit: number,
  opens: boolean,
): Pages {
  const pages: { bytes: number; readonly placed: Placed[] }[] = [];
  const placeOf = new Map<Block, { page: number; offset: number }>();
  for (const block of blocks) {
    const fits = pages.flatMap(({ bytes, placed }, page) => {
      if (placed.some((other) => rivals.get(block)?.has(other.block))) return [];
      const offset = bestOffset(block, placed);
      const end = offset + block.bytes;
      return end > limit ? [] : [{ page, offset, growth: Math.max(0, end - bytes) }];
    });
    const [best] = fits.sort((a, b) => a.growth - b.growth || a.offset - b.offset);
    const chosen =
      best !== undefined && (!opens || best.growth < block.bytes)
        ? best
        : { page: pages.push({ bytes: 0, placed: [] }) - 1, offset: 0 };
    const page = pages[chosen.page];
    page?.placed.push({ block, offset: chosen.offset });
    if (page !== undefined) page.bytes = Math.max(page.bytes, chosen.offset + block.bytes);
    placeOf.set(block, { page: chosen.page, offset: chosen.offset });
  }
  const bytes = pages.map((page) => page.bytes);
  return { bytes, placeOf, total: bytes.reduce((sum, one) => sum + one, 0) };
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

type Rivals = ReadonlyMap<Block, ReadonlySet<Block>>;

/** Blocks that some kernel reads while it writes the other. */
function rivalsOf(blocks: readonly Block[]): Rivals {
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
