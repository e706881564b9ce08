/**
 * What must hold of any text, and what must hold besides of generated programs. The first thing that does
 * not is the failure; what holds is not told.
 */
import { elaborate } from '../../../compiler/elaborate/elaborate.ts';
import type { NamedResult } from '../../../compiler/graph/print.ts';
import { printGraph } from '../../../compiler/graph/print.ts';
import { lint } from '../../../compiler/lint/index.ts';
import type { Model } from '../../../compiler/model.ts';
import { forwardResults } from '../../../compiler/print-stages.ts';
import { stdSources } from '../../../compiler/std/embedded.ts';
import {
  type Diagnostic,
  type File,
  formatSource,
  parse,
  printAst,
  renderAll,
  renderFirst,
  type Source,
  type SourceLookup,
  toJson,
} from '../../../grammar/index.ts';
import { computeAll } from './compute.ts';
import { readImport } from './imported.ts';
import { checkDiagnosticPlaces, checkOrder, checkTreePlaces } from './places.ts';

/** Edited texts, programs from the grammar, and programs that should mean something. */
export type Kind = 'edit' | 'grammar' | 'typed';

export interface Outcome {
  /** Absent where all is well. */
  readonly failure?: { readonly property: string; readonly message: string };
  /** The codes of its errors. */
  readonly errors: readonly string[];
  /** Of `nnc check` and `nnc fmt` together. */
  readonly milliseconds: number;
}

/** Of programs from the grammar. A shorter text may be none, so one that breaks this is not shrunk. */
export const isInLanguage = 'a program from the grammar has no syntax error';

/** More than this for one text is a failure. */
const mostMilliseconds = 2000;

export function checkText(text: string, kind: Kind): Outcome {
  let property = '';
  let errors: readonly string[] = [];
  const start = performance.now();
  let milliseconds = 0;
  /** Names what comes next. */
  const must = (name: string): void => {
    property = name;
  };
  try {
    const checked = checkFrontEnd(text, kind, must);
    errors = checked.errors;
    milliseconds = performance.now() - start;
    // Once more: the machine may have been at something else.
    if (milliseconds > mostMilliseconds)
      milliseconds = timeOf(() => checkFrontEnd(text, kind, must));
    if (kind === 'typed' && checked.model !== undefined) {
      must('the interpreter runs it');
      computeAll(checked.model);
      must('training and evaluation agree where nothing depends on it');
      checkAgreement(text, checked.model);
    }
    must(`checked within ${mostMilliseconds} ms`);
    if (milliseconds > mostMilliseconds) throw new Error(`it took ${milliseconds.toFixed(0)} ms`);
    return { errors, milliseconds };
  } catch (error) {
    const message = error instanceof Error ? String(error.stack ?? error.message) : String(error);
    return { failure: { property, message }, errors, milliseconds };
  }
}

