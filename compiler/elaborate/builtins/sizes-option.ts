import type { Dim } from '../../graph/dim.ts';
import { dimOf } from '../sizes.ts';
import { type Call, needsStatic } from './builtin.ts';

/** A static list of sizes; undefined after a report. */
export function sizesOption(c: Call, name: string): readonly Dim[] | undefined {
  const arg = c.args.get(name);
  if (arg === undefined || arg.value.kind === 'unknown') return undefined;
  const items =
    arg.value.kind === 'list' || arg.value.kind === 'tuple' ? arg.value.items : [arg.value];
  const dims = items.map(dimOf);
  if (dims.every((d) => d !== undefined)) return dims;
  needsStatic(c, name, arg, 'a list of sizes, `[batch, 10]`');
  return undefined;
}
