/** Pages of the documentation as what is in them to run: fenced blocks, each with its place, its language and its marks. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../cli/run-nnc.ts';

/**
 * A block of a page. Behind its language there may stand the name of the file that it is, and marks: `not-run="why"`;
 * `errors="NN0202"` and `warnings="NN0910"` for a model that is wrong on purpose; `exit="1"` for commands that fail; `short="--limit 100"`
 * is added to each `nnc train`, where what the page says would take too long; `twin="glyphs.nn"` for a block whose `glyphs` is the model
 * of that file, but for what is said of training beside the optimizer.
 */
export interface Block {
  readonly language: string;
  readonly name: string | undefined;
  readonly marks: ReadonlyMap<string, string>;
  readonly text: string;
  /** Of the opening and of the closing fence, from 1. */
  readonly line: number;
  readonly end: number;
}

export interface Page {
  /** `docs/training.md` */
  readonly name: string;
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
}

/** README and everything below docs/. */
export function readPages(): readonly Page[] {
  const docs = readdirSync(path.join(projectFolder, 'docs'), {
    recursive: true,
    encoding: 'utf8',
  });
  const pages = docs.filter((name) => name.endsWith('.md')).sort();
  return ['README.md', ...pages.map((name) => `docs/${name.replaceAll(path.sep, '/')}`)].map(
    (name) => readPage(name, readFileSync(path.join(projectFolder, name), 'utf8')),
  );
}

export function readPage(name: string, text: string): Page {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const info = /^```(.*)$/.exec(lines[at] ?? '')?.[1];
    if (info === undefined) {
      if (/^\s*(?:[-*>]\s+|\d+\.\s+)?(?:```|~~~)/.test(lines[at] ?? ''))
        throw new Error(`${name}:${at + 1}: a block begins with \`\`\` at the left margin`);
      continue;
    }
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`${name}:${at + 1}: the block has no end`);
    const body = lines.slice(at + 1, end).map((line) => `${line}\n`);
    blocks.push({ ...readInfo(info), text: body.join(''), line: at + 1, end: end + 1 });
    at = end;
  }
  return { name, lines, blocks };
}

function readInfo(info: string): Pick<Block, 'language' | 'name' | 'marks'> {
  const marks = new Map(
    [...info.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const [language = '', name] = info.replaceAll(/ [\w-]+="[^"]*"/g, '').split(/\s+/);
  return { language, name: name === '' ? undefined : name, marks };
}

/** What a block prints, as the page has it: the block of output that is next, under the same heading. */
export function shownAfter({ blocks, lines }: Page, block: Block): Block | undefined {
  const next = blocks[blocks.indexOf(block) + 1];
  if (next === undefined || !['text', 'json', 'csv'].includes(next.language)) return undefined;
  const between = lines.slice(block.end, next.line - 1);
  return between.some((line) => line.startsWith('#')) ? undefined : next;
}
