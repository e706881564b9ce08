/**
 * Reporting a user's mistake: the diagnostic stands at the user's own line, and the line of the
 * prelude that complained becomes a fact below it.
 */

import { type Code, report as makeDiagnostic, type Params } from '../../grammar/catalogue/index.ts';
import type { Note } from '../../grammar/diagnostic.ts';
import { excerpt, lineStarts, lineText } from '../../grammar/source.ts';
import { type Dim, dimText, shapeText } from '../graph/dim.ts';
import { isStd, lineOf, type Run, userPlace } from './run.ts';
import {
  type Argument,
  type Place,
  type Tensor,
  type Unknown,
  unknown,
  type Value,
} from './value.ts';

export interface Extras {
  readonly label?: string | undefined;
  readonly notes?: readonly (Note | undefined)[];
  readonly facts?: readonly string[];
  readonly help?: string | undefined;
  readonly fix?: { readonly span: Place['span']; readonly text: string } | undefined;
}

/** Reports, and gives the value that silences what follows. One diagnostic a place and code. */
export function complain<C extends Code>(
  run: Run,
  code: C,
  params: Params<C>,
  place: Place,
  extras: Extras = {},
): Unknown {
  const at = userPlace(run, place);
  const own = at === place;
  const notes = [...(extras.notes ?? []), useOf(run, at)].filter((n) => n !== undefined);
  const required = own ? [] : [`required by ${requirement(place)}`];
  const diagnostic = makeDiagnostic(code, params, {
    file: at.source.name,
    span: at.span,
    label: own ? extras.label : undefined,
    notes: own ? notes : notes.filter((n) => !n.file.startsWith('std/')),
    facts: [
      ...(extras.facts ?? []),
      ...(own || extras.label === undefined ? [] : [extras.label]),
      ...required,
    ],
    help: extras.help,
    fix: own ? extras.fix : undefined,
  });
  const key = `${diagnostic.file}:${diagnostic.span.start}`;
  const before = run.reported.get(key);
  if (before?.has('error') || before?.has(code)) return unknown;
  run.reported.set(key, new Set([...(before ?? []), code, diagnostic.severity]));
  run.diagnostics.push(diagnostic);
  return unknown;
}

/** Of a mistake in an imported file: the line of the file at hand that led there. */
function useOf(run: Run, at: Place): Note | undefined {
  if (!run.library.files.has(at.source.name)) return undefined;
  const frame = run.frames.findLast((f) => f.place.source === run.main);
  if (frame !== undefined) return note(frame.place, 'used here');
  return note(run.importing[1]?.place, 'imported here');
}

/**
 * `std/losses.nn:12: nll(logp: float[...b, c], label: int[...b])`: on the lines of a declaration's head the
 * head, without options; elsewhere the line.
 */
export function requirement(place: Place): string {
  const { name, text } = place.source;
  const lineAt = (at: number): number => lineOf({ ...place, span: { start: at, end: at } });
  const own = lineOf(place);
  const declared = [...text.matchAll(/^(?:fn|layer)\s+/gm)].findLast(
    (m) => m.index <= place.span.start,
  );
  if (declared !== undefined) {
    const start = declared.index + declared[0].length;
    const head = headOf(text.slice(start));
    if (own <= lineAt(start + head.length))
      return `${name}:${lineAt(declared.index)}: ${withoutOptions(head)}`;
  }
  return `${name}:${own}: ${lineText(text, lineStarts(text), own).trim()}`;
}

/** The name and the lists of a declaration, up to its body. */
function headOf(text: string): string {
  let depth = 0;
  for (const [i, char] of [...text].entries()) {
    if (depth === 0 && (char === '{' || (char === '=' && /\s/.test(text[i - 1] ?? ''))))
      return text.slice(0, i).trimEnd();
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
  }
  return text;
}

/** `nll(logp: float[...b, c], label: int[...b])`, where `, reduction = "mean"` stood behind; on one line. */
const withoutOptions = (head: string): string =>
  head
    .replace(/\s+/g, ' ')
    .replace(/(\(|,) ?\w+(?:: ?\w+(?:\[[^\]]*\])?)? = [^()]*(?=\))/g, (_, before: string) =>
      before === '(' ? '(' : '',
    )
    .replace(/\( /g, '(')
    .replace(/,? ?\)/g, ')');

