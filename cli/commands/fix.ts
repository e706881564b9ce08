/** `nnc fix`: applies the safe edits that messages carry, and shows what is left. */
import type { Command } from 'commander';
import { applyFixes, type Fixed, lineAt, renderFirst, type Source } from '../../grammar/index.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT, UserError } from '../failure.ts';
import { unifiedDiff } from '../line-diff.ts';
import { checkSource } from '../load-model.ts';
import { type SetOption, withSet } from '../model-options.ts';
import { counted } from '../numbers.ts';
import { replaceFile } from '../replace-file.ts';
import { messageOf, readSource } from '../source-file.ts';
import type { Output } from '../terminal.ts';

interface Options extends SetOption {
  readonly dryRun?: boolean;
}

export function registerFix(program: Command, { terminal }: Context): void {
  const command = program
    .command('fix')
    .description('mend the mistakes for which there is a safe edit; nothing is guessed')
    .argument('<files...>', '.nn files')
    .option('--dry-run', 'show the difference and leave the files alone');
  withSet(command).action((files: readonly string[], options: Options) => {
    let faulty = 0;
    for (const file of files) {
      const source = readSource(file);
      const fixed = applyFixes(
        source,
        (text) => checkSource(text, { ...options, onlyCheck: true }).diagnostics,
      );
      if (options.dryRun === true) printDiff(source, fixed, terminal.results);
      else if (fixed.text !== source.text) write(file, fixed.text);
      printResult(source, fixed, options, terminal.results);
      if (fixed.left.some(({ severity }) => severity === 'error')) faulty++;
    }
    if (faulty > 0) throw new Ended(EXIT.error);
  });
}

function printDiff(source: Source, { text }: Fixed, { line, paint }: Output): void {
  for (const one of unifiedDiff(source.name, source.text, text)) {
    const style = one.startsWith('+') ? 'good' : one.startsWith('-') ? 'error' : 'gutter';
    line(one.startsWith(' ') ? one : paint(one, style));
  }
}

function printResult(
  source: Source,
  { text, applied, left }: Fixed,
  options: Options,
  { line, paint }: Output,
): void {
  for (const { code, message, fix } of applied) {
    const place = `${source.name}:${lineAt(source.text, fix?.span.start ?? 0)}`;
    line(`${place}: ${paint(code, 'good')} ${message}`);
  }
  if (left.length > 0) {
    const { sources } = checkSource({ name: source.name, text }, options);
    line(`${applied.length > 0 ? '\n' : ''}${renderFirst(left, sources, paint)}\n`);
  }
  const errors = left.filter(({ severity }) => severity === 'error').length;
  const would = options.dryRun === true && applied.length > 0 ? ' (not written)' : '';
  const mended = applied.length === 0 ? 'nothing to fix' : `fixed ${applied.length}${would}`;
  const rest = errors === 0 ? '' : `, ${paint(`${counted(errors, 'error')} left`, 'error')}`;
  line(`${source.name}: ${mended}${rest}`);
}

function write(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${messageOf(error)}`);
  }
}
