/** `--optimizer "adam(lr=1e-3)"`: an optimizer given as text in place of the file's. */
import { parse } from '../../grammar/parse.ts';
import type { Source } from '../../grammar/source.ts';
import type { Written } from './optimizer.ts';
import type { Run } from './run.ts';
import { newScope } from './scope.ts';
import type { Scope } from './value.ts';

export function optimizerEntry(
  run: Run,
  text: string | undefined,
  scope: Scope,
): Written | undefined {
  if (text === undefined) return undefined;
  const source: Source = { name: '--optimizer', text: `train { optimizer: ${text} }` };
  const { file, diagnostics } = parse(source);
  run.diagnostics.push(...diagnostics);
  const [section] = file.items;
  const entry = section?.kind === 'train' ? section.entries[0] : undefined;
  return entry === undefined ? undefined : { entry, scope: newScope(scope, source, scope.body) };
}
