/** What TypeScript knows of a module: a misspelt name, a wrong array and a wrong shape are errors before anything runs. */
import { beforeAll, expect, test } from 'vitest';
import { toScript } from '../../emit/assemble.ts';
import { checkTypes } from './check-types.ts';
import { ship } from './shipped.ts';

let one = '';
let several = '';
let training = '';
beforeAll(async () => {
  [one = '', several = '', training = ''] = (
    await Promise.all([
      ship('mnist', { rows: [4] }),
      ship('mnist', { rows: [1, 4] }),
      ship('digits', { rows: [4], train: true }),
    ])
  ).map(({ text }) => text);
});

const use = (body: string): string => `import { open } from './net.ts';
declare const device: GPUDevice;
declare const weights: ArrayBuffer;
const net = await open(device, weights);
${body}
export {};
`;

test('right use: literal shapes come back', () => {
  const body = `
const { probs, digit } = await net.predict({ image: new Uint8Array(4 * 784) });
const shape: readonly [4, 10] = probs.shape;
const digits: Int32Array = digit;
const w: Float32Array & { readonly shape: readonly [784, 512] } = await net.read('dense.W');
const again = await net.predict({ image: new Uint8ClampedArray(4 * 784) });
const length: 4 = again.digit.shape[0];
console.log(shape, digits, w, length);
net.close();`;
  expect(checkTypes(one, use(body))).toEqual([]);
});

test('right use of several numbers of rows: what goes in says what comes out', () => {
  const body = `
type Image = Uint8Array & { readonly shape: readonly [4, 28, 28] };
declare const image: Image;
const four: readonly [4, 10] = (await net.predict({ image })).probs.shape;
const either: readonly [1 | 4, 10] = (await net.predict({ image: new Uint8Array(784) })).probs.shape;
console.log(four, either);`;
  expect(checkTypes(several, use(body))).toEqual([]);
});

test('right use of a training module', () => {
  const body = `
await net.step({ pixels: new Uint8Array(256), label: new Uint8Array(4) });
const loss: number = await net.loss();
const { accuracy } = await net.metrics();
const file: Uint8Array = await net.save();
console.log(loss, accuracy, file);`;
  expect(checkTypes(training, use(body))).toEqual([]);
});

const mistakes: readonly (readonly [what: string, code: string, message: RegExp])[] = [
  [
    'a misspelt input',
    'await net.predict({ imge: new Uint8Array(1) });',
    /'imge' does not exist in type 'Inputs/,
  ],
  ['a missing input', 'await net.predict({});', /'image' is missing/],
  [
    'another array',
    'await net.predict({ image: new Float32Array(1) });',
    /Float32Array.* is not assignable/,
  ],
  ['no array', 'await net.predict({ image: [1, 2] });', /number\[\].* is not assignable/],
  [
    'another shape',
    'await net.predict({ image: (null as unknown) as Uint8Array & { shape: readonly [4, 784] } });',
    /is not assignable/,
  ],
  [
    'a misspelt output',
    'const { prob } = await net.predict({ image: new Uint8Array(1) });',
    /'prob' does not exist/,
  ],
  [
    'a misspelt parameter',
    "await net.read('dense.w');",
    /"dense\.w".* is not assignable to parameter of type 'keyof Tensors'/,
  ],
  ['training', 'await net.step();', /'step' does not exist/],
];

test.each(mistakes)('%s is a compile error', (_, code, message) => {
  const problems = checkTypes(one, use(code));
  expect(
    problems.filter((text) => message.test(text) && text.startsWith('user.ts:5')),
  ).toHaveLength(1);
});

test('without the weights that it needs', () => {
  const code = "import { open } from './net.ts';\nawait open({} as GPUDevice);\nexport {};";
  expect(checkTypes(one, code)).toEqual(['user.ts:2 Expected 2 arguments, but got 1.']);
});

test('a shape of rows that there are not', () => {
  const code =
    'await net.predict({ image: (null as unknown) as Uint8Array & { shape: readonly [2, 28, 28] } });';
  expect(checkTypes(several, use(code)).join()).toMatch(/is not assignable/);
});

test('the .d.ts beside a .js says the same', async () => {
  const { declarations } = await toScript(one);
  const right = use(
    'const { probs } = await net.predict({ image: new Uint8Array(1) }); console.log(probs.shape);',
  ).replace('net.ts', 'net.js');
  expect(checkTypes(declarations, right, 'net.d.ts')).toEqual([]);
  const wrong = use("await net.read('dense.w');").replace('net.ts', 'net.js');
  expect(checkTypes(declarations, wrong, 'net.d.ts').join()).toMatch(/"dense\.w"/);
});

test('names that mean something to JavaScript are names like any other', async () => {
  const { text } = await ship(
    `input __proto__: f32[n, 3]
output constructor = __proto__ * 2
output toString = __proto__ |> dense(1)
loss valueOf = mean(toString)
metric hasOwnProperty = mean(__proto__)
train { optimizer: sgd() }
`,
    { train: true },
  );
  expect(checkTypes(text)).toEqual([]);
  const outputs = await ship('input x: f32[n, 3]\noutput __proto__ = x * 2\n');
  expect(checkTypes(outputs.text)).toEqual([]);
});
