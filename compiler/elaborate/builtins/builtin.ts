/** The form of a built-in function, and how it reads its arguments. */
import { nearest } from '../../../grammar/did-you-mean.ts';
import type { DType } from '../../graph/dtype.ts';
import type { Node } from '../../graph/node.ts';
import type { Parameter } from '../arguments.ts';
import type { Operand } from '../elementwise.ts';
import { lift, naturalDType } from '../lift.ts';
import { complain, describe, misplaced } from '../report.ts';
import type { Run } from '../run.ts';
import { type Argument, number, type Place, type Scope, type Value } from '../value.ts';

export interface Builtin {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** What it gives, in a sentence: for `nnc layers`. */
  readonly doc: string;
  /** The parameters of one call, where their number or names depend on its arguments. */
  parametersFor?(args: readonly Argument[]): readonly Parameter[];
  /** Help for one argument too many. */
  readonly extra?: string;
  call(call: Call): Value;
}

export interface Call {
  readonly run: Run;
  readonly name: string;
  readonly args: ReadonlyMap<string, Argument>;
  readonly place: Place;
  readonly scope: Scope;
}

/**
 * `parameters('x, axis=, perm?')`: `=` marks an option (by name only), `?` an argument that may be left
 * out.
 */
const parameters = (text: string): readonly Parameter[] =>
  text.split(/,\s*/).map((p) => ({
    name: p.replace(/[=?]$/, ''),
    optional: p.endsWith('='),
    skippable: p.endsWith('?'),
  }));

export const define = (
  name: string,
  params: string,
  doc: string,
  call: Builtin['call'],
  extra?: string,
): Builtin => ({
  name,
  parameters: parameters(params),
  doc,
  call,
  ...(extra === undefined ? {} : { extra }),
});

export function operand(c: Call, name: string): Operand {
  const arg = c.args.get(name);
  return arg ?? { value: { kind: 'unknown' }, place: c.place };
}

/** The argument as a tensor; undefined after a report. */
export function nodeOf(c: Call, name: string, dtype?: DType): Node | undefined {
  const { value, place } = operand(c, name);
  if (value.kind === 'unknown') return undefined;
  const lifted = lift(c.run.graph, value, dtype ?? naturalDType(value));
  if (lifted.kind === 'node') return lifted.node;
  misplaced(c.run, value, place, `\`${c.name}\` takes a tensor`);
  return undefined;
}

/** A static option, `otherwise` where it is not given; undefined after a report. */
export function numberOption(c: Call, name: string, otherwise: number): number | undefined {
  const arg = c.args.get(name);
  if (arg === undefined) return otherwise;
  if (arg.value.kind === 'number') return arg.value.value;
  needsStatic(c, name, arg, 'a number');
  return undefined;
}

export function boolOption(c: Call, name: string, otherwise: boolean): boolean | undefined {
  const arg = c.args.get(name);
  if (arg === undefined) return otherwise;
  if (arg.value.kind === 'bool') return arg.value.value;
  needsStatic(c, name, arg, '`true` or `false`');
  return undefined;
}

/** One of a few words; `other` gives what other frameworks call them. Undefined after a report (NN0307). */
export function wordOption<T extends string>(
  c: Call,
  name: string,
  words: readonly T[],
  otherwise: T,
  other: Readonly<Record<string, T>> = {},
): T | undefined {
  const arg = c.args.get(name);
  if (arg === undefined) return otherwise;
  if (arg.value.kind !== 'string') {
    needsStatic(c, name, arg, `one of ${quoted(words)}`);
    return undefined;
  }
  const { value } = arg.value;
  const found = words.find((w) => w === value);
  if (found !== undefined) return found;
  const suggestion = (Object.hasOwn(other, value) ? other[value] : nearest(value, words)) as
    | T
    | undefined;
  const params = { option: name, value, allowed: quoted(words), suggestion };
  complain(c.run, 'NN0307', params, arg.place);
  return undefined;
}
const quoted = (words: readonly string[]): string => words.map((w) => `"${w}"`).join(', ');

export function needsStatic(c: Call, name: string, arg: Argument, what: string): void {
  if (arg.value.kind === 'unknown') return;
  if (arg.value.kind === 'tensor')
    complain(c.run, 'NN0410', { what: `\`${name}\` of \`${c.name}\`` }, arg.place);
  else unfit(c, name, `is ${describe(arg.value)}; it takes ${what}`);
}

/** Reports an argument: "`value` of `full` is f32[3]; it takes one number". */
export function unfit(c: Call, argument: string, problem: string): Value {
  const params = { argument, callee: `\`${c.name}\``, problem };
  return complain(c.run, 'NN0206', params, operand(c, argument).place);
}

export const asNumber = (x: number): Value => number(x, false);
