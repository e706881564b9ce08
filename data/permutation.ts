/**
 * A random order of any number of rows. Up to a million it is a list, of which every order is equally likely; beyond, it
 * is computed place by place and never stored, so that no number of rows takes more than 4 MB.
 */
import { pick, type Random } from './random.ts';

/** Which row stands at a place; both count from 0, and every row stands at one place. */
export type RowOrder = (place: number) => number;

const MOST_LISTED = 2 ** 20;

export const permutation = (rows: number, random: Random): RowOrder =>
  rows <= MOST_LISTED ? listed(rows, random) : computed(rows, random);

/** Fisher and Yates. */
function listed(rows: number, random: Random): RowOrder {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  for (let last = rows - 1; last > 0; last -= 1) {
    const other = pick(random, last + 1);
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return (place) => order[place] ?? 0;
}

/** Measured: with 12, some orders of six rows are more frequent than others; with 20 no longer. */
const ROUNDS = 24;

/**
 * A Feistel network over a grid of at least `rows` cells (Luby and Rackoff 1988): in turn, one coordinate of a cell is
 * moved by a hash of the other, which can be undone, so no two cells meet. From a cell beyond the rows the walk goes on to
 * the next (Black and Rogaway 2002); fewer than a row of the grid lie there.
 */
export function computed(rows: number, random: Random): RowOrder {
  const width = Math.ceil(Math.sqrt(rows));
  const height = Math.ceil(rows / width);
  const keys = Array.from({ length: ROUNDS }, () => random() * 2 ** 32);
  const next = (cell: number): number => {
    let column = cell % width;
    let row = Math.floor(cell / width);
    for (let round = 0; round < ROUNDS; round += 2) {
      column = (column + hashBelow(width, row, keys[round] ?? 0)) % width;
      row = (row + hashBelow(height, column, keys[round + 1] ?? 0)) % height;
    }
    return row * width + column;
  };
  return (place) => {
    let cell = next(place);
    while (cell >= rows) cell = next(cell);
    return cell;
  };
}

/** 0 to `count` - 1, by the finishing steps of MurmurHash3 (A. Appleby), which spread every bit over all 32. */
function hashBelow(count: number, value: number, key: number): number {
  let hash = value ^ key;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return Math.floor(((hash >>> 0) / 2 ** 32) * count);
}
