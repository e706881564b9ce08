/**
 * Random edits of valid sources: `parse` never throws, every span lies inside the file, and a single
 * deleted token is mostly one report. The seed is fixed and printed; FUZZ_SEED and FUZZ_SECONDS
 * change it and the time.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { printAst } from '../../grammar/print-ast.ts';
import { renderAll } from '../../grammar/render.ts';
import { scan } from '../../grammar/scan/scan.ts';
import { parseText } from './marked.ts';

const folder = new URL('examples/', import.meta.url);
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.nn'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const seed = Number(process.env['FUZZ_SEED'] ?? 20261122);
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 4);

/** Mulberry32: whole numbers from 0 to below `n`. */
function randomFrom(start: number): (n: number) => number {
  let state = start >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

const scraps = [
  ...['let', 'layer', 'fn', 'param', 'state', 'update', 'loss', 'train', 'repeat', 'if', 'else'],
  ...['|>', '=', '(', ')', '[', ']', '{', '}', ',', ':', '..', '...', '//', '/*', '"', "'", '#'],
  ...[
    '5.',
    '.5',
    '_',
    'def',
    'lambda x:',
    'None',
    '$',
    '\n',
    '\r',
    '\t',
    ';',
    '@',
    '**',
    '\\',
    'é',
  ],
  ...['\u{1f642}', '\ud800', '\u0000', '1e999', '0..4', 'as', 'in', 'from', 'vjp', 'nn', 'dim'],
];

function pick<T>(random: (n: number) => number, items: readonly T[], otherwise: T): T {
  return items[random(items.length)] ?? otherwise;
}

/** One to eight edits: characters and stretches deleted, doubled, moved; scraps put in. */
function edited(random: (n: number) => number): string {
  let text = pick(random, sources, '');
  for (let edits = 1 + random(8); edits > 0; edits--) {
    const start = random(text.length + 1);
    const end = Math.min(text.length, start + random(random(4) === 0 ? 200 : 6));
    const middle = text.slice(start, end);
    const kinds = [
      '',
      middle + middle,
      pick(random, scraps, ''),
      pick(random, sources, '').slice(0, 80),
    ];
    text = text.slice(0, start) + pick(random, kinds, '') + text.slice(end);
  }
  return text;
}

/** Everything called a span, wherever it is in the tree. */
function checkSpans(node: unknown, length: number): void {
  if (Array.isArray(node)) {
    for (const child of node) checkSpans(child, length);
  } else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key === 'span' || key === 'opSpan') {
        const { start, end } = value as { start: number; end: number };
        const inside = Number.isInteger(start) && Number.isInteger(end);
        if (!inside || start < 0 || end < start || end > length) {
          throw new Error(`span ${start} to ${end} of ${length}`);
        }
      } else {
        checkSpans(value, length);
      }
    }
  }
}

describe('fuzz', () => {
  it(`random edits, seed ${seed}`, { timeout: (seconds + 60) * 1000 }, () => {
    const random = randomFrom(seed);
    const end = Date.now() + seconds * 1000;
    let texts = 0;
    for (; Date.now() < end; texts++) {
      const text = edited(random);
      try {
        const { file, diagnostics } = parseText(text);
        checkSpans(file, text.length);
        checkSpans(diagnostics, text.length);
        printAst(file);
        renderAll(diagnostics, (name) => ({ name, text }));
      } catch (error) {
        throw new Error(`seed ${seed}, text ${texts}:\n${JSON.stringify(text)}`, { cause: error });
      }
    }
    console.log(`grammar fuzz: seed ${seed}, ${texts} texts in ${seconds} s`);
    expect(texts).toBeGreaterThan(100);
  });

  it('a deleted token is one report in at least 19 of 20 texts', () => {
    const random = randomFrom(seed);
    let several = 0;
    let faulty = 0;
    for (const text of sources) {
      const tokens = scan({ name: 'a.nn', text }).tokens.filter((token) => token.image !== '');
      for (let i = random(12); i < tokens.length; i += 1 + random(12)) {
        const token = tokens[i];
        if (token === undefined) continue;
        const end = token.startOffset + token.image.length;
        const { diagnostics } = parseText(text.slice(0, token.startOffset) + text.slice(end));
        if (diagnostics.length > 0) faulty++;
        if (diagnostics.length > 1) several++;
      }
    }
    expect(faulty).toBeGreaterThan(500);
    expect(several / faulty).toBeLessThan(1 / 20);
  });
});
