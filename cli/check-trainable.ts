/** Whether there is anything to train, and whether the options can have an effect on it. */
import { report } from '../grammar/index.ts';
import { DiagnosticsError, UserError } from './failure.ts';
import type { LoadedModel, ModelOptions } from './load-model.ts';

/** Throws DiagnosticsError NN0501, or UserError. */
export function checkTrainable(
  { model, file, source, sources }: LoadedModel,
  flags: Pick<ModelOptions, 'lr' | 'optimizer' | 'clip'>,
): void {
  const params = new Set(model.params.map((param) => param.path));
  const byHand = model.training.updates.some((update) => params.has(update.path));
  const losses = model.training.losses.length > 0;
  if (!byHand && !losses) {
    const place = { file: source.name, span: { start: 0, end: 0 } };
    throw new DiagnosticsError([report('NN0501', { problem: 'nothing' }, place)], sources);
  }
  if (params.size === 0)
    throw new UserError(
      `${source.name} has a loss, but no parameters that could make it smaller`,
      'layers such as `dense(10)` have some; one of your own is `param w: f32 = 1`',
    );
  if (model.optimization !== undefined) return;
  if (!byHand)
    throw new UserError(
      `${source.name} has a loss, but nothing says how to minimise it`,
      file.items.some((item) => item.kind === 'train')
        ? 'add a line to its `train { … }`: `optimizer: adam(lr=1e-3)`, or give --optimizer "adam(lr=1e-3)"'
        : 'write `train { optimizer: adam(lr=1e-3) }`, or give --optimizer "adam(lr=1e-3)"',
    );
  const useless = (['lr', 'optimizer', 'clip'] as const).find((key) => flags[key] !== undefined);
  if (useless !== undefined)
    throw new UserError(
      `--${useless} has no effect: ${source.name} updates its parameters by hand`,
      'make the rate a constant of the file, `const lr = 0.1`, and give --set lr=0.05',
    );
}
