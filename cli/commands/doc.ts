/** `nnc doc`: what the prelude has, or a file declares, with the `##` comments that stand above it. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { nearest, parse } from '../../grammar/index.ts';
import type { Context } from '../context.ts';
import { type Declared, declarationsIn } from '../declarations.ts';
import { declarationLines, listLines, nameLines } from '../doc-text.ts';
import { DiagnosticsError, EXIT, UserError } from '../failure.ts';
import { library, unknown } from '../library.ts';
import { counted } from '../numbers.ts';
import { readSource } from '../source-file.ts';
import type { Output } from '../terminal.ts';

interface Options {
  readonly json?: boolean;
}

export function registerDoc(program: Command, { terminal }: Context): void {
  program
    .command('doc')
    .description('what the library or a model file has, and what its `##` comments say')
    .argument('[what]', 'a name such as dense, or a .nn file; without it, the library')
    .argument('[name]', 'one declaration of the file')
    .option('--json', 'print the declarations as JSON')
    .action((what: string | undefined, name: string | undefined, { json }: Options) => {
      const found = chosen(what, name);
      const { results } = terminal;
      if (json === true) results.line(JSON.stringify(found.wanted ?? found.all, null, 2));
      else for (const line of linesOf(found, what, results)) results.line(line);
    });
}

function linesOf(
  { all, wanted }: Chosen,
  file: string | undefined,
  output: Output,
): readonly string[] {
  if (wanted !== undefined) return declarationLines(wanted, output);
  const { paint } = output;
  const declared = all.filter((one) => one.kind !== 'built in');
  const rest = all.filter((one) => one.kind === 'built in');
  const how = `nnc doc ${file === undefined ? '' : `${file} `}NAME`;
  return [
    ...listLines(declared, output),
    ...(rest.length === 0 ? [] : ['', ...nameLines('built in', rest, output)]),
    '',
    paint(`${counted(all.length, 'name')}; \`${how}\` shows one of them`, 'faint'),
  ];
}

interface Chosen {
  readonly all: readonly Declared[];
  /** Absent where the whole list is wanted. */
  readonly wanted?: Declared;
}

function chosen(what: string | undefined, name: string | undefined): Chosen {
  if (what === undefined) return { all: library() };
  const isFile = /\.nn$/.test(what) || existsSync(what);
  if (!isFile && name !== undefined)
    throw new UserError(`\`${what}\` is no .nn file`, `nnc doc ${name}`, EXIT.usage);
  const all = isFile ? declarationsOf(what) : library();
  const wanted = isFile ? name : what;
  if (wanted === undefined) return { all };
  const found = all.find((one) => one.name === wanted);
  if (found === undefined) throw isFile ? unknownIn(what, wanted, all) : unknown(wanted, 'nnc doc');
  return { all, wanted: found };
}

/** Throws DiagnosticsError where the file has syntax errors. */
function declarationsOf(path: string): readonly Declared[] {
  const source = readSource(path);
  const { file, diagnostics } = parse(source);
  if (diagnostics.some((one) => one.severity === 'error'))
    throw new DiagnosticsError(diagnostics, () => source);
  return declarationsIn(file, source);
}

function unknownIn(file: string, name: string, all: readonly Declared[]): UserError {
  const near = nearest(
    name,
    all.map((one) => one.name),
  );
  const hint = near === undefined ? `nnc doc ${file} lists all` : `did you mean \`${near}\`?`;
  return new UserError(`${file} has nothing called \`${name}\``, hint, EXIT.usage);
}
