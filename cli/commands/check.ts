/** `nnc check`: all mistakes of model files, as code frames or JSON, and what looks like one. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { renderFirst, toJson } from '../../grammar/index.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../failure.ts';
import { type Checked, checkModel } from '../load-model.ts';
import { type SetOption, withSet } from '../model-options.ts';
import { parametersText } from '../model-text.ts';
import { counted } from '../numbers.ts';
import type { WarningOptions } from '../warnings.ts';

interface Options extends SetOption, WarningOptions {
  readonly json?: boolean;
  readonly timings?: boolean;
}

export function registerCheck(program: Command, context: Context): void {
  const command = program
    .command('check')
    .description('find the mistakes in model files without running them')
    .argument('<files...>', '.nn files')
    .option('--deny-warnings', 'warnings fail like errors')
    .option(
      '--json',
      'print diagnostics for editors and scripts, as the Language Server Protocol has them',
    )
    .option('--timings', 'say how long each file took, on standard error');
  withSet(command).action((files: readonly string[], options: Options) => {
    const checked = files.map((file) => {
      const start = context.now();
      const one = checkModel(file, { ...options, onlyCheck: true });
      if (options.timings === true) printTime(one, context.now() - start, context);
      return one;
    });
    if (options.json === true) printJson(checked, context);
    else for (const one of checked) printChecked(one, context);
    if (checked.some((one) => failed(one, options))) throw new Ended(EXIT.error);
  });
}

const failed = ({ model, diagnostics }: Checked, { denyWarnings }: WarningOptions): boolean =>
  model === undefined || (denyWarnings === true && diagnostics.length > 0);

function printTime({ source }: Checked, milliseconds: number, { terminal }: Context): void {
  const lines = source.text.split('\n').length;
  terminal.errors.line(
    `${source.name}: ${counted(lines, 'line')} in ${milliseconds.toFixed(0)} ms`,
  );
}

function printJson(checked: readonly Checked[], { terminal }: Context): void {
  const all = checked.flatMap(({ source, sources, diagnostics }) =>
    toJson([source.name], diagnostics, sources, (name) =>
      name.startsWith('std/') || name.startsWith('--')
        ? `nnc:${name}`
        : pathToFileURL(path.resolve(name)).href,
    ),
  );
  terminal.results.line(JSON.stringify(all, null, 2));
}

function printChecked(
  { source, sources, model, diagnostics }: Checked,
  { terminal }: Context,
): void {
  const { results } = terminal;
  if (diagnostics.length > 0) results.line(`${renderFirst(diagnostics, sources, results.paint)}\n`);
  const errors = diagnostics.filter((one) => one.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const warned = warnings === 0 ? '' : results.paint(counted(warnings, 'warning'), 'warning');
  if (model === undefined) {
    const failures = results.paint(counted(errors, 'error'), 'error');
    results.line(`${source.name}: ${[failures, warned].filter((t) => t !== '').join(', ')}`);
    return;
  }
  const state = warned === '' ? results.paint('ok', 'good') : warned;
  results.line(`${source.name}: ${state}, ${parametersText(model)}`);
  for (const guard of model.guards) results.line(`  checked when sizes are known: ${guard.text}`);
}
