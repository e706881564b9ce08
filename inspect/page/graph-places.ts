/**
 * Where things stand in the drawing of a graph: sections from top to bottom, and in each the cells of the lanes from left
 * to right. A folded cell is one box.
 */
import { type InspectedProgram, type Lane, lanes } from '../inspection.ts';

export const box = { width: 122, height: 36, across: 10, down: 20 } as const;
const folded = { width: 156, height: 40 } as const;
const pad = 12;
/** For the names of sections. */
export const labelWidth = 124;
const laneGap = 8;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A cell that has nodes. */
export interface PlacedCell extends Rect {
  readonly section: number;
  readonly lane: Lane;
  readonly isFolded: boolean;
  readonly nodes: readonly number[];
}

export interface Places {
  readonly width: number;
  readonly height: number;
  /** Lanes that have nodes, with where they stand. */
  readonly lanes: readonly { readonly lane: Lane; readonly x: number; readonly width: number }[];
  readonly sections: readonly { readonly y: number; readonly height: number }[];
  readonly cells: readonly PlacedCell[];
  /** The box of a node, or of the cell that it is folded into. */
  rectOf(node: number): Rect;
  /** Number of the cell of a node. */
  cellOf(node: number): number;
}

export const cellKey = (section: number, lane: Lane): string => `${section}:${lane}`;

export function placesOf(program: InspectedProgram, isFolded: (key: string) => boolean): Places {
  const members = membersOf(program);
  const sizeOf = (section: number, lane: Lane): { width: number; height: number } => {
    const size = program.sections[section]?.cells[lane];
    if (size === undefined || size.rows === 0) return { width: 0, height: 0 };
    if (isFolded(cellKey(section, lane))) return folded;
    return {
      width: size.columns * (box.width + box.across) - box.across,
      height: size.rows * (box.height + box.down) - box.down,
    };
  };
  const numbers = program.sections.map((_, section) => section);
  let x = labelWidth;
  const placedLanes = lanes.flatMap((lane) => {
    const widest = Math.max(0, ...numbers.map((section) => sizeOf(section, lane).width));
    if (widest === 0) return [];
    const placed = { lane, x, width: widest + 2 * pad };
    x += placed.width + laneGap;
    return [placed];
  });
  let y = 0;
  const cells: PlacedCell[] = [];
  const cellNumbers = new Map<string, number>();
  const sections = numbers.map((section) => {
    const inner = Math.max(...lanes.map((lane) => sizeOf(section, lane).height));
    for (const { lane, x: left, width: laneWidth } of placedLanes) {
      const key = cellKey(section, lane);
      const nodes = members.get(key);
      if (nodes === undefined) continue;
      const { width, height } = sizeOf(section, lane);
      cellNumbers.set(key, cells.length);
      cells.push({
        section,
        lane,
        nodes,
        isFolded: isFolded(key),
        x: left + (laneWidth - width) / 2,
        y: y + pad + (inner - height) / 2,
        width,
        height,
      });
    }
    const placed = { y, height: inner + 2 * pad };
    y += placed.height;
    return placed;
  });
  const cellOf = (node: number): number => {
    const { section = 0, lane = 'forward' } = program.nodes[node] ?? {};
    return cellNumbers.get(cellKey(section, lane)) ?? 0;
  };
  return {
    width: x,
    height: y,
    lanes: placedLanes,
    sections,
    cells,
    cellOf,
    rectOf(node) {
      const cell = cells[cellOf(node)] ?? { x: 0, y: 0, ...folded, isFolded: true };
      if (cell.isFolded) return cell;
      const [row, column] = program.nodes[node]?.at ?? [0, 0];
      return {
        x: cell.x + column * (box.width + box.across),
        y: cell.y + row * (box.height + box.down),
        width: box.width,
        height: box.height,
      };
    },
  };
}

function membersOf({ nodes }: InspectedProgram): ReadonlyMap<string, readonly number[]> {
  const members = new Map<string, number[]>();
  nodes.forEach(({ section, lane }, node) => {
    const key = cellKey(section, lane);
    const own = members.get(key) ?? [];
    members.set(key, own);
    own.push(node);
  });
  return members;
}
