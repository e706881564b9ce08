/**
 * `einsum("b i j, b j k -> b i k", x, y)`: a sum of products over named axes. A name that the result
 * lacks is summed, a name that one tensor has twice is its diagonal, `...` is any number of axes.
 */
import { einsumOf, MOST_AXIS_NAMES, type NamedAxes } from '../../build-einsum.ts';
import type { Node } from '../../graph/node.ts';
import { complain, note, typeText } from '../report.ts';
import { tensor, unknown, type Value } from '../value.ts';
import type { AxisItem, AxisName } from './axis-pattern.ts';
import { type Builtin, type Call, define, nodeOf, operand } from './builtin.ts';
import {
  type AxisSizes,
  axesText,
  disagree,
  type PatternArgument,
  patternArgument,
  restCount,
  restNames,
  sizeAgrees,
} from './pattern-argument.ts';

const tensorNames = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `x${i + 1}`);

function einsum(c: Call): Value {
  const read = patternArgument(c, { groups: false, commas: true });
  const names = [...c.args.keys()].filter((name) => name !== 'pattern').sort(byNumber);
  const nodes = names.map((name) => nodeOf(c, name, 'f32'));
  if (read === undefined || nodes.some((n) => n === undefined)) return unknown;
  const tensors = nodes.filter((n) => n !== undefined);
  if (!sameDType(c, tensors, names)) return unknown;
  const { inputs } = read.pattern;
  if (inputs.length !== tensors.length)
    return disagree(
      c,
      operand(c, 'pattern').place,
      `${inputs.length === 1 ? 'one term' : `${inputs.length} terms`} for ${tensors.length === 1 ? 'one tensor' : `${tensors.length} tensors`}`,
      'one term for each tensor, separated by commas: `"i j, j k -> i k"`',
    );
  const whole = isCompact(read, tensors) ? spelledOut(read) : read;
  const operands = namedAxes(c, whole, tensors, names);
  return operands === undefined ? unknown : summed(c, whole, operands);
}

const byNumber = (a: string, b: string): number => Number(a.slice(1)) - Number(b.slice(1));

function sameDType(c: Call, tensors: readonly Node[], names: readonly string[]): boolean {
  const [first] = tensors;
  const dtype = first?.type.dtype ?? 'f32';
  const at = (i: number) => operand(c, names[i] ?? '').place;
  if (dtype === 'bool') {
    complain(c.run, 'NN0242', { op: 'einsum', dtype, instead: 'cast(..., f32)' }, at(0));
    return false;
  }
  const odd = tensors.findIndex((x) => x.type.dtype !== dtype);
  if (odd < 0) return true;
  const right = tensors[odd]?.type.dtype ?? dtype;
  complain(
    c.run,
    'NN0240',
    { op: 'with', left: dtype, right, instead: `cast(..., ${dtype})` },
    at(odd),
  );
  return false;
}

/** `ij,jk->ik`: no spaces, and read letter by letter it fits the tensors, as it does not name by name. */
function isCompact({ pattern }: PatternArgument, tensors: readonly Node[]): boolean {
  const terms = [...pattern.inputs, pattern.output];
  const single = terms.every((t) => t.filter((i) => i.kind === 'name').length <= 1);
  const fits = (term: readonly AxisItem[], x: Node | undefined): boolean =>
    x !== undefined && restCount(lettersOf(term), x) !== undefined;
  const names = new Set(pattern.inputs.flat().map((i) => i.text));
  const isNoName = pattern.output.some((i) => i.kind === 'name' && !names.has(i.text));
  const longer = pattern.inputs.some((t) => lettersOf(t).length > t.length);
  return single && (longer || isNoName) && pattern.inputs.every((t, i) => fits(t, tensors[i]));
}

const lettersOf = (term: readonly AxisItem[]): AxisItem[] =>
  term.flatMap((item) =>
    item.kind === 'name'
      ? [...item.text].map((text, i) => ({ kind: 'name' as const, text, at: item.at + i }))
      : [item],
  );

const spelledOut = (read: PatternArgument): PatternArgument => ({
  ...read,
  pattern: {
    ...read.pattern,
    inputs: read.pattern.inputs.map(lettersOf),
    output: lettersOf(read.pattern.output),
  },
});

