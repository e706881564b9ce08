/**
 * Writes `api/library.ts`, the types of `nn` and `ops`, from the signatures of the prelude and of the built-in functions, so
 * that they cannot say something else. Run it after every change there: `node scripts/library-types.ts`.
 */

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtins } from '../compiler/elaborate/builtins/index.ts';
import { isNotYet } from '../compiler/elaborate/builtins/not-yet.ts';
import { documentedPrelude } from '../compiler/elaborate/documented-prelude.ts';
import type { ParsedSource } from '../compiler/elaborate/prelude.ts';
import { isPrivate } from '../compiler/elaborate/scope.ts';
import type { Expr, FnDecl, LayerDecl, Param, Stmt } from '../grammar/index.ts';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'api', 'library.ts');

const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
/** Words that TypeScript keeps for itself. */
const parameterName = (name: string): string => (name === 'in' ? 'inputs' : camelCase(name));

/** What a value without a type may be, by what it is unless given. */
function defaultType(value: Expr): string {
  switch (value.kind) {
    case 'bool':
      return 'boolean';
    case 'number':
    case 'unary':
      return 'Operand';
    case 'string':
      return 'string';
    case 'name':
      return 'Applicable';
    default:
      return 'Operand | readonly Operand[]';
  }
}

function parameterType({ type, default: value }: Param): string {
  if (type === undefined) return value === undefined ? 'Operand' : defaultType(value);
  if (type.axes !== undefined) return 'TensorLike';
  switch (type.name.text) {
    case 'dim':
      return 'AnySize';
    case 'int':
      return 'number';
    case 'float':
      return 'Operand';
    case 'bool':
      return 'boolean';
    case 'fn':
      return 'Applicable';
    case 'list':
      return 'readonly unknown[]';
    default:
      return 'TensorLike';
  }
}

interface Signature {
  readonly required: readonly string[];
  readonly skippable: readonly string[];
  readonly options: readonly string[];
}

function signatureOf(params: readonly Param[]): Signature {
  const text = (p: Param, mark = ''): string =>
    `${p.pattern.kind === 'name' ? parameterName(p.pattern.name.text) : 'x'}${mark}: ${parameterType(p)}`;
  const isOption = (p: Param): boolean => p.default !== undefined;
  return {
    required: params.filter((p) => !isOption(p) && !p.optional).map((p) => text(p)),
    skippable: params.filter((p) => p.optional).map((p) => text(p)),
    options: params.filter(isOption).map((p) => text(p, '?')),
  };
}

/** One overload for each way to leave out what may be left out. */
function overloads({ required, skippable, options }: Signature, result: string): string[] {
  const last =
    options.length === 0 ? [] : [`options?: { readonly ${options.join('; readonly ')} }`];
  const lists = skippable.length === 0 ? [required] : [required, [...skippable, ...required]];
  return lists.map((list) => `(${[...list, ...last].join(', ')}): ${result}`);
}

/** Without its first argument, which a pipe brings: `x.pipe(nn.dropout(0.1))`. */
const stages = (signature: Signature): string[] =>
  signature.required.length < 2
    ? []
    : overloads({ ...signature, required: signature.required.slice(1) }, 'Layer');

function member(name: string, doc: string, signature: string, calls: readonly string[]): string {
  const lines = `${doc}\n\n\`${signature}\``.replaceAll('*/', '* /').trim().split('\n');
  const comment = lines.map((line) => `   * ${line}`.trimEnd()).join('\n');
  const type = calls.length === 1 ? arrow(calls[0] ?? '') : `{ ${calls.join('; ')} }`;
  return `  /**\n${comment}\n   */\n  readonly ${camelCase(name)}: ${type};`;
}
const arrow = (call: string): string => call.replace(/\): ([^:]*)$/, ') => $1');

const statementsOf = ({ body }: FnDecl | LayerDecl): readonly Stmt[] =>
  body.kind === 'block' ? body.stmts : [];

