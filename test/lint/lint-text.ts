/** Lints text for tests: a program without errors, and the warnings that it gets. */
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import { lint } from '../../compiler/lint/index.ts';
import { type Diagnostic, parse, renderAll, type Source } from '../../grammar/index.ts';

export function lintText(text: string, name = 'test.nn'): readonly Diagnostic[] {
  const source: Source = { name, text };
  const { file, diagnostics } = parse(source);
  const elaborated = elaborate(file, { source });
  const errors = [...diagnostics, ...elaborated.diagnostics];
  if (errors.length > 0) throw new Error(renderAll(errors, () => source));
  return lint(file, source, elaborated);
}

/** As `nnc check` shows them. */
export const shownWarnings = (text: string): string =>
  renderAll(lintText(text), (name) => (name === 'test.nn' ? { name, text } : undefined));

/** The text after the fix of a diagnostic. */
export function applied(text: string, { fix }: Diagnostic): string {
  if (fix === undefined) throw new Error('there is no fix');
  return text.slice(0, fix.span.start) + fix.text + text.slice(fix.span.end);
}
