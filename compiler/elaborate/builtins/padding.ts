/** `pad(x, [[1, 1], [0, 2]])`: elements around a tensor, a constant or taken from the tensor itself. */
import { type Border, padAxis } from '../../build-views.ts';
import * as build from '../../builder.ts';
import { addDims, type Dim, dimText } from '../../graph/dim.ts';
import { isInteger } from '../../graph/dtype.ts';
import type { Node } from '../../graph/node.ts';
import { atMost } from '../guards.ts';
import { complain, textAt } from '../report.ts';
import { dimOf } from '../sizes.ts';
import { tensor, unknown, type Value } from '../value.ts';
import {
  type Builtin,
  type Call,
  define,
  needsStatic,
  nodeOf,
  numberOption,
  operand,
  unfit,
  wordOption,
} from './builtin.ts';

const modes = ['constant', 'edge', 'reflect', 'symmetric', 'wrap'] as const;
/** What PyTorch calls them. */
const otherModes = { replicate: 'edge', circular: 'wrap', zeros: 'constant' } as const;

function pad(c: Call): Value {
  const x = nodeOf(c, 'x');
  const mode = wordOption(c, 'mode', modes, 'constant', otherModes);
  const value = numberOption(c, 'value', 0);
  if (x === undefined || mode === undefined || value === undefined) return unknown;
  const widths = widthsOption(c, x);
  if (widths === undefined) return unknown;
  if (mode === 'constant') return constant(c, x, widths, value);
  if (c.args.has('value')) return unfit(c, 'value', `has no meaning with mode="${mode}"`);
  let y = x;
  for (const [axis, [lo, hi]] of widths.entries()) {
    if (!reaches(c, x, axis, mode, lo) || !reaches(c, x, axis, mode, hi)) return unknown;
    y = padAxis(c.run.graph, y, axis, lo, hi, mode);
  }
  return tensor(y);
}

function constant(c: Call, x: Node, widths: readonly Pair[], value: number): Value {
  const { dtype } = x.type;
  if (isInteger(dtype) && !Number.isInteger(value)) {
    const [of, name] = [c.place, operand(c, 'x').place].map((place) => textAt(place));
    return complain(
      c.run,
      'NN0241',
      { text: of ?? '', name: name ?? '', dtype },
      operand(c, 'value').place,
    );
  }
  const [lo, hi] = [widths.map((w) => w[0]), widths.map((w) => w[1])];
  return tensor(build.pad(c.run.graph, x, lo, hi, value));
}

type Pair = readonly [Dim, Dim];

/** A pair [before, after] for each axis, none negative; undefined after a report. */
function widthsOption(c: Call, x: Node): readonly Pair[] | undefined {
  const arg = operand(c, 'widths');
  if (arg.value.kind === 'unknown') return undefined;
  const rank = x.type.shape.length;
  const rows = arg.value.kind === 'list' ? arg.value.items : [];
  const pairs = rows.flatMap((r): Pair[] => {
    const [lo, hi, more] = r.kind === 'list' || r.kind === 'tuple' ? r.items.map(dimOf) : [];
    return lo === undefined || hi === undefined || more !== undefined ? [] : [[lo, hi]];
  });
  if (pairs.length === rank && rows.length === rank) {
    const negative = pairs.flat().find((d) => !atMost(c.run, 0, d, arg.place));
    if (negative === undefined) return pairs;
    unfit(c, 'widths', `has ${dimText(negative)}; a slice takes elements away: \`x[1:-1]\``);
    return undefined;
  }
  needsStatic(c, 'widths', arg, `a pair [before, after] of sizes for each of the ${rank} axes`);
  return undefined;
}

/** Whether the axis has as many elements to lend; NN0206 where it has not. */
function reaches(c: Call, x: Node, axis: number, mode: Border, width: Dim): boolean {
  const n = x.type.shape[axis] ?? 1;
  if (mode === 'edge') return true;
  const needed = mode === 'reflect' ? addDims(width, 1) : width;
  if (width === 0 || atMost(c.run, needed, n, operand(c, 'widths').place)) return true;
  const has = `axis ${axis} has ${dimText(n)} ${n === 1 ? 'entry' : 'entries'}`;
  const most = mode === 'reflect' ? addDims(n, -1) : n;
  unfit(
    c,
    'widths',
    `asks for ${dimText(width)} more; ${has}, and mode="${mode}" adds at most ${dimText(most)}`,
  );
  return false;
}

export const paddingBuiltin: Builtin = define(
  'pad',
  'x, widths, value=, mode=',
  'More elements before and after along each axis: `pad(x, [[0, 0], [1, 2]])`; modes constant (with `value`), edge, reflect, symmetric, wrap.',
  pad,
);
