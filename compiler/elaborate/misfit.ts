/** Messages for arguments whose shape does not fit the declared type. */
import type { TypeExpr } from '../../grammar/ast.ts';
import type { Note } from '../../grammar/diagnostic.ts';
import { type Dim, dimText, productOf } from '../graph/dim.ts';
import { isInteger } from '../graph/dtype.ts';
import {
  complain,
  type Extras,
  indexableAt,
  isWritten,
  note,
  textAt,
  typeText,
  withOrigin,
} from './report.ts';
import { isStd, lineOf, type Run } from './run.ts';
import { dimOf, isBareSymbol, sameSize } from './sizes.ts';
import { type Mismatch, sizeNamed } from './type-sizes.ts';
import type { Argument, Instance, Place, Scope, Tensor, Unknown, Value } from './value.ts';
import { bare } from './walk-expression.ts';

/** What was to be passed where. */
export interface Expectation {
  readonly callee: string;
  readonly parameter: string;
  /** Of the parameter's declaration. */
  readonly declared: Place;
  /** `required by std/losses.nn:12: …` for a declaration of the prelude. */
  readonly required: readonly string[];
  readonly instance?: Instance;
}

export function misfitRank(
  run: Run,
  mismatch: Extract<Mismatch, { kind: 'rank' }>,
  type: TypeExpr,
  arg: Argument,
  value: Tensor,
  scope: Scope,
  e: Expectation,
): Unknown {
  const actual = value.node.type;
  if (e.instance !== undefined) {
    const axes = mismatch.expected === 1 ? '1 axis' : `${mismatch.expected} axes`;
    const shape = (type.axes ?? []).map((a) => axisText(a, scope, e.declared, false)).join(', ');
    return complain(
      run,
      'NN0204',
      {
        callee: e.callee,
        needed: `${mismatch.atLeast ? 'at least ' : ''}${axes} [${shape}]`,
        actual: typeText(actual),
        suggestion: axesInstead(actual.shape, mismatch.expected),
      },
      e.instance.place,
      { notes: [producer(value, arg)], facts: e.required },
    );
  }
  const extra = actual.shape.length - mismatch.expected;
  const problem =
    extra === 1
      ? 'has one axis too many'
      : extra === -1
        ? 'has one axis too few'
        : `has ${actual.shape.length} axes, not ${mismatch.atLeast ? 'at least ' : ''}${mismatch.expected}`;
  const text = textAt(arg.place);
  const drop = [...actual.shape.slice(0, -1).map(() => ':'), '0'].join(', ');
  const column = extra === 1 && actual.shape.at(-1) === 1;
  const declared = column ? declaredWithout(run, value) : undefined;
  const help = column
    ? `\`${indexableAt(arg.place)}[${drop}]\`${declared === undefined ? '' : `, or declare \`${declared}\``}`
    : extra === -1 && mismatch.last === 1
      ? `\`${indexableAt(arg.place)}[..., None]\` adds the axis`
      : undefined;
  const fixed = column ? `[${drop}]` : help === undefined ? undefined : '[..., None]';
  const { end } = arg.place.span;
  const simple = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text) && isWritten(arg);
  return complain(
    run,
    'NN0206',
    { argument: e.parameter, callee: e.callee, problem, help },
    arg.place,
    {
      ...bothTypes(type, arg, value, scope, e, mismatch.by),
      ...(fixed === undefined || !simple
        ? {}
        : { fix: { span: { start: end, end }, text: fixed } }),
    },
  );
}

/** The declaration of an input without its last axis: `input label: u8[batch]`. */
function declaredWithout(run: Run, value: Tensor): string | undefined {
  for (const { name, node, storage } of run.registry.inputs.values()) {
    if (node !== value.node) continue;
    const axes = node.type.shape.slice(0, -1);
    return `input ${name}: ${typeText({ dtype: storage, shape: axes })}`;
  }
  return undefined;
}

