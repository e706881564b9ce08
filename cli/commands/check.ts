/** `nnc check`: all mistakes of model files, as code frames or JSON. */
import type { Command } from 'commander';
import { type JsonDiagnostic, renderAll, toJson } from '../../grammar/index.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../failure.ts';
import { type Checked, checkModel } from '../load-model.ts';
import { type SetOption, withSet } from '../model-options.ts';
import { parametersText } from '../model-text.ts';
import { counted } from '../numbers.ts';

interface Options extends SetOption {
  readonly json?: boolean;
}

export function registerCheck(program: Command, context: Context): void {
  const command = program
    .command('check')
    .description('find the mistakes in model files without running them')
    .argument('<files...>', '.nn files')
    .option('--json', 'print an array of diagnostics for editors and scripts');
  withSet(command).action((files: readonly string[], options: Options) => {
    const checked = files.map((file) => checkModel(file, options));
    if (options.json === true) printJson(checked, context);
    else for (const one of checked) printChecked(one, context);
    if (checked.some((one) => one.model === undefined)) throw new Ended(EXIT.error);
  });
}

function printJson(checked: readonly Checked[], { terminal }: Context): void {
  const all: readonly JsonDiagnostic[] = checked.flatMap(({ diagnostics, sources }) =>
    toJson(diagnostics, sources),
  );
  terminal.results.line(JSON.stringify(all, null, 2));
}

function printChecked(
  { source, sources, model, diagnostics }: Checked,
  { terminal }: Context,
): void {
  const { results } = terminal;
  if (diagnostics.length > 0) results.line(`${renderAll(diagnostics, sources, results.paint)}\n`);
  if (model === undefined) {
    const errors = diagnostics.filter((one) => one.severity === 'error').length;
    results.line(`${source.name}: ${results.paint(counted(errors, 'error'), 'error')}`);
    return;
  }
  results.line(`${source.name}: ${results.paint('ok', 'good')}, ${parametersText(model)}`);
  for (const guard of model.guards) results.line(`  checked when sizes are known: ${guard.text}`);
}