function timeOf(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

interface CheckedText {
  readonly errors: readonly string[];
  readonly model?: Model;
}

function checkFrontEnd(text: string, kind: Kind, must: (name: string) => void): CheckedText {
  const source: Source = { name: 'fuzz.nn', text };
  must('parsing does not throw');
  const { file, diagnostics: syntax } = parse(source);
  must('the places of the tree lie inside the text');
  checkTreePlaces(file, text);
  must('the tree can be printed');
  printAst(file);
  must('syntax errors lie inside the text, in order, none twice');
  checkDiagnosticPlaces(syntax, () => source);
  checkOrder(syntax, source.name);
  const broken = syntax.some((one) => one.severity === 'error');
  must(isInLanguage);
  if (kind === 'grammar' && broken) throw new Error(renderAll(syntax, () => source));

  must('elaboration does not throw');
  const elaborated = elaborate(file, { source, readImport, onlyCheck: true });
  const lookup = lookupOf([source, ...stdSources, ...elaborated.sources]);
  must('mistakes lie inside their texts, in order, none twice');
  checkDiagnosticPlaces(elaborated.diagnostics, lookup);
  checkOrder(elaborated.diagnostics, source.name);
  must('a file without errors is a model, and one with errors is none');
  const faulty = elaborated.diagnostics.some((one) => one.severity === 'error');
  if (faulty === (elaborated.model !== undefined)) throw new Error('it is the other way round');
  must('lints do not throw');
  const warnings = broken ? [] : lint(file, source, elaborated);
  must('warnings lie inside their texts, in order, none twice');
  checkDiagnosticPlaces(warnings, lookup);
  checkOrder(warnings, source.name);
  must('messages can be shown');
  const all = [...syntax, ...elaborated.diagnostics, ...warnings];
  renderAll(all, lookup);
  renderFirst(all, lookup);
  JSON.stringify(toJson([source.name], all, lookup, (name) => `nnc:${name}`));
  must('an edit brings no syntax error');
  for (const one of all) checkEdit(source, one, broken);

  const errors = all.filter((one) => one.severity === 'error').map((one) => one.code);
  if (broken) return { errors };
  checkFormat(source, file, must);
  if (elaborated.model === undefined) return { errors };
  must('the canonical text means the same');
  const model = modelOf(source, file);
  const canonical = { ...source, text: formatSource(source).text ?? '' };
  const again = modelOf(canonical, parse(canonical).file);
  if (graphText(model) !== graphText(again))
    throw new Error(`\n${graphText(model)}\nand of the canonical text\n${graphText(again)}`);
  return { errors, model };
}

const lookupOf =
  (sources: readonly Source[]): SourceLookup =>
  (name) =>
    sources.find((one) => one.name === name);

/** In a text with syntax errors an edit may bring others to light; its own must be gone. */
function checkEdit({ name, text }: Source, one: Diagnostic, broken: boolean): void {
  const { code, file, fix, span } = one;
  if (fix === undefined || file !== name) return;
  const edited = text.slice(0, fix.span.start) + fix.text + text.slice(fix.span.end);
  if (edited === text) throw new Error(`the edit of ${code} changes nothing`);
  const source = { name, text: edited };
  const found = parse(source).diagnostics;
  const after = broken
    ? found.filter((d) => d.message === one.message && d.span.start === span.start)
    : found;
  if (after.length > 0)
    throw new Error(`that of ${code}:\n${edited}\n${renderAll(after, () => source)}`);
}

function checkFormat(source: Source, file: File, must: (name: string) => void): void {
  must('the canonical text keeps the tree and all comments');
  const { text, isFaithful } = formatSource(source);
  if (text === undefined || !isFaithful) throw new Error(`it becomes\n${text}`);
  const parsed = parse({ ...source, text });
  if (printAst(parsed.file) !== printAst(file)) throw new Error(`it becomes\n${text}`);
  must('the canonical text stays as it is');
  const again = formatSource({ ...source, text }).text;
  if (again !== text) throw new Error(`it becomes\n${text}\nand that\n${again}`);
}

function modelOf(source: Source, file: File): Model {
  const { model, diagnostics } = elaborate(file, { source, readImport });
  if (model === undefined)
    throw new Error(renderAll(diagnostics, (name) => (name === source.name ? source : undefined)));
  return model;
}

/** All that it computes, with the initial values. */
function graphText(model: Model): string {
  const results: NamedResult[] = [
    ...forwardResults(model.training),
    ...forwardResults(model.evaluation),
    ...[...model.params, ...model.states].map(({ path, init }) => ({ name: path, node: init })),
  ];
  return printGraph(model.graph, results, { origins: false });
}

function checkAgreement(text: string, { training, evaluation }: Model): void {
  if (/\b(training|dropout|batch_norm|update|attention)\b/.test(text)) return;
  const [first, second] = [forwardResults(training), forwardResults(evaluation)];
  for (const [i, { name, node }] of first.entries())
    if (second[i]?.node !== node) throw new Error(`${name} differs`);
}
