/**
 * `rearrange(x, "b t (h e) -> b h t e", h=6)`: splits, merges and reorders axes by name, as in einops
 * (Rogozhnikov 2022). Brackets are one axis made of several, `1` an axis of size 1, `...` any number of
 * axes; a size in brackets may be left open, one each.
 */

import { sliceAxis } from '../../build-views.ts';
import * as build from '../../builder.ts';
import {
  type Dim,
  dimText,
  equalDims,
  floorDims,
  modDims,
  mulDims,
  productOf,
} from '../../graph/dim.ts';
import type { Node } from '../../graph/node.ts';
import { divides } from '../guards.ts';
import { complain, impossibleSize, note, typeText } from '../report.ts';
import { dimOf, isPossibleSize, sameSize } from '../sizes.ts';
import { type Argument, tensor, unknown, type Value } from '../value.ts';
import { type AxisItem, flatItems } from './axis-pattern.ts';
import { type Builtin, type Call, define, needsStatic, nodeOf, operand } from './builtin.ts';
import {
  axesText,
  disagree,
  type PatternArgument,
  patternArgument,
  restCount,
  restNames,
} from './pattern-argument.ts';

const fixed = ['tensor', 'pattern'];

/** One axis after splitting; `1` has no name. */
interface Part {
  readonly name: string | undefined;
  readonly size: Dim;
}

function rearrange(c: Call): Value {
  const read = patternArgument(c, { groups: true, commas: false });
  const x = nodeOf(c, 'tensor');
  if (read === undefined || x === undefined || !namesMatch(c, read)) return unknown;
  const sizes = sizeOptions(c, read);
  if (sizes === undefined) return unknown;
  const term = read.pattern.inputs[0] ?? [];
  const covered = restCount(term, x);
  if (covered === undefined) {
    const named = axesText(term.filter((i) => i.kind !== 'rest').length);
    const last = term.at(-1);
    const start = term[0]?.at ?? 0;
    const text = ' '.repeat((last?.at ?? 0) + (last?.text.length ?? 1) - start);
    return complain(
      c.run,
      'NN0221',
      { help: '`...` stands for any number of axes, `1` for one of size 1' },
      read.placeOf({ at: start, text }),
      {
        label: `${named} named, and ${typeText(x.type)} has ${x.type.shape.length}`,
        notes: [note(operand(c, 'tensor').place, typeText(x.type))],
      },
    );
  }
  return rearranged(c, read, x, covered, sizes);
}

/** Both sides have the same names, each once; NN0220 where not. */
function namesMatch(c: Call, { pattern, placeOf }: PatternArgument): boolean {
  const [left, right] = [flatItems(pattern.inputs[0] ?? []), flatItems(pattern.output)];
  const rest = pattern.inputs[0]?.find(
    (i) => i.kind === 'group' && i.items.some((p) => p.kind === 'rest'),
  );
  if (rest !== undefined) {
    const help = 'several axes are merged on the right side: `b ... -> b (...)`';
    complain(
      c.run,
      'NN0220',
      { problem: '`...` in brackets on the left side', help },
      placeOf(rest),
    );
    return false;
  }
  for (const [side, own, other, where] of [
    ['left', left, right, 'on the right'],
    ['right', right, left, 'on the left'],
  ] as const)
    for (const [i, item] of own.entries()) {
      if (item.kind === 'one') continue;
      const twice = own.slice(0, i).some((o) => o.text === item.text);
      const missing = !other.some((o) => o.text === item.text);
      if (!twice && !missing) continue;
      const problem = twice
        ? `\`${item.text}\` stands twice on the ${side}`
        : `\`${item.text}\` stands on the ${side} only, not ${where}`;
      const help = twice
        ? 'a diagonal is `einsum("i i -> i", x)`'
        : side === 'left'
          ? 'what disappears is reduced: `mean(x, axis=...)`, `sum`, `max`'
          : 'a new axis is `1`; `broadcast_to` and `tile` repeat along it';
      complain(c.run, 'NN0220', { problem, help }, placeOf(item));
      return false;
    }
  return true;
}

/** The sizes given by name, each of which must stand in the pattern; undefined after a report. */
function sizeOptions(c: Call, { pattern }: PatternArgument): Map<string, Dim> | undefined {
  const names = flatItems(pattern.inputs[0] ?? []).flatMap((i) =>
    i.kind === 'name' ? [i.text] : [],
  );
  const sizes = new Map<string, Dim>();
  for (const [name, arg] of c.args) {
    if (fixed.includes(name)) continue;
    if (!names.includes(name)) {
      const signature = `rearrange(tensor, pattern, ${names.map((n) => `${n}=...`).join(', ')})`;
      const problem = {
        callee: 'rearrange',
        problem: 'unknown',
        argument: name,
        signature,
      } as const;
      complain(
        c.run,
        'NN0305',
        { ...problem, help: `no axis of the pattern is called \`${name}\`` },
        arg.namePlace ?? arg.place,
      );
      return undefined;
    }
    const size = dimOf(arg.value);
    if (size === undefined) {
      needsStatic(c, name, arg, 'a size');
      return undefined;
    }
    if (!isPossibleSize(size)) {
      impossibleSize(c.run, size, arg.place);
      return undefined;
    }
    sizes.set(name, size);
  }
  return sizes;
}

