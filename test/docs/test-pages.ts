/**
 * Tests that what pages show is so: their models are checked, their TypeScript is type-checked and run, their commands are
 * run, and what is printed is what they say. A block that is not run says why in its first line.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compile, ModelError } from '../../api/index.ts';
import { formatSource } from '../../grammar/index.ts';
import { projectFolder } from '../cli/run-nnc.ts';
import { type Block, type Page, shownAfter } from './page.ts';
import { type Program, startProgram } from './program.ts';
import { isShown, shownInComments } from './shown.ts';
import { createWorkplace } from './workplace.ts';

/** Blocks of a language that other tests run. */
const elsewhere: readonly (readonly [page: string, language: RegExp, test: string])[] = [
  ['docs/language.md', /^nn$/, 'test/elaborate/reference.test.ts'],
  ['docs/language.md', /^ebnf$/, 'test/fuzz/text'],
  ['docs/language.md', /^text$/, 'test/elaborate/*-diagnostics.test.ts, sentence by sentence'],
  ['docs/shipping.md', /./, 'test/cli/shipping-doc.test.ts and test/browser/module.test.ts'],
];

/** Declares the tests of some pages, and one of the types of `typed`, which takes one compiler; a test file has them to itself. */
export function testPages(pages: readonly Page[], typed: readonly Page[]): void {
  const place = createWorkplace();
  afterAll(() => place.remove());

  describe.each(pages.filter((page) => page.blocks.length > 0))('$name', (page) => {
    const folder = place.folderFor(page.name);
    const programs = programsOf(page);
    const program: Program | undefined =
      programs.length === 0 ? undefined : startProgram(page, programs, folder, place.env);
    afterAll(() => program?.stop());

    test.each(
      page.blocks.map((block) => [`line ${block.line}: ${block.language}`, block] as const),
    )('%s', async (_, block) => {
      const excuse = excuseOf(page, block);
      if (excuse !== undefined) {
        told(
          `${page.name}${excuse.startsWith('not') ? `:${block.line}` : ''}: ${block.language} ${excuse}`,
        );
        return;
      }
      switch (block.language) {
        case 'nn':
          checkModel(page, block, folder);
          break;
        case 'sh': {
          const { code, text } = await place.shell(commandsOf(block), folder);
          expect([code, text], text).toEqual([Number(block.marks.get('exit') ?? 0), text]);
          const shown = shownAfter(page, block);
          if (shown !== undefined) expectShown(shown.text, text);
          break;
        }
        case 'ts':
          if (block.name !== undefined) writeFileSync(path.join(folder, block.name), block.text);
          else if (program !== undefined) expectPrinted(page, block, await program.until(block));
          break;
        default:
          checkOutput(page, block);
      }
    });

    if (program !== undefined)
      test('the program ends by itself', async () => {
        await program.finish();
      });
  });

  test.each(pages)('links of $name lead somewhere', ({ name, lines }) => {
    const links = [...lines.join('\n').matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)].map(
      ([, link = '']) => link,
    );
    const folder = path.dirname(path.join(projectFolder, name));
    expect(links.filter((link) => !existsSync(path.join(folder, link)))).toEqual([]);
  });

  if (typed.length > 0)
    test('the types of all programs', () => {
      for (const page of typed.filter((one) => !pages.includes(one))) {
        const folder = place.folderFor(page.name);
        startProgram(page, programsOf(page), folder, place.env);
        for (const { language, name, text } of page.blocks)
          if (language === 'ts' && name !== undefined) writeFileSync(path.join(folder, name), text);
      }
      const config = {
        extends: path.join(projectFolder, 'tsconfig.json'),
        compilerOptions: {
          // A page shows more than it uses, and is for readers with `strict` alone, too.
          noUnusedLocals: false,
          noPropertyAccessFromIndexSignature: false,
          typeRoots: [
            path.join(projectFolder, 'node_modules/@types'),
            path.join(projectFolder, 'node_modules'),
          ],
        },
        include: ['*/*.ts'],
      };
      writeFileSync(path.join(place.folder, 'tsconfig.json'), JSON.stringify(config));
      const tsc = path.join(projectFolder, 'node_modules/typescript/bin/tsc');
      let mistakes = '';
      try {
        execFileSync(process.execPath, [tsc, '-p', '.'], { cwd: place.folder, encoding: 'utf8' });
      } catch (error) {
        mistakes = String((error as { readonly stdout?: unknown }).stdout);
      }
      expect(mistakes).toBe('');
    });
}