/** The tensors with a name for each axis; undefined after a report. */
function namedAxes(
  c: Call,
  read: PatternArgument,
  tensors: readonly Node[],
  arguments_: readonly string[],
): NamedAxes[] | undefined {
  const sizes: AxisSizes = new Map();
  const operands: NamedAxes[] = [];
  for (const [i, term] of read.pattern.inputs.entries()) {
    const node = tensors[i];
    if (node === undefined) return undefined;
    const covered = restCount(term, node);
    if (covered === undefined) return wrongRank(c, read, term, node, arguments_[i] ?? '');
    const parts = term.flatMap((item): AxisName[] =>
      item.kind === 'rest' ? restNames(covered).map((text) => ({ text, at: item.at })) : [item],
    );
    for (const [axis, part] of parts.entries()) {
      const place = read.placeOf(part.text.startsWith('...') ? { ...part, text: '...' } : part);
      const size = node.type.shape[axis] ?? 1;
      const of = `axis ${axis} of ${typeText(node.type)}`;
      if (!sizeAgrees(c, sizes, { name: part.text, size, of }, place)) return undefined;
    }
    operands.push({ node, axes: parts.map((p) => p.text) });
  }
  if (sizes.size <= MOST_AXIS_NAMES) return operands;
  complain(
    c.run,
    'NN0220',
    { problem: `a pattern has at most ${MOST_AXIS_NAMES} names`, help: undefined },
    c.place,
  );
  return undefined;
}

function wrongRank(
  c: Call,
  read: PatternArgument,
  term: readonly AxisItem[],
  node: Node,
  argument: string,
): undefined {
  const [first, last] = [term[0], term.at(-1)];
  const rank = node.type.shape.length;
  const start = first?.at ?? 0;
  const text =
    first === undefined ? '' : ' '.repeat((last?.at ?? start) + (last?.text.length ?? 1) - start);
  const glued = term.find(
    (i) => i.kind === 'name' && i.text.length > 1 && i.text.length + term.length - 1 === rank,
  );
  const named = term.filter((i) => i.kind !== 'rest').length;
  complain(
    c.run,
    'NN0221',
    {
      help:
        glued === undefined
          ? '`...` stands for any number of axes'
          : `axis names are separated by spaces: \`${[...glued.text].join(' ')}\``,
    },
    read.placeOf({ at: start, text }),
    {
      label: `${axesText(named)} named, and ${typeText(node.type)} has ${rank}`,
      notes: [note(operand(c, argument).place, typeText(node.type))],
    },
  );
  return undefined;
}

function summed(c: Call, read: PatternArgument, operands: readonly NamedAxes[]): Value {
  const { output } = read.pattern;
  const known = new Set(operands.flatMap((x) => x.axes));
  const rests = Math.max(
    0,
    ...operands.map((x) => x.axes.filter((name) => name.startsWith('...')).length),
  );
  const out: string[] = [];
  for (const item of output) {
    const names = item.kind === 'rest' ? restNames(rests) : [item.text];
    const twice = names.find((name) => out.includes(name));
    if (twice !== undefined)
      return mistake(
        c,
        read,
        item,
        `\`${item.text}\` stands twice behind the \`->\``,
        'one axis of the result for each name',
      );
    if (item.kind === 'name' && !known.has(item.text))
      return mistake(
        c,
        read,
        item,
        `\`${item.text}\` stands only behind the \`->\``,
        'the axes of the result are axes of the tensors',
      );
    out.push(...names);
  }
  return tensor(einsumOf(c.run.graph, operands, out));
}

const mistake = (
  c: Call,
  read: PatternArgument,
  item: AxisItem,
  problem: string,
  help: string,
): Value => complain(c.run, 'NN0220', { problem, help }, read.placeOf(item));

export const einsumBuiltin: Builtin = {
  ...define(
    'einsum',
    'pattern, x, y?',
    'Sums of products over named axes, of any number of tensors: `einsum("b i k, k j -> b i j", x, W)`.',
    einsum,
  ),
  parametersFor: (args) => {
    const count = Math.max(1, args.filter((a) => a.name === undefined).length - 1);
    return ['pattern', ...tensorNames(count)].map((name) => ({
      name,
      optional: false,
      skippable: false,
    }));
  },
};
