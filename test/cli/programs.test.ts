/** Commands take models that a program builds as they take files: trained, looked into, shipped, with the program's own lines. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, type Workplace } from '../docs/workplace.ts';
import { projectFolder } from './run-nnc.ts';

let place: Workplace;
let folder: string;
beforeAll(() => {
  place = createWorkplace();
  folder = place.folderFor('programs');
  writeFileSync(
    path.join(folder, 'nets.ts'),
    `import { model, nn, ops } from 'nnc';

const { dense, flatten, relu } = nn;

export const digits = model(
  'digits',
  {
    inputs: { image: 'u8[n, 28, 28]', label: 'u8[n]' },
    layers: { hidden: dense(8), out: dense(10) },
  },
  ({ image, label, hidden, out }, m) => {
    const logits = image.cast('f32').div(255).pipe(flatten, hidden, relu, out);
    m.loss(nn.softmaxCrossentropy(logits, label));
    m.expect(nn.softmax(logits).ge(0));
    m.train({ data: 'glyphs', optimizer: nn.adam(), batch: 64, epochs: 1 });
    return { digit: ops.argmax(logits, { axis: -1 }) };
  },
);
export const line = model('line', dense(1, 1));
export const notOne = 3;
`,
  );
  writeFileSync(
    path.join(folder, 'wrong.ts'),
    `import { model, nn } from 'nnc';
export default model('wrong', nn.dense(784, 100).pipe(nn.dense(99, 10)));
`,
  );
  writeFileSync(path.join(folder, 'other.mjs'), 'export const answer = 42;\n');
  writeFileSync(path.join(folder, 'broken.ts'), "\nthrow new Error('not today');\n");
  writeFileSync(path.join(folder, 'syntax.ts'), '\nexport const a = (1;\n');
  writeFileSync(path.join(folder, 'nothing.nn'), 'const k = 1\n');
  writeFileSync(path.join(folder, 'waits.ts'), 'await new Promise(() => {});\n');
  writeFileSync(
    path.join(folder, 'almost.ts'),
    `import { model, nn } from 'nnc';
export const later = Promise.resolve(model('later', nn.dense(2, 3)));
export default () => model('made', nn.dense(2, 3));
`,
  );
});
afterAll(() => place.remove());

const nnc = (...args: readonly string[]) =>
  place.shell(args.map((one) => `nnc ${one}`).join(' && '), folder);

test('trained, measured, tested and asked', async () => {
  const { code, text } = await nnc(
    'train nets.ts#digits --optimizer "adam(lr=2e-3)" -o w.safetensors',
    'eval nets.ts#digits --weights w.safetensors',
    'test nets.ts#digits',
    'predict nets.ts#digits --weights w.safetensors --data glyphs --limit 2',
  );
  expect(text).toMatch(/^model +nets\.ts#digits: 6,370 parameters in 4 tensors$/m);
  expect(text).toMatch(/^loss 0\.\d+ +2,000 samples of glyphs$/m);
  expect(text).toMatch(/✓ line 14: nn\.softmax\(logits\)\.ge\(0\)$/m);
  expect(text).toMatch(/^\{"row":1,"label":\d,"digit":\d\}$/m);
  expect(code).toBe(0);
}, 120_000);

test('looked into: the page has the lines of the program, and nothing else as its source', async () => {
  const { code, text } = await nnc(
    'inspect nets.ts#digits --portable',
    'profile nets.ts#digits --repeat 1',
  );
  expect(text).toMatch(/^digits\.html: train@64 in \d+ kernels/m);
  expect(text).toMatch(/^nets\.ts#digits on /m);
  expect(text).toMatch(/k00 nets\.ts:12 hidden/);
  expect(code).toBe(0);
  const html = readFileSync(path.join(folder, 'digits.html'), 'utf8');
  const { sources } = JSON.parse(/id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? '{}');
  expect(sources.map(({ name }: { name: string }) => name)).toEqual(['nets.ts']);
  expect(sources[0].values[12].at(-1)).toEqual({ text: 'out', type: 'f32[n, 10]' });
}, 120_000);

test('shipped: the module of a program is that of its twin, but for what says where it comes from', async () => {
  const { code, text } = await nnc(
    ...['nn', 'ts'].map(
      (kind) =>
        `compile ${projectFolder}models/glyphs.${kind} --target module --train --portable -o ${kind}.ts`,
    ),
  );
  expect([code, text]).toEqual([0, text]);
  const [file, program] = ['nn', 'ts'].map((kind) =>
    readFileSync(path.join(folder, `${kind}.ts`), 'utf8')
      .split('\n')
      .filter((line) => !/glyphs\.(nn|ts)|the bytes of/.test(line)),
  );
  expect(file?.length).toBeGreaterThan(500);
  expect(program).toEqual(file);
}, 120_000);

test.each([
  ['summary nets.ts', /exports 2 models\nhelp: say which: nets\.ts#digits, nets\.ts#line/],
  ['summary nets.ts#digit', /no model `digit`\nhelp: did you mean nets\.ts#digits\?/],
  ['summary other.mjs', /other\.mjs exports no model\nhelp: `export const net = model/],
  [
    'summary broken.ts',
    /broken\.ts:2 ends with an error: not today\n {2}2 \| throw new Error\('not today'\);\n/,
  ],
  [
    'summary syntax.ts',
    /syntax\.ts:2 ends with an error: Expected .*\n {2}2 \| export const a = \(1;\n/,
  ],
  ['summary waits.ts', /waits\.ts never ends: .*\nhelp: an `await`/],
  ['summary almost.ts', /exports no model\nhelp: `default` is a function: export what it returns/],
  ['summary almost.ts#later', /help: `later` is a promise: `export const later = await …`/],
  ['summary none.ts', /there is no file none\.ts/],
  ['summary nets.ts#line --set d=1', /--set d: nets\.ts is a program/],
  [
    'predict nets.ts#digits --data glyphs',
    /weights of nets\.ts#digits\nhelp: train first, `nnc train nets\.ts#digits -o digits\.safetensors`/,
  ],
  ['inspect nothing.nn --portable', /nothing\.nn computes nothing that could be looked into/],
  ['compile nets.ts#line --target dot --train', /nets\.ts#line trains nothing/],
  ['check nets.ts', /nets\.ts is a program\nhelp: /],
  ['compile nets.ts#line --emit=ast', /nets\.ts#line is a program\nhelp: /],
  [
    'summary wrong.ts',
    /error\[NN0202\]: `nn\.dense\(99, 10\)` expects 99 features[\s\S]*wrong\.ts:2:/,
  ],
] as const)('nnc %s says what is wrong', async (command, said) => {
  const { code, text } = await nnc(command);
  expect(text).toMatch(said);
  expect(text).not.toMatch(/\n\s+at /);
  expect(code).not.toBe(0);
});

test('a warning of a program leads to a command that takes programs', async () => {
  writeFileSync(
    path.join(folder, 'warned.ts'),
    `import { compile } from 'nnc';
export const net = compile(\`input image: u8[n, 28, 28]
let unread = 3 * cast(image, f32)
loss = mean((cast(image, f32) |> flatten |> dense(1)) ** 2)
train { optimizer: sgd(lr=1e-9), steps: 1 }\`);
`,
  );
  const { text } = await nnc('train warned.ts --data glyphs --limit 32');
  expect(text).toMatch(/^warning\[NN0901\]: .*\n`--deny-warnings` says more$/m);
  const { code, text: full } = await nnc('train warned.ts --data glyphs --deny-warnings');
  expect(full).toMatch(/\[NN0901\][\s\S]*let unread/);
  expect(code).toBe(1);
});
