/** Lists of whole numbers and of sizes as arguments. */
import type { Dim } from '../../graph/dim.ts';
import { atMost } from '../guards.ts';
import { complain, describe, impossibleSize } from '../report.ts';
import { dimOf, isPossibleSize } from '../sizes.ts';
import type { Value } from '../value.ts';
import { type Call, needsStatic } from './builtin.ts';

/** A static list of whole numbers or symbolic sizes; undefined after a report. */
export function integersOption(c: Call, name: string): readonly Dim[] | undefined {
  const arg = c.args.get(name);
  if (arg === undefined || arg.value.kind === 'unknown') return undefined;
  const items =
    arg.value.kind === 'list' || arg.value.kind === 'tuple' ? arg.value.items : [arg.value];
  const dims = items.map(dimOf);
  if (dims.every((d) => d !== undefined)) return dims;
  const fraction = items.find((item, i) => item.kind === 'number' && dims[i] === undefined);
  if (fraction !== undefined) complain(c.run, 'NN0313', fractionText(fraction), arg.place);
  else needsStatic(c, name, arg, 'a list of sizes, `[batch, 10]`');
  return undefined;
}

const fractionText = (value: Value) => ({
  what: `${describe(value)} is no whole number`,
  help: '`//` divides whole numbers',
});

/** The same, each at least 1. */
export function sizesOption(c: Call, name: string): readonly Dim[] | undefined {
  const dims = integersOption(c, name);
  const place = c.args.get(name)?.place ?? c.place;
  const odd = dims?.find((d) => !isPossibleSize(d));
  if (odd === undefined) {
    for (const d of dims ?? []) atMost(c.run, 1, d, place);
    return dims;
  }
  impossibleSize(c.run, odd, place);
  return undefined;
}
