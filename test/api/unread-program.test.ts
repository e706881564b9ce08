/** Programs whose text cannot be read, as in a page: places are lines and columns, or nothing where all is one file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile, layer, type ModelScope, model, nn, type Tensor } from '../../api/index.ts';
import { places, usePlaces } from '../support/places.ts';

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

test.each(places.filter((one) => one.called !== 'read'))(
  'places $called: a call is said as programs write it',
  (where) => {
    const restore = usePlaces(where);
    const block = layer('my_block', { units: 'int' }, (_, { units }) => nn.dense(units));
    const of = (wrong: (m: ModelScope) => Tensor) => () =>
      model('net', (m) => void m.output('y', wrong(m)));
    const x = (m: ModelScope) => m.input('x', 'f32[n, 8]');
    expect(of((m) => x(m).pipe(nn.dense(4, 16, { bias: false })))).toThrow(
      '`nn.dense(4, 16, { bias: false })` expects 4 features; the value piped in has 8',
    );
    expect(of((m) => x(m).pipe(block(7), nn.dense(3, 8)))).toThrow('f32[n, 7] (myBlock(7), line');
    const endless: Record<string, unknown> = {};
    endless['bias'] = endless;
    expect(of((m) => x(m).pipe(nn.dense(4, endless as { bias: boolean })))).toThrow(
      'stands for nothing',
    );
    restore();
  },
);
