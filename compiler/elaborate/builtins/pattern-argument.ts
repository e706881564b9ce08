/** The `pattern` of `einsum` and `rearrange`: read, and with a place for every character of it. */
import { type Dim, dimText } from '../../graph/dim.ts';
import type { Node } from '../../graph/node.ts';
import { complain, textAt } from '../report.ts';
import { sameSize } from '../sizes.ts';
import { type Place, type Unknown, unknown } from '../value.ts';
import { type AxisItem, type AxisPattern, type PatternForm, readPattern } from './axis-pattern.ts';
import { type Call, needsStatic, operand } from './builtin.ts';

export interface PatternArgument {
  readonly pattern: AxisPattern;
  /** The place of a part of the pattern inside the string; the whole argument where that is not a literal. */
  placeOf(part: { readonly at: number; readonly text: string }): Place;
}

/** Undefined after a report. */
export function patternArgument(c: Call, form: PatternForm): PatternArgument | undefined {
  const arg = operand(c, 'pattern');
  if (arg.value.kind === 'unknown') return undefined;
  if (arg.value.kind !== 'string') {
    needsStatic(c, 'pattern', arg, 'a string');
    return undefined;
  }
  const text = arg.value.value;
  const literal = textAt(arg.place, Number.POSITIVE_INFINITY) === `"${text}"`;
  const placeOf: PatternArgument['placeOf'] = ({ at, text: part }) => {
    const start = arg.place.span.start + 1 + at;
    return literal
      ? { source: arg.place.source, span: { start, end: start + Math.max(1, part.length) } }
      : arg.place;
  };
  const read = readPattern(text, form);
  if (read.kind === 'pattern') return { pattern: read.pattern, placeOf };
  const { problem, at, length, help } = read.mistake;
  complain(c.run, 'NN0220', { problem, help }, placeOf({ at, text: ' '.repeat(length) }));
  return undefined;
}

/** Sizes of named axes, and the axis that gave each first: `axis 1 of f32[3, 784]`. */
export type AxisSizes = Map<string, { readonly size: Dim; readonly of: string }>;

/** Whether the axis may have this size; NN0221 where it has another one elsewhere. */
export function sizeAgrees(
  c: Call,
  sizes: AxisSizes,
  { name, size, of }: { readonly name: string; readonly size: Dim; readonly of: string },
  place: Place,
): boolean {
  const seen = sizes.get(name);
  if (seen === undefined) {
    sizes.set(name, { size, of });
    return true;
  }
  if (sameSize(seen.size, size)) return true;
  const [here, there] = [dimText(size), dimText(seen.size)];
  disagree(c, place, `\`${name}\` is ${here} at ${of} and ${there} at ${seen.of}`);
  return false;
}

/** NN0221 with what is wrong under the caret. */
export const disagree = (c: Call, place: Place, label: string, help?: string): Unknown => {
  complain(c.run, 'NN0221', { help }, place, { label });
  return unknown;
};

/** Names for the axes that `...` stands for, the last one first: so terms align at the right. */
export const restNames = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `...${count - 1 - i}`);

/** How many axes the `...` of a term covers; undefined where the term does not fit the tensor. */
export function restCount(items: readonly AxisItem[], x: Node): number | undefined {
  const rank = x.type.shape.length;
  const fixed = items.filter((i) => i.kind !== 'rest').length;
  if (fixed === items.length) return fixed === rank ? 0 : undefined;
  return rank >= fixed ? rank - fixed : undefined;
}

export const axesText = (n: number): string => (n === 1 ? '1 axis' : `${n} axes`);