/** The head of a declaration as it stands in the prelude. */
function headOf({ source }: ParsedSource, decl: FnDecl | LayerDecl): string {
  const head = source.text.slice(decl.name.span.start, decl.body.span.start);
  return head
    .replace(/\s*=?\s*\{?\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function layerMember(home: ParsedSource, decl: LayerDecl): string {
  const own = statementsOf(decl).flatMap((s) =>
    s.kind === 'param' || s.kind === 'state' ? [`'${s.name.text}'`] : [],
  );
  // What it is given may own parameters, of which nothing is known here.
  const given = decl.config.filter((p) => p.default === undefined).map((p) => p.type?.name.text);
  const inner = given.includes('fn') || given.includes('list');
  const named = own.length > 0 && !inner ? own.join(' | ') : 'string';
  return member(
    decl.name.text,
    decl.doc ?? '',
    headOf(home, decl),
    overloads(signatureOf(decl.config), `Layer<${named}>`),
  );
}

function fnMember(home: ParsedSource, decl: FnDecl): string {
  const { body } = decl;
  const value = body.kind === 'expression' ? body.value : statementsOf(decl).at(-1);
  const result =
    value?.kind === 'lambda'
      ? 'Applicable'
      : value?.kind === 'return' && value.value.kind === 'tuple'
        ? 'readonly Tensor[]'
        : 'Tensor';
  return member(decl.name.text, decl.doc ?? '', headOf(home, decl), [
    ...overloads(signatureOf(decl.params), result),
    ...(result === 'Tensor' ? stages(signatureOf(decl.params)) : []),
  ]);
}

/** Types of the parameters of built-in functions, by their names. */
const builtinTypes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['x', 'y', 'a', 'b', 'yes', 'no', 'low', 'high', 'mean', 'deviation', 'p', 'value'].map(
      (name) => [name, 'Operand'],
    ),
  ),
  ...Object.fromEntries(
    ['condition', 'tensor', 'ids', 'updates', 'i', 'like'].map((name) => [name, 'TensorLike']),
  ),
  ...Object.fromEntries(
    ['keepdims', 'reverse', 'exclusive', 'descending'].map((name) => [name, 'boolean']),
  ),
  ...Object.fromEntries(
    ['offset', 'k', 'ddof', 'ord', 'start', 'stop'].map((name) => [name, 'number']),
  ),
  axis: 'number | readonly number[] | string',
  keep: 'number | readonly number[]',
  axes: 'number | readonly (number | readonly number[])[]',
  shape: 'readonly AnySize[]',
  tensors: 'readonly TensorLike[]',
  parts: 'number | readonly AnySize[]',
  widths: 'readonly (AnySize | readonly AnySize[])[]',
  mode: "'constant' | 'edge' | 'reflect' | 'symmetric' | 'wrap'",
  shift: 'number | readonly number[]',
  counts: 'number | readonly number[]',
  count: 'number',
  n: 'AnySize',
  pattern: 'string',
  dtype: 'DType',
  besides: 'readonly number[]',
};
const builtinResults: Readonly<Record<string, string>> = {
  split: 'Tensor[]',
  topk: 'Tensor[]',
  shape: 'AnySize[]',
  size: 'AnySize',
};
/** For the prelude's own use, or with types of their own elsewhere. */
const left = new Set(['given', 'one_of', 'grad']);
/** Sizes of axes may be given by their names in the pattern. */
const withSizes = new Set(['rearrange', 'einsum']);

function builtinMember(name: string): string {
  const builtin = builtins.get(name);
  if (builtin === undefined) throw new Error(`no built-in function ${name}`);
  const text = (p: { readonly name: string }, mark = ''): string => {
    const type = builtinTypes[p.name];
    if (type === undefined) throw new Error(`say in ${file} what \`${p.name}\` of ${name} may be`);
    return `${parameterName(p.name)}${mark}: ${type}`;
  };
  const { parameters, doc } = builtin;
  const signature: Signature = {
    required: parameters.filter((p) => !p.optional).map((p) => text(p, p.skippable ? '?' : '')),
    skippable: [],
    options: parameters.filter((p) => p.optional).map((p) => text(p, '?')),
  };
  const result = builtinResults[name] ?? 'Tensor';
  const calls = withSizes.has(name)
    ? [
        `(${[...signature.required, 'sizes?: Readonly<Record<string, AnySize>>'].join(', ')}): ${result}`,
      ]
    : overloads(signature, result);
  const list = parameters.map((p) => `${p.name}${p.optional ? '=' : p.skippable ? '?' : ''}`);
  return member(name, doc, `${name}(${list.join(', ')})`, calls);
}

/** The text of `library.ts` for the signatures as they are. */
export function libraryText(): string {
  const members = documentedPrelude.flatMap((home) =>
    home.file.items.flatMap((item) =>
      (item.kind !== 'fn' && item.kind !== 'layer') || isPrivate(item.name.text)
        ? []
        : [item.kind === 'layer' ? layerMember(home, item) : fnMember(home, item)],
    ),
  );
  const builtin = [...builtins.values()]
    .filter((one) => !isNotYet(one) && !left.has(one.name))
    .map((one) => builtinMember(one.name));
  return `/** The types of \`nn\` and \`ops\`. Written by scripts/library-types.ts; change the prelude or the built-in functions instead. */
import type { DType } from '../compiler/graph/dtype.ts';
import type { Layer, repeat } from './layer.ts';
import type { Operators } from './operators.ts';
import type { AnySize } from './size.ts';
import type { Tensor, TensorLike } from './tensor.ts';

/** A tensor, or what becomes one beside others. */
export type Operand = TensorLike | AnySize;
/** A layer, a function of \`nn\` or \`ops\`, or one of the program. */
export type Applicable = (...args: never[]) => unknown;

// biome-ignore format: one member a line, as it is written.
export interface Builtins {
${builtin.join('\n')}
}

/** Layers, functions, losses, metrics, initial values, optimizers and schedules: the type of \`nn\`. */
// biome-ignore format: one member a line, as it is written.
export interface Nn extends Builtins {
  /** A layer several times in turn. */
  readonly repeat: typeof repeat;
${members.join('\n')}
}

/** Built-in functions and operators: the type of \`ops\`. */
export interface Ops extends Builtins, Operators {}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, libraryText());
