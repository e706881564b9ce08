/** Elaborates text for tests. Marks `«…»` in a source give the place where a diagnostic is expected. */
import { type ElaborateOptions, elaborate } from '../../compiler/elaborate/elaborate.ts';
import type { Model } from '../../compiler/model.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/parse.ts';
import type { Source } from '../../grammar/source.ts';

export interface Result {
  readonly model?: Model;
  readonly diagnostics: readonly Diagnostic[];
  /** Of the files that were imported. */
  readonly sources: readonly Source[];
}

export function elaborateText(text: string, options: Partial<ElaborateOptions> = {}): Result {
  const source = { name: 'test.nn', text };
  const { file, diagnostics } = parse(source);
  const result = elaborate(file, { source, ...options });
  return { ...result, diagnostics: [...diagnostics, ...result.diagnostics] };
}

/** The model of a text that must have no diagnostics at all. */
export function modelOf(text: string, options: Partial<ElaborateOptions> = {}): Model {
  const { model, diagnostics } = elaborateText(text, options);
  if (model === undefined || diagnostics.length > 0)
    throw new Error(
      diagnostics
        .map((d) => `${d.code} at ${text.slice(d.span.start, d.span.end)}: ${d.message}`)
        .join('\n'),
    );
  return model;
}

/** The text without its marks, and the marked places in order. */
export function unmark(marked: string): { text: string; marks: { start: number; end: number }[] } {
  const marks: { start: number; end: number }[] = [];
  const open: number[] = [];
  let text = '';
  for (const char of marked) {
    if (char === '«') open.push(text.length);
    else if (char === '»') marks.push({ start: open.pop() ?? 0, end: text.length });
    else text += char;
  }
  return { text, marks };
}

export const paths = (model: Model): string[] =>
  model.params.map((p) => `${p.path} [${p.node.type.shape.join(', ')}]`);
