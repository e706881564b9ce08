/** Where the nodes of a cell stand: in layers, of which none is wider than a few boxes. */

import { layOut } from './graph-layout.ts';
import type { CellSize } from './inspection.ts';

/** More would not be read, and would push the lanes apart. */
const COLUMNS = 2;

export interface CellLayout {
  readonly size: CellSize;
  /** Row and column of each node. */
  readonly at: readonly (readonly [row: number, column: number])[];
}

/** Inputs come before the nodes that read them. With `upward`, readers stand above what they read. */
export function layOutCell(inputs: readonly (readonly number[])[], upward: boolean): CellLayout {
  const layers: number[][] = [];
  const places = layOut(inputs);
  places.forEach(([layer], node) => {
    layers[layer] ??= [];
    layers[layer].push(node);
  });
  const rows = layers.flatMap((layer) => {
    const ordered = layer.toSorted((a, b) => (places[a]?.[1] ?? 0) - (places[b]?.[1] ?? 0));
    const parts: number[][] = [];
    for (let i = 0; i < ordered.length; i += COLUMNS) parts.push(ordered.slice(i, i + COLUMNS));
    return parts;
  });
  if (upward) rows.reverse();
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const at: (readonly [number, number])[] = [];
  rows.forEach((row, r) => {
    row.forEach((node, i) => {
      at[node] = [r, i + (columns - row.length) / 2];
    });
  });
  return { size: { rows: rows.length, columns }, at };
}
