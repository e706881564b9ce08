/**
 * What helps, said in TypeScript. Messages are made for files and quote the language in backticks; where a mistake stands in
 * a program, those pieces of code become calls of this API. What is no code of the language stays as it is.
 */
import type { Diagnostic, Source } from '../grammar/index.ts';
import { isProgram } from './call-site.ts';
import { camelCase } from './spelling.ts';
import { codeInTypeScript } from './typescript-code.ts';

/** The diagnostics as a program's user reads them; those about texts of the language are the same. */
export const inTypeScript = (
  diagnostics: readonly Diagnostic[],
  sources: Iterable<Source>,
): readonly Diagnostic[] => {
  const programs = new Map([...sources].filter(isProgram).map((source) => [source.name, source]));
  return diagnostics.map((one) => {
    const source = programs.get(one.file);
    return source === undefined ? one : translated(one, source);
  });
};

/** An edit of the language would break a program. */
function translated({ fix: _, ...diagnostic }: Diagnostic, { text }: Source): Diagnostic {
  const { code, message, help } = diagnostic;
  const named = ofOptions.has(code) ? { ...diagnostic, message: optionsIn(message) } : diagnostic;
  return help === undefined ? named : { ...named, help: helpIn(help, code, text) };
}

/** Their names are those of options and of functions with options. */
const ofOptions: ReadonlySet<string> = new Set(['NN0108', 'NN0305', 'NN0501']);

const phrases: readonly (readonly [RegExp, string])[] = [
  [/; only a `let` may be replaced by a later `let`$/, ''],
  [/`layer (\w+)\(\)\(x\) \{ \.\.\. \}`/, "`layer('$1', {}, (l) => (x) => …)`"],
];

function helpIn(help: string, code: string, program: string): string {
  const said = phrases.reduce((text, [form, instead]) => text.replace(form, instead), help);
  if (ofOptions.has(code) && said.startsWith('did you mean')) return optionsIn(said);
  return said.replaceAll(/`([^`]+)`/g, (whole, piece: string) => {
    const instead = codeInTypeScript(piece, program);
    return instead === undefined ? whole : `\`${instead}\``;
  });
}

/** `minDelta` for `min_delta`, and `{ axis: 1 }` for `axis=1`. */
const optionsIn = (message: string): string =>
  message.replaceAll(/`(\w+)(=[^`]*)?`/g, (_, name: string, value?: string) =>
    value === undefined
      ? `\`${camelCase(name)}\``
      : `\`${codeInTypeScript(`${name}${value}`, '') ?? `${name}${value}`}\``,
  );