/** `|> reshape([batch, 28, 28, 1])` for rows that are probably square images. */
function axesInstead(shape: readonly Dim[], needed: number): string | undefined {
  const [rows, pixels] = shape;
  const side = typeof pixels === 'number' ? Math.sqrt(pixels) : Number.NaN;
  if (needed !== 4 || shape.length !== 2 || rows === undefined || !Number.isInteger(side))
    return undefined;
  return `|> reshape([${[rows, side, side, 1].map(dimText).join(', ')}])`;
}

export function misfitAxis(
  run: Run,
  mismatch: Extract<Mismatch, { kind: 'size' }>,
  type: TypeExpr,
  arg: Argument,
  value: Tensor,
  scope: Scope,
  e: Expectation,
): Unknown {
  const { instance } = e;
  const actual = typeText(value.node.type);
  if (instance !== undefined && mismatch.name !== undefined && instance.given.has(mismatch.name))
    return wrongFeatures(run, mismatch, mismatch.name, instance, value, arg, e);
  const decided =
    instance !== undefined && mismatch.name !== undefined
      ? run.registry.decided.get(`${instance.path}:${mismatch.name}`)
      : undefined;
  if (decided !== undefined)
    return complain(
      run,
      'NN0206',
      {
        argument: e.parameter,
        callee: `\`${instance?.text ?? e.callee}\``,
        problem: `has ${dimText(mismatch.actual)} features here and ${dimText(decided.dim)} at its first use`,
        help: 'one instance has one set of weights; construct a second one for the other size',
      },
      arg.place,
      { label: actual, notes: [note(decided.place, `${decided.type}: first use`, true)] },
    );
  const extras = bothTypes(type, arg, value, scope, e, mismatch.by);
  if (isBareSymbol(mismatch.expected) && isBareSymbol(mismatch.actual))
    return complain(
      run,
      'NN0201',
      { first: dimText(mismatch.expected), second: dimText(mismatch.actual) },
      arg.place,
      extras,
    );
  return complain(
    run,
    'NN0206',
    {
      argument: e.parameter,
      callee: e.callee,
      // A name that could not be solved for is marked while it is looked for.
      problem: `has ${dimText(mismatch.actual)} where ${dimText(mismatch.expected).replaceAll("'", '')} is expected`,
      help: oneColumn(mismatch, value, arg) ?? otherUnits(mismatch, value),
    },
    arg.place,
    extras,
  );
}

/** Class numbers in a column where a column for each class is wanted. */
function oneColumn(
  { axis, actual, expected }: Extract<Mismatch, { kind: 'size' }>,
  { node }: Tensor,
  arg: Argument,
): string | undefined {
  const { shape, dtype } = node.type;
  if (actual !== 1 || axis !== shape.length - 1 || axis === 0) return undefined;
  const column = `${indexableAt(arg.place)}[${[...shape.slice(1).map(() => ':'), '0'].join(', ')}]`;
  const numbers = isInteger(dtype) ? column : `cast(${column}, i32)`;
  return `class numbers become columns: \`one_hot(${numbers}, ${dimText(expected)})\``;
}

/** Where the last layer made the wrong number of features: the layer with the right one. */
function otherUnits(
  { axis, actual, expected }: Extract<Mismatch, { kind: 'size' }>,
  { node, origin }: Tensor,
): string | undefined {
  if (origin === undefined || axis !== node.type.shape.length - 1) return undefined;
  const last = new RegExp(`^((?:\\w+\\.)*dense)\\((.*, )?${dimText(actual)}\\)$`);
  const match = last.exec(origin.what);
  return match === null
    ? undefined
    : `write \`${match[1]}(${match[2] ?? ''}${dimText(expected)})\` on line ${lineOf(origin.place)}`;
}

/** The type that came and the type that is declared, each with its place, and what decided the latter. */
const bothTypes = (
  type: TypeExpr,
  arg: Argument,
  value: Tensor,
  scope: Scope,
  e: Expectation,
  by: string | undefined,
): Extras => ({
  label: `${typeText(value.node.type)}, expected ${typeAsExpected(type, scope, e.declared)}`,
  notes: [madeAt(value, arg), declaredAt(e), decidedAt(scope, by, e.parameter)],
  facts: e.required,
});

