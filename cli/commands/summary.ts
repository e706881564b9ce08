/** `nnc summary`: where a model's parameters are, what goes in and what comes out. */
import type { Command } from 'commander';
import { printSummary, summaryData } from '../../compiler/elaborate/summary.ts';
import type { Context } from '../context.ts';
import { loadModel } from '../load-model.ts';
import { type SetOption, withSet } from '../model-options.ts';

interface Options extends SetOption {
  readonly json?: boolean;
}

export function registerSummary(program: Command, context: Context): void {
  const command = program
    .command('summary')
    .description('the layers of a model with their shapes and parameters')
    .argument('<file>', 'the model: a .nn file, or a program that exports it')
    .option('--json', 'print it as JSON, with every tensor by its path');
  withSet(command).action(async (file: string, options: Options) => {
    const { model } = await loadModel(file, options);
    const { results } = context.terminal;
    if (options.json === true) results.line(JSON.stringify(summaryData(model), null, 2));
    else results.write(printSummary(model, results.interactive ? results.columns : undefined));
  });
}
