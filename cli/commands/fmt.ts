/** `nnc fmt`: the canonical text of model files. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { InternalError } from '../../compiler/internal-error.ts';
import { formatSource, renderFirst, type Source } from '../../grammar/index.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT, UserError } from '../failure.ts';
import { counted } from '../numbers.ts';
import { replaceFile } from '../replace-file.ts';
import { messageOf, readSource } from '../source-file.ts';

interface Options {
  readonly check?: boolean;
  readonly stdout?: boolean;
}

const standardInput = '-';

export function registerFmt(program: Command, { terminal }: Context): void {
  program
    .command('fmt')
    .description('write model files in their canonical form; comments stay')
    .argument('<files...>', '.nn files; `-` is standard input, written to standard output')
    .option('--check', 'write nothing; list the files that would change and end with exit code 1')
    .option('--stdout', 'write the text to standard output and leave the files alone')
    .action((files: readonly string[], options: Options) => {
      let faulty = 0;
      let changed = 0;
      for (const file of files) {
        const source = file === standardInput ? readInput() : readSource(file);
        const text = canonical(source);
        if (typeof text !== 'string') {
          faulty++;
          const lookup = (): Source => source;
          terminal.errors.line(`${renderFirst(text.errors, lookup, terminal.errors.paint)}\n`);
          continue;
        }
        const isChanged = text !== source.text;
        if (isChanged) changed++;
        if (options.check === true) {
          if (isChanged) terminal.results.line(source.name);
        } else if (options.stdout === true || file === standardInput) {
          terminal.results.write(text);
        } else if (isChanged) {
          write(file, text);
          terminal.results.line(`formatted ${file}`);
        }
      }
      if (faulty > 0)
        throw new UserError(`${counted(faulty, 'file')} with syntax errors, left as they are`);
      if (options.check === true && changed > 0) throw new Ended(EXIT.error);
    });
}

/** The canonical text, or the errors that stand in its way. */
function canonical(
  source: Source,
): string | { readonly errors: Parameters<typeof renderFirst>[0] } {
  const { text, diagnostics, isFaithful } = formatSource(source);
  if (text === undefined) return { errors: diagnostics };
  if (!isFaithful)
    throw new InternalError('fmt', `the canonical form of ${source.name} means something else`);
  return text;
}

function readInput(): Source {
  return { name: '<stdin>', text: readFileSync(process.stdin.fd, 'utf8') };
}

function write(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${messageOf(error)}`);
  }
}
