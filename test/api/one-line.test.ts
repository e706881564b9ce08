/** A program whose text cannot be read, as in a page, and all of it on one line, as a bundler writes it: places are columns. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../api/index.ts';

const root = path.resolve(import.meta.dirname, '../..');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nnc-one-line-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the program prints; it has the entry of pages, which reads no files. */
function printed(program: string): string {
  const file = path.join(folder, 'app.ts');
  writeFileSync(file, `import { model, nn } from '${root}/api/index.ts';\n${program}\n`);
  return execFileSync(process.execPath, ['--no-warnings', file], { encoding: 'utf8' }).trim();
}

test('layers on one line have their own names and random numbers', () => {
  const written = compile(`input x: f32[n, 8]
output y = x |> residual { layer_norm |> dropout(0.1) } |> residual { dense(8) |> dropout(0.1) } |> dense(8)
`);
  const built = printed(
    "console.log(model('net', (m) => { m.output('y', m.input('x', 'f32[n, 8]').pipe(nn.residual(nn.layerNorm().pipe(nn.dropout(0.1))), nn.residual(nn.dense(8).pipe(nn.dropout(0.1))), nn.dense(8))); }).hash);",
  );
  expect(built).toBe(written.hash);
});

test('a message names the line, also of a place that was met before', () => {
  const message = printed(`try {
  model('net', (m) => {
    wide(m.input('x', 'f32[n, 8]'));
    const y = m.input('y', 'f32[n, 4]');
    wide(y);
  });
} catch (error) {
  console.log(error.message);
}
function wide(x) {
  return x.pipe(nn.dense(8, 3));
}`);
  expect(message).toContain('app.ts:12:');
  expect(message).toContain('(input, line 5)');
});