const said = new Set<string>();
/** Prints a line, once. */
function told(line: string): void {
  if (!said.has(line)) console.info(line);
  said.add(line);
}

const isProgram = (block: Block): boolean => block.language === 'ts' && block.name === undefined;
const programsOf = (page: Page): readonly Block[] =>
  page.blocks.filter((block) => isProgram(block) && !isExcused(page, block));
const isExcused = (page: Page, block: Block): boolean => excuseOf(page, block) !== undefined;

/** Why a block is not run here. */
function excuseOf(page: Page, { language, marks }: Block): string | undefined {
  const reason = marks.get('not-run');
  if (reason !== undefined) return `not run: ${reason}`;
  const other = elsewhere.find(([name, kind]) => name === page.name && kind.test(language));
  return other && `run by ${other[2]}`;
}

function commandsOf({ text, marks }: Block): string {
  const short = marks.get('short');
  return short === undefined ? text : text.replaceAll(/^nnc train .*?(?=$| #)/gm, `$& ${short}`);
}

/** A model is a file of the page if it has a name; it is canonical, without mistakes and warnings, and its `expect`s hold. */
function checkModel(page: Page, block: Block, folder: string): void {
  const { text, marks } = block;
  const name = block.name ?? 'model.nn';
  if (block.name !== undefined) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const wanted = (mark: string): readonly string[] => marks.get(mark)?.split(' ') ?? [];
  const readImport = (imported: string) => ({
    name: imported,
    text: readFileSync(path.join(folder, imported), 'utf8'),
  });
  try {
    const model = compile(text, { name, readImport });
    expect(model.warnings.map((one) => one.code)).toEqual(wanted('warnings'));
    expect(model.test().filter((one) => !one.holds)).toEqual([]);
    expect(wanted('errors')).toEqual([]);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    expect(
      error.diagnostics.map((one) => one.code),
      error.message,
    ).toEqual(wanted('errors'));
    const shown = shownAfter(page, block);
    if (shown !== undefined) expectShown(shown.text, error.message);
  }
  expect(formatSource({ name, text }).text).toBe(text);
}

function expectPrinted(page: Page, block: Block, printed: string): void {
  const below = shownAfter(page, block);
  const behind = shownInComments(block);
  if (below !== undefined && behind !== undefined)
    throw new Error('what it prints is said twice: in comments and in a block below');
  const shown = below?.text ?? behind;
  if (shown === undefined) expect(printed, 'it prints, and the page does not show what').toBe('');
  else expectShown(shown, printed);
}

function expectShown(shown: string, printed: string): void {
  if (isShown(shown, printed)) return;
  // Side by side, as a difference.
  expect(printed.trim()).toBe(shown.trim());
  throw new Error(`what is printed is not what is shown:\n${printed}`);
}

/** Output belongs to what stands before it; alone it shows nothing that could be so or not. */
function checkOutput(page: Page, block: Block): void {
  const { language, text } = block;
  const before = page.blocks[page.blocks.indexOf(block) - 1];
  if (before !== undefined && shownAfter(page, before) === block && !isExcused(page, before)) {
    const compared =
      ['ts', 'sh'].includes(before.language) ||
      (before.language === 'nn' && before.marks.has('errors'));
    if (compared) return;
  }
  if (language === 'json') JSON.parse(text);
  else throw new Error(`nothing checks this ${language}: mark it with not-run="why"`);
}
