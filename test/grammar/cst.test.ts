/** The types of the concrete tree are those of the grammar; UPDATE_GOLDEN=1 writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { generateCstDts } from 'chevrotain';
import { expect, it } from 'vitest';
import { NnParser } from '../../grammar/parser/parser.ts';

const path = new URL('../../grammar/cst.ts', import.meta.url);

/** Layout and quotes are the formatter's business. */
function bare(text: string): string {
  return text
    .replace(/[()]/g, '')
    .replace(/[\s;,|]+/g, ' ')
    .replaceAll('"', "'");
}

it('cst.ts is what the grammar generates', () => {
  const types = generateCstDts(new NnParser().getGAstProductions(), {
    includeVisitorInterface: false,
  }).replace(', ICstVisitor', '');
  const current = readFileSync(path, 'utf8');
  const header = current.slice(0, current.indexOf('import type'));
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, `${header}${types}`);
  else expect(bare(current) === bare(header + types)).toBe(true);
});
