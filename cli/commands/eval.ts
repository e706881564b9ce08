/** `nnc eval`: losses and metrics of trained weights on the rows for testing. */
import type { Command } from 'commander';
import { metricNames } from '../../compiler/programs.ts';
import { evaluate } from '../../train/index.ts';
import type { Context } from '../context.ts';
import { UserError } from '../failure.ts';
import { loadModel } from '../load-model.ts';
import { type RowOptions, withRows } from '../model-options.ts';
import { counted } from '../numbers.ts';
import { valuesText } from '../progress-line.ts';
import { withTrainedModel } from '../trained-model.ts';

export function registerEval(program: Command, context: Context): void {
  const command = program
    .command('eval')
    .description(
      'losses and metrics of trained weights, on the rows for testing where there are some',
    );
  withRows(command).action(async (file: string, options: RowOptions) => {
    const { terminal } = context;
    const loaded = loadModel(file, options);
    if (metricNames(loaded.model, 'eval').length === 0)
      throw new UserError(
        `${file} has neither a \`loss\` nor a \`metric\`: there is nothing to measure`,
        'nnc predict prints what its outputs are',
      );
    await withTrainedModel('eval', loaded, options, context, async ({ session, feed, batch }) => {
      const { values, rows } = await evaluate(session, loaded.model, feed, batch);
      terminal.results.line(`${valuesText(values)}   ${counted(rows, 'sample')} of ${feed.name}`);
    });
  });
}
