/** `nnc explain`: the page of a diagnostic's code, or the list of all codes. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Page, type PageCode, pages } from '../../grammar/catalogue/pages/index.ts';
import { nearest, renderAll } from '../../grammar/index.ts';
import type { Context } from '../context.ts';
import { checkSource } from '../load-model.ts';
import { wrapped } from '../paragraph.ts';
import type { Output } from '../terminal.ts';

interface Options {
  readonly json?: boolean;
}

/** Lines of text longer than this are hard to read, however wide the terminal is. */
const widest = 100;

export function registerExplain(program: Command, { terminal }: Context): void {
  program
    .command('explain')
    .description('what the code of a message means, with an example and its repair')
    .argument('[code]', 'such as NN0208; without one, all codes are listed', pageCode)
    .option('--json', 'print the page, or the list, as JSON')
    .action((code: PageCode | undefined, { json }: Options) => {
      const { results } = terminal;
      if (json === true)
        results.line(JSON.stringify(code === undefined ? all() : data(code), null, 2));
      else if (code === undefined) printList(results);
      else printPage(results, code, pages[code]);
    });
}

const codes = Object.keys(pages) as readonly PageCode[];

/** `NN0208`, also written `nn0208`, `208` or `error[NN0208]`. */
function pageCode(text: string): PageCode {
  const digits = /^(?:(?:error|warning)\[)?(?:nn)?(\d{1,4})\]?$/i.exec(text.trim())?.[1];
  const wanted = digits === undefined ? text : `NN${digits.padStart(4, '0')}`;
  const code = codes.find((one) => one === wanted);
  if (code !== undefined) return code;
  const near = nearest(wanted.toUpperCase(), codes);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new InvalidArgumentError(`There is no such code.${hint} \`nnc explain\` lists all.`);
}

function data(code: PageCode): Page & { readonly code: string } {
  return {
    code,
    ...pages[code],
    text: wrapped(pages[code].text, Number.POSITIVE_INFINITY).join('\n'),
  };
}

function all(): readonly { readonly code: string; readonly title: string }[] {
  return codes.map((code) => ({ code, title: pages[code].title }));
}

const families: Readonly<Record<string, string>> = {
  NN00: 'Characters and literals',
  NN01: 'Statements and expressions',
  NN02: 'Shapes, sizes and element types',
  NN03: 'Names and arguments',
  NN04: 'Gradients and values',
  NN05: 'Training, data and devices',
  NN09: 'Warnings',
};

function printList({ line, paint }: Output): void {
  let family = '';
  for (const code of codes) {
    if (code.slice(0, 4) !== family) {
      if (family !== '') line();
      family = code.slice(0, 4);
      line(paint(families[family] ?? family, 'strong'));
    }
    line(`  ${paint(code, 'help')}  ${pages[code].title}`);
  }
}

function printPage(
  output: Output,
  code: PageCode,
  { title, text, wrong, right, without }: Page,
): void {
  const { line, paint } = output;
  const width = Math.min(output.columns, widest);
  line(paint(`${code}: ${title}`, 'strong'));
  line();
  for (const one of wrapped(text, width)) line(one);
  line();
  if (without !== undefined) {
    for (const one of wrapped(`No example: ${lowerFirst(without)}`, width))
      line(paint(one, 'faint'));
  }
  if (wrong === undefined || right === undefined) return;
  const { diagnostics, sources } = checkSource({ name, text: wrong }, { onlyCheck: true });
  line(paint('A program that gets it', 'strong'));
  printProgram(output, wrong);
  line();
  line(renderAll(diagnostics, sources, paint));
  line();
  line(paint('Mended', 'strong'));
  printProgram(output, right);
}

function printProgram({ line }: Output, text: string): void {
  line();
  for (const one of text.trimEnd().split('\n')) line(`  ${one}`);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

const name = 'example.nn';
