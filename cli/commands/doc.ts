/** `nnc doc`: what the prelude has, or a file declares, with the `##` comments that stand above it. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { builtins } from '../../compiler/elaborate/builtins/index.ts';
import { notYetBuiltins } from '../../compiler/elaborate/builtins/not-yet.ts';
import { otherFrameworks } from '../../compiler/elaborate/other-frameworks.ts';
import { prelude } from '../../compiler/elaborate/prelude.ts';
import { nearest, parse } from '../../grammar/index.ts';
import type { Context } from '../context.ts';
import { type Declared, declarationsIn } from '../declarations.ts';
import { declarationLines, listLines, nameLines } from '../doc-text.ts';
import { DiagnosticsError, EXIT, UserError } from '../failure.ts';
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
  if (what === undefined) return { all: [...library(), ...builtIn()] };
  const isFile = /\.nn$/.test(what) || existsSync(what);
  if (!isFile && name !== undefined)
    throw new UserError(`\`${what}\` is no .nn file`, `nnc doc ${name}`, EXIT.usage);
  const all = isFile ? declarationsOf(what) : [...library(), ...builtIn()];
  const wanted = isFile ? name : what;
  if (wanted === undefined) return { all };
  const found = all.find((one) => one.name === wanted);
  if (found === undefined) throw unknown(wanted, all, isFile ? what : undefined);
  return { all, wanted: found };
}

const library = (): readonly Declared[] =>
  prelude.flatMap(({ file, source }) => declarationsIn(file, source));

/** Throws DiagnosticsError where the file has syntax errors. */
function declarationsOf(path: string): readonly Declared[] {
  const source = readSource(path);
  const { file, diagnostics } = parse(source);
  if (diagnostics.some((one) => one.severity === 'error'))
    throw new DiagnosticsError(diagnostics, () => source);
  return declarationsIn(file, source);
}

/** Functions that no file declares. */
function builtIn(): readonly Declared[] {
  const missing = new Set(notYetBuiltins.map((one) => one.name));
  return [...builtins.values()]
    .filter(({ name }) => !missing.has(name))
    .map(({ name, parameters }): Declared => {
      const names = parameters.map(
        (one) => `${one.name}${one.skippable ? '?' : ''}${one.optional ? '=' : ''}`,
      );
      const signature = `${name}(${names.join(', ')})`;
      return {
        kind: 'built in',
        name,
        signature,
        short: signature,
        doc: 'Section 2.9 of docs/language.md says what it does.',
        text: '',
        file: 'built in',
        line: 0,
      };
    });
}

function unknown(name: string, all: readonly Declared[], file: string | undefined): UserError {
  const where = file ?? 'the library';
  if (file === undefined && notYetBuiltins.some((one) => one.name === name))
    return new UserError(
      `\`${name}\` belongs to the language, but this version does not compile it`,
      'docs/language.md, section 8, has the list',
    );
  const near = nearest(
    name,
    all.map((one) => one.name),
  );
  const other = file === undefined ? otherFrameworks[name] : undefined;
  const hint = near === undefined ? undefined : `did you mean \`${near}\`?`;
  const list = file === undefined ? 'nnc doc lists all' : `nnc doc ${file} lists all`;
  return new UserError(
    `${where} has nothing called \`${name}\``,
    other ?? hint ?? list,
    EXIT.usage,
  );
}