/** Reports a value of a kind that cannot stand here; `needed` says what can. */
export const misplaced = (
  run: Run,
  value: Value,
  place: Place,
  needed: string,
  help?: string,
): Unknown =>
  complain(run, 'NN0314', { text: textAt(place), is: describe(value), needed, help }, place);

/** Reports a number that is no size. */
export const impossibleSize = (run: Run, dim: Dim, place: Place): Unknown =>
  complain(
    run,
    'NN0313',
    {
      what: `${dimText(dim)} is no size`,
      help:
        dim === -1
          ? 'a size that the data decide has a name: `f32[batch, 4]`'
          : typeof dim === 'number' && dim > 0
            ? 'a size is at most 2,147,483,647'
            : 'a size is a whole number of at least 1',
    },
    place,
  );

export const refusePolicy = (run: Run, place: Place): Unknown =>
  complain(
    run,
    'NN0190',
    {
      what: '`policy` (the element types of parameters, computation and sums)',
      help: 'leave it out: everything is computed in f32; `cast(x, f16)` makes single tensors smaller',
    },
    place,
  );

export const note = (place: Place | undefined, message: string, equal = false): Note | undefined =>
  place === undefined
    ? undefined
    : { message, file: place.source.name, span: place.span, ...(equal ? { equal } : {}) };

export const textAt = ({ source, span, words }: Place, limit?: number): string =>
  words === undefined
    ? excerpt(source.text, span, limit)
    : excerpt(words, { start: 0, end: words.length }, limit);

/** All of a place as it stands there, for an edit; what a message says of it is cut. */
export const wordsAt = ({ source, span, words }: Place): string =>
  words ?? source.text.slice(span.start, span.end);

/** The words of a place where an index can follow: `(x + 1)`, but `x`, `f(x)` and `h[0]` as they are. */
export function indexableAt(place: Place): string {
  const text = textAt(place);
  return /^[\p{L}_][\p{L}\p{N}_.]*(\([^()]*\)|\[[^[\]]*\])*$/u.test(text) ? text : `(${text})`;
}

/** `f32[batch, 784]`, `f32`, `7`, `a layer`. */
export function describe(v: Value): string {
  switch (v.kind) {
    case 'number':
      return String(v.value);
    case 'size':
      return dimText(v.dim);
    case 'bool':
      return String(v.value);
    case 'string':
      return `"${v.value}"`;
    case 'dtype':
      return v.name;
    case 'list':
    case 'tuple':
      return `a ${v.kind} of ${v.items.length}`;
    case 'tensor':
      return typeText(v.node.type);
    case 'fn':
    case 'builtin':
    case 'native':
      return `the function \`${v.name}\``;
    case 'template':
      return `the layer \`${v.name}\``;
    case 'instance':
      return `the layer \`${v.text}\``;
    case 'chain':
    case 'block':
    case 'repeat':
      return 'a layer';
    case 'unknown':
      return 'unknown';
    default:
      return v satisfies never;
  }
}

export const typeText = (t: { readonly dtype: string; readonly shape: readonly Dim[] }): string =>
  t.shape.length === 0 ? t.dtype : `${t.dtype}${shapeText(t.shape)}`;

/** Whether an argument stands where its place says, whole: what comes down a longer pipe does not. */
export function isWritten({ value, place }: Argument): boolean {
  const { text } = place.source;
  return value.kind === 'tensor' && !/\|>\s*$/.test(text.slice(0, place.span.start));
}

/** `f32[n, 1] (dense(1), line 5)`. */
export function withOrigin(v: Tensor, detail = ''): string {
  return `${typeText(v.node.type)}${detail} ${originText(v)}`.trimEnd();
}

/** `(dense(1), line 5)`, or nothing where it is not known. */
export const originText = ({ origin }: Tensor): string =>
  origin === undefined || isStd(origin.place.source)
    ? ''
    : `(${origin.what}, line ${lineOf(origin.place)})`;
