/** Joining tensors and taking them apart: concat, stack, split. */
import * as build from '../../builder.ts';
import { type Dim, dimText, floorDims, shapeText, subDims } from '../../graph/dim.ts';
import type { Node } from '../../graph/node.ts';
import { divides } from '../guards.ts';
import { lift, naturalDType } from '../lift.ts';
import { complain, describe, originText, textAt, typeText } from '../report.ts';
import { sameSize } from '../sizes.ts';
import { tensor, unknown, type Value } from '../value.ts';
import { axisOption } from './axes.ts';
import { type Call, needsStatic, numberOption, operand, unfit } from './builtin.ts';
import { sizesOption } from './sizes-option.ts';

/** The tensors of a list argument, all of one dtype; undefined after a report. */
function nodesOf(c: Call, name: string): readonly Node[] | undefined {
  const arg = c.args.get(name);
  if (arg === undefined || arg.value.kind === 'unknown') return undefined;
  const { value } = arg;
  if ((value.kind !== 'list' && value.kind !== 'tuple') || value.items.length === 0) {
    needsStatic(c, name, arg, 'a list of tensors');
    return undefined;
  }
  const dtype = naturalDType(value.items.find((v) => v.kind === 'tensor') ?? value);
  const nodes: Node[] = [];
  for (const item of value.items) {
    const lifted = lift(c.run.graph, item, dtype);
    if (lifted.kind !== 'node') {
      complain(
        c.run,
        'NN0314',
        {
          text: textAt(arg.place),
          is: `a list with ${describe(item)}`,
          needed: `\`${c.name}\` takes tensors`,
        },
        arg.place,
      );
      return undefined;
    }
    if (lifted.node.type.dtype !== dtype) {
      complain(
        c.run,
        'NN0240',
        {
          op: 'beside',
          left: dtype,
          right: lifted.node.type.dtype,
          instead: `cast(..., ${dtype})`,
        },
        arg.place,
      );
      return undefined;
    }
    nodes.push(lifted.node);
  }
  return nodes;
}

/** Where an item of the list comes from: `(input, line 1)`. */
function originIn(c: Call, index: number): string {
  const { value } = operand(c, 'tensors');
  const item = value.kind === 'list' || value.kind === 'tuple' ? value.items[index] : undefined;
  return item?.kind === 'tensor' ? originText(item) : '';
}

export function concat(c: Call): Value {
  const nodes = nodesOf(c, 'tensors');
  const [first] = nodes ?? [];
  const axis = first && axisOption(c, first, -1);
  if (nodes === undefined || first === undefined || axis === undefined) return unknown;
  for (const other of nodes.slice(1)) {
    const place = operand(c, 'tensors').place;
    const [a, b] = [first.type.shape, other.type.shape];
    if (a.length !== b.length)
      return complain(
        c.run,
        'NN0204',
        {
          callee: '`concat`',
          needed: `${a.length} axes as in ${typeText(first.type)}`,
          actual: typeText(other.type),
        },
        place,
      );
    const bad = a.findIndex((d, i) => i !== axis && !sameSize(d, b[i] ?? 1));
    if (bad >= 0)
      return complain(
        c.run,
        'NN0205',
        {
          first: typeText(first.type),
          second: typeText(other.type),
          axis: bad,
          along: axis,
          origins: [originIn(c, 0), originIn(c, nodes.indexOf(other))],
        },
        place,
      );
  }
  return tensor(build.concat(c.run.graph, nodes, axis));
}

export function stack(c: Call): Value {
  const nodes = nodesOf(c, 'tensors');
  const [first] = nodes ?? [];
  if (nodes === undefined || first === undefined) return unknown;
  const { shape } = first.type;
  const odd = nodes.find(
    (n) =>
      n.type.shape.length !== shape.length ||
      n.type.shape.some((d, i) => !sameSize(d, shape[i] ?? 1)),
  );
  if (odd !== undefined)
    return unfit(c, 'tensors', `has ${typeText(first.type)} beside ${typeText(odd.type)}`);
  const axis = numberOption(c, 'axis', 0);
  if (axis === undefined) return unknown;
  const rank = shape.length + 1;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    return complain(c.run, 'NN0210', { axis, rank }, c.args.get('axis')?.place ?? c.place);
  const at = axis < 0 ? axis + rank : axis;
  const wide = [...shape.slice(0, at), 1, ...shape.slice(at)];
  return tensor(
    build.concat(
      c.run.graph,
      nodes.map((n) => build.reshape(c.run.graph, n, wide)),
      at,
    ),
  );
}

/** Into `n` equal parts, or parts of the listed sizes. */
export function split(c: Call, x: Node, axis: number): Value {
  const sizes = partSizes(c, x.type.shape[axis] ?? 1);
  if (sizes === undefined) return unknown;
  const items: Value[] = [];
  let start: Dim = 0;
  for (const size of sizes) {
    items.push(tensor(part(c, x, axis, start, size)));
    start = subDims(start, subDims(0, size));
  }
  return { kind: 'tuple', items };
}

function partSizes(c: Call, total: Dim): readonly Dim[] | undefined {
  const { value, place } = operand(c, 'parts');
  if (value.kind === 'number' && value.integer && value.value >= 1 && value.value <= 10_000) {
    const n = value.value;
    if (divides(c.run, n, total, place))
      return Array.from({ length: n }, () => floorDims(total, n));
    complain(
      c.run,
      'NN0209',
      {
        have: `${dimText(total)} entries`,
        target: `${n} equal parts`,
        suggestion: 'a list of sizes makes unequal parts: `split(x, [2, 3])`',
      },
      place,
    );
    return undefined;
  }
  const sizes = sizesOption(c, 'parts');
  if (sizes === undefined) return undefined;
  const sum = sizes.reduce<Dim>((s, d) => subDims(s, subDims(0, d)), 0);
  if (sameSize(sum, total)) return sizes;
  complain(
    c.run,
    'NN0209',
    {
      have: `${dimText(total)} entries`,
      target: `parts of ${shapeText(sizes)}`,
      suggestion: `the sizes add up to ${dimText(sum)}`,
    },
    place,
  );
  return undefined;
}

const part = (c: Call, x: Node, axis: number, start: Dim, size: Dim): Node =>
  build.slice(
    c.run.graph,
    x,
    x.type.shape.map((_, i) => (i === axis ? start : 0)),
    x.type.shape.map(() => 1),
    x.type.shape.map((d, i) => (i === axis ? size : d)),
  );