function rearranged(
  c: Call,
  read: PatternArgument,
  x: Node,
  covered: number,
  sizes: ReadonlyMap<string, Dim>,
): Value {
  const g = c.run.graph;
  const parts: Part[] = [];
  let whole = x;
  let axis = 0;
  for (const item of read.pattern.inputs[0] ?? []) {
    if (item.kind === 'rest') {
      for (const name of restNames(covered)) parts.push({ name, size: x.type.shape[axis++] ?? 1 });
      continue;
    }
    const split = partsOf(c, read, item, x.type.shape[axis] ?? 1, sizes);
    if (split === undefined) return unknown;
    // Where only binding can tell that the size divides, what divides it for certain is taken.
    const taken = productOf(split.map((p) => p.size));
    if (!equalDims(taken, whole.type.shape[axis] ?? 1)) whole = sliceAxis(g, whole, axis, 0, taken);
    parts.push(...split);
    axis++;
  }
  const apart = build.reshape(
    g,
    whole,
    parts.map((p) => p.size),
  );
  const named = parts.flatMap((p, i) => (p.name === undefined ? [] : [{ ...p, axis: i }]));
  const dropped = build.reshape(
    g,
    apart,
    named.map((p) => p.size),
  );
  const positions = namesOf(read.pattern.output, covered).map((name) =>
    named.findIndex((p) => p.name === name),
  );
  const ordered = build.permute(g, dropped, positions);
  const sizeOf = (name: string): Dim => named.find((p) => p.name === name)?.size ?? 1;
  const shape = read.pattern.output.flatMap((item): Dim[] =>
    item.kind === 'group'
      ? [productOf(namesOf(item.items, covered).map(sizeOf))]
      : item.kind === 'one'
        ? [1]
        : namesOf([item], covered).map(sizeOf),
  );
  return tensor(build.reshape(g, ordered, shape));
}

const namesOf = (items: readonly AxisItem[], covered: number): string[] =>
  flatItems(items).flatMap((i) =>
    i.kind === 'rest' ? restNames(covered) : i.kind === 'name' ? [i.text] : [],
  );

/** What an axis of the tensor is made of; undefined after a report. */
function partsOf(
  c: Call,
  read: PatternArgument,
  item: AxisItem,
  size: Dim,
  sizes: ReadonlyMap<string, Dim>,
): Part[] | undefined {
  const place = read.placeOf(item);
  const wrong = (label: string, help?: string): undefined => {
    disagree(c, place, label, help);
    return undefined;
  };
  if (item.kind === 'one')
    return sameSize(size, 1)
      ? [{ name: undefined, size: 1 }]
      : wrong(`this axis has ${dimText(size)} entries, not 1`);
  const items = item.kind === 'group' ? flatItems(item.items) : [item];
  const open = items.filter((i) => i.kind === 'name' && !sizes.has(i.text));
  const given = (i: AxisItem): Dim => (i.kind === 'name' ? (sizes.get(i.text) ?? 1) : 1);
  const product = items.reduce<Dim>((p, i) => mulDims(p, given(i)), 1);
  if (open.length > 1)
    return wrong(
      `${dimText(size)} could be split in many ways`,
      `give the sizes of all but one: \`${open
        .slice(1)
        .map((i) => `${i.text}=...`)
        .join(', ')}\``,
    );
  if (open.length === 0 && !sameSize(product, size))
    return wrong(`this axis has ${dimText(size)} entries, not ${productText(items, given)}`);
  if (open.length === 1 && !divides(c.run, product, size, place))
    return wrong(
      `${dimText(size)} is not divisible by ${productText(
        items.filter((i) => !open.includes(i)),
        given,
      )}`,
      divisorsNear(size, product),
    );
  return items.map((i) => ({
    name: i.kind === 'name' ? i.text : undefined,
    size: open[0] === i ? floorDims(size, product) : given(i),
  }));
}

/** `h = 7`, `h * e = 12`. */
function productText(items: readonly AxisItem[], given: (i: AxisItem) => Dim): string {
  const names = items.filter((i) => i.kind === 'name').map((i) => i.text);
  const total = items.reduce<Dim>((p, i) => mulDims(p, given(i)), 1);
  return names.length === 0 ? dimText(total) : `${names.join(' * ')} = ${dimText(total)}`;
}

/** `384 = 6 * 64; divisors near 7: 6, 8`: the divisors next to the number below and above. */
function divisorsNear(size: Dim, by: Dim): string | undefined {
  if (typeof size !== 'number' || typeof by !== 'number') return undefined;
  const divisors: number[] = [];
  for (let d = 1; d * d <= size; d++) if (modDims(size, d) === 0) divisors.push(d, size / d);
  const below = Math.max(...divisors.filter((d) => d < by));
  const above = divisors.filter((d) => d > by);
  const near = above.length === 0 ? [below] : [below, Math.min(...above)];
  return `${size} = ${below} * ${size / below}; divisors near ${by}: ${near.join(', ')}`;
}

export const rearrangeBuiltin: Builtin = {
  ...define(
    'rearrange',
    'tensor, pattern',
    'Splits, merges and reorders axes by a pattern: `rearrange(q, "b t (h e) -> b h t e", h=6)`.',
    rearrange,
  ),
  parametersFor: (args: readonly Argument[]) => {
    const named = args.flatMap((a) =>
      a.name === undefined || fixed.includes(a.name) ? [] : [a.name],
    );
    return [
      ...fixed.map((name) => ({ name, optional: false, skippable: false })),
      ...[...new Set(named)].map((name) => ({ name, optional: true, skippable: false })),
    ];
  },
};
