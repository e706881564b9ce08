/** `nnc summary`: where a model's parameters are, what goes in and what comes out. */
import type { Command } from 'commander';
import { printSummary } from '../../compiler/elaborate/summary.ts';
import type { Context } from '../context.ts';
import { loadModel } from '../load-model.ts';
import { type SetOption, withSet } from '../model-options.ts';

export function registerSummary(program: Command, context: Context): void {
  const command = program
    .command('summary')
    .description('the layers of a model with their shapes and parameters')
    .argument('<file>', 'the model, a .nn file');
  withSet(command).action((file: string, options: SetOption) => {
    const { model } = loadModel(file, options);
    context.terminal.results.write(printSummary(model));
  });
}
