/** What must hold of the tree of any text, of what is said about it, and of the edits that are offered. */
import { type Elaborated, elaborate } from '../../../compiler/elaborate/elaborate.ts';
import { lint } from '../../../compiler/lint/index.ts';
import { stdSources } from '../../../compiler/std/embedded.ts';
import {
  type Diagnostic,
  type File,
  parse,
  printAst,
  renderAll,
  renderFirst,
  type Source,
  type SourceLookup,
  toJson,
} from '../../../grammar/index.ts';
import { readImport } from './imported.ts';
import { checkDiagnosticPlaces, checkOrder, checkTreePlaces } from './places.ts';

/** Names the property that comes next. */
export type Must = (property: string) => void;

export interface Messages {
  readonly file: File;
  readonly elaborated: Elaborated;
  /** Of the syntax, of the meaning, and warnings. */
  readonly all: readonly Diagnostic[];
  /** Whether there are syntax errors. */
  readonly isBroken: boolean;
}

/** As `nnc check` does it, also the meaning of a text with syntax errors. */
export function checkMessages(source: Source, must: Must): Messages {
  must('parsing does not throw');
  const { file, diagnostics: syntax } = parse(source);
  must('the places of the tree lie inside the text');
  checkTreePlaces(file, source.text);
  must('the tree can be printed');
  printAst(file);
  must('syntax errors lie inside the text, in order, none twice');
  checkDiagnosticPlaces(syntax, () => source);
  checkOrder(syntax, source.name);
  const isBroken = syntax.some((one) => one.severity === 'error');

  must('elaboration does not throw');
  const elaborated = elaborate(file, { source, readImport, onlyCheck: true });
  const lookup = lookupOf([source, ...stdSources, ...elaborated.sources]);
  must('mistakes lie inside their texts, in order, none twice');
  checkDiagnosticPlaces(elaborated.diagnostics, lookup);
  checkOrder(elaborated.diagnostics, source.name);
  must('a file without errors is a model, and one with errors is none');
  const isFaulty = elaborated.diagnostics.some((one) => one.severity === 'error');
  if (isFaulty === (elaborated.model !== undefined)) throw new Error('it is the other way round');
  must('lints do not throw');
  const warnings = isBroken ? [] : lint(file, source, elaborated);
  must('warnings lie inside their texts, in order, none twice');
  checkDiagnosticPlaces(warnings, lookup);
  checkOrder(warnings, source.name);

  must('messages can be shown');
  const all = [...syntax, ...elaborated.diagnostics, ...warnings];
  renderAll(all, lookup);
  renderFirst(all, lookup);
  JSON.stringify(toJson([source.name], all, lookup, (name) => `nnc:${name}`));
  return { file, elaborated, all, isBroken };
}

const lookupOf =
  (sources: readonly Source[]): SourceLookup =>
  (name) =>
    sources.find((one) => one.name === name);

/** Each is a text to parse; a text with hundreds of mistakes would take long. */
const mostEdits = 20;

export function checkEdits(source: Source, { all, isBroken }: Messages, must: Must): void {
  must('an edit brings no syntax error');
  const own = all.filter(({ fix, file }) => fix !== undefined && file === source.name);
  for (const one of own.slice(0, mostEdits)) checkEdit(source, one, isBroken);
}

/** In a text with syntax errors an edit may bring others to light; its own must be gone. */
function checkEdit({ name, text }: Source, one: Diagnostic, isBroken: boolean): void {
  const { code, fix, span } = one;
  if (fix === undefined) return;
  const edited = text.slice(0, fix.span.start) + fix.text + text.slice(fix.span.end);
  if (edited === text) throw new Error(`the edit of ${code} changes nothing`);
  const source = { name, text: edited };
  const found = parse(source).diagnostics;
  const after = isBroken
    ? found.filter((d) => d.message === one.message && d.span.start === span.start)
    : found;
  if (after.length > 0)
    throw new Error(`that of ${code}:\n${edited}\n${renderAll(after, () => source)}`);
}