/** The other argument that has the size which this one must have. */
function decidedAt(scope: Scope, by: string | undefined, parameter: string): Note | undefined {
  const decided = by === undefined ? undefined : scope.names.get(by)?.decidedBy;
  return decided && note(decided.place, `\`${parameter}\` must fit ${decided.type}`);
}

/** `dense(100, 10)` expects 100 features; the value piped in has 784. */
function wrongFeatures(
  run: Run,
  mismatch: Extract<Mismatch, { kind: 'size' }>,
  name: string,
  instance: Instance,
  value: Tensor,
  arg: Argument,
  e: Expectation,
): Unknown {
  const first = instance.template.decl.config[0];
  const skippable = first?.optional === true && nameOf(first.pattern) === name;
  const [, ...row] = value.node.type.shape;
  const rowIsMeant = row.length > 1 && sameSize(productOf(row), mismatch.expected);
  const fixed = rowIsMeant
    ? `flatten |> ${instance.text}`
    : typeof mismatch.actual === 'number'
      ? rewriteFirst(instance, dimText(mismatch.actual))
      : undefined;
  return complain(
    run,
    'NN0202',
    {
      call: instance.text,
      expected: dimText(mismatch.expected),
      actual: dimText(mismatch.actual),
      fixed,
      inferred: skippable && !rowIsMeant ? rewriteFirst(instance, undefined) : undefined,
    },
    instance.place,
    {
      label: `${dimText(mismatch.expected)} declared here`,
      notes: [producer(value, arg)],
      facts: isStd(e.declared.source) ? [] : e.required,
    },
  );
}

const nameOf = (p: {
  readonly kind: string;
  readonly name?: { readonly text: string };
}): string | undefined => p.name?.text;

/** `dense(100, 10)`, in a program `nn.dense(100, 10)`, with its first argument replaced or left out, where it is a plain one. */
function rewriteFirst(instance: Instance, first: string | undefined): string | undefined {
  const match = /^([\w.]+)\(\s*[\w.]+\s*,\s*(.*)\)$/s.exec(instance.text);
  if (match === null) return undefined;
  return first === undefined ? `${match[1]}(${match[2]})` : `${match[1]}(${first}, ${match[2]})`;
}

/** The stage or expression that made the value, with its type. */
const producer = (value: Tensor, arg: Argument): Note | undefined =>
  note(arg.place, withOrigin(value));

function madeAt(value: Tensor, arg: Argument): Note | undefined {
  const at = value.origin?.place;
  if (at === undefined || isStd(at.source) || lineOf(at) === lineOf(arg.place)) return undefined;
  return note(at, `${typeText(value.node.type)}: ${value.origin?.what ?? ''}`);
}

const declaredAt = (e: Expectation): Note | undefined =>
  isStd(e.declared.source) ? undefined : note(e.declared, 'declared here');

/** `int[60000]`: the declared type with what is known put in. */
export function typeAsExpected(type: TypeExpr, scope: Scope, declared: Place): string {
  if (type.axes === undefined) return type.name.text;
  const axes = type.axes.flatMap((a) => {
    const text = axisText(a, scope, declared, true);
    return text === '' ? [] : [text];
  });
  return axes.length === 0 ? type.name.text : `${type.name.text}[${axes.join(', ')}]`;
}

function axisText(
  axis: NonNullable<TypeExpr['axes']>[number],
  scope: Scope,
  declared: Place,
  known: boolean,
): string {
  if (axis.kind === 'rest') {
    const bound = axis.name === undefined ? undefined : sizeNamed(scope, axis.name.text)?.value;
    if (known && bound?.kind === 'list') return bound.items.map(valueText).join(', ');
    return `...${axis.name?.text ?? ''}`;
  }
  const e = bare(axis.value);
  const named = e.kind === 'name' && known ? sizeNamed(scope, e.name) : undefined;
  const dim: Dim | undefined = named === undefined ? undefined : dimOf(named.value);
  return dim === undefined ? textAt({ source: declared.source, span: axis.span }) : dimText(dim);
}

function valueText(v: Value): string {
  const dim = dimOf(v);
  return dim === undefined ? '?' : dimText(dim);
}
