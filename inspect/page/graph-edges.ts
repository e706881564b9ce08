/** The edges of the drawing: between boxes, each once though several nodes of a folded cell have it. */
import type { InspectedProgram } from '../inspection.ts';
import type { Places, Rect } from './graph-places.ts';

export interface Edge {
  readonly from: Rect;
  readonly to: Rect;
  /** Pairs of nodes, reader last. */
  readonly pairs: readonly (readonly [from: number, to: number])[];
  readonly isLong: boolean;
  /** One of many long ones at one box, as from the count of steps to every update. */
  readonly isCommon: boolean;
  readonly top: number;
  readonly bottom: number;
}

/** What goes farther is there to be followed from one end, not to be seen everywhere. */
const LONG = 260;
const WIDE = 340;
/** More long ones than these at one box say nothing until one of them is chosen. */
const MANY = 6;

export function edgesOf({ nodes }: InspectedProgram, places: Places): readonly Edge[] {
  const found = new Map<
    string,
    Omit<Edge, 'isCommon'> & { ends: string[]; pairs: [number, number][] }
  >();
  const keyOf = (node: number): string => {
    const cell = places.cellOf(node);
    return places.cells[cell]?.isFolded === true ? `c${cell}` : String(node);
  };
  nodes.forEach(({ inputs }, node) => {
    const to = keyOf(node);
    for (const input of inputs) {
      const from = keyOf(input);
      if (from === to) continue;
      const key = `${from}>${to}`;
      const edge = found.get(key) ?? {
        ...between(places.rectOf(input), places.rectOf(node)),
        ends: [from, to],
        pairs: [],
      };
      found.set(key, edge);
      edge.pairs.push([input, node]);
    }
  });
  const longAt = new Map<string, number>();
  for (const { isLong, ends } of found.values())
    if (isLong) for (const end of ends) longAt.set(end, (longAt.get(end) ?? 0) + 1);
  return [...found.values()].map(({ ends, ...edge }) => ({
    ...edge,
    isCommon: edge.isLong && ends.some((end) => (longAt.get(end) ?? 0) > MANY),
  }));
}

function between(from: Rect, to: Rect): Omit<Edge, 'isCommon' | 'pairs'> {
  const top = Math.min(from.y, to.y);
  const bottom = Math.max(from.y + from.height, to.y + to.height);
  const isLong = bottom - top > LONG || Math.abs(to.x - from.x) > WIDE;
  return { from, to, top, bottom, isLong };
}

/** From below or above a box to the other, or from side to side where they stand in different lanes. */
export function pathOf({ from, to }: Edge): string {
  const middle = ({ x, width }: Rect): number => x + width / 2;
  const beside = from.x + from.width < to.x || to.x + to.width < from.x;
  const apart = from.y + from.height < to.y || to.y + to.height < from.y;
  if (beside && (!apart || Math.abs(middle(from) - middle(to)) > 1.6 * from.width)) {
    const isRight = to.x > from.x;
    const x1 = isRight ? from.x + from.width : from.x;
    const x2 = isRight ? to.x : to.x + to.width;
    const [y1, y2] = [from.y + from.height / 2, to.y + to.height / 2];
    const bend = (isRight ? 1 : -1) * Math.max(14, Math.abs(x2 - x1) / 2);
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  const isDown = to.y >= from.y;
  const y1 = isDown ? from.y + from.height : from.y;
  const y2 = isDown ? to.y : to.y + to.height;
  const bend = (isDown ? 1 : -1) * Math.max(9, Math.abs(y2 - y1) / 2);
  return `M${middle(from)} ${y1}C${middle(from)} ${y1 + bend} ${middle(to)} ${y2 - bend} ${middle(to)} ${y2}`;
}
