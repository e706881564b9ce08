/** `--optimizer "adam(lr=1e-3)"`, `--clip 1.0`: what the file's `train` section says, given as text in place of it. */
import { parse } from '../../grammar/parse.ts';
import type { Source } from '../../grammar/source.ts';
import type { Written } from './optimizer.ts';
import type { Run } from './run.ts';
import { newScope } from './scope.ts';
import type { Scope } from './value.ts';

/** The text of a key of `train` as a file of its own, for messages. */
export const overrideSource = (key: 'optimizer' | 'clip', text: string): Source => ({
  name: `--${key}`,
  text: `train { ${key}: ${text} }`,
});

export function overridden(
  run: Run,
  key: 'optimizer' | 'clip',
  text: string | undefined,
  scope: Scope,
): Written | undefined {
  if (text === undefined) return undefined;
  const source = overrideSource(key, text);
  const { file, diagnostics } = parse(source);
  run.diagnostics.push(...diagnostics);
  const [section] = file.items;
  const entry = section?.kind === 'train' ? section.entries[0] : undefined;
  return entry === undefined ? undefined : { entry, scope: newScope(scope, source, scope.body) };
}
