/** `nnc doc`: the library, the declarations of a file, one of them in full, and names that nothing has. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstSentence } from '../../cli/declarations.ts';
import { runCommand } from '../../cli/program.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { createWorkplace, type Workplace } from './run-nnc.ts';

const text = `## How many classes there are. Not the rows.
const classes = 3
# No comment of this kind.
fn twice(x) = 2 * x
## Two of them,
## one after the other.
layer two(
  inner: dim,
  units: dim,  # at the end
  again = true,
)(x: f32[n, in]) {
  return x |> dense(inner) |> dense(units)
}
## Measurements.
input x: f32[n, 4]
output y = x |> two(8, classes)
`;

let place: Workplace;
let file: string;
beforeAll(() => {
  place = createWorkplace();
  file = `${place.folder}/${place.write('m.nn', text)}`;
});
afterAll(() => place.remove());

async function doc(...words: readonly string[]) {
  const terminal = memoryTerminal();
  const code = await runCommand(['doc', ...words], { env: {}, terminal, now: () => 0 });
  return { code, out: terminal.out(), err: terminal.err() };
}

test('the library: every file, heads with names only, first sentences, what is built in', async () => {
  const { code, out } = await doc();
  expect(code).toBe(0);
  for (const name of ['activations', 'layers', 'losses', 'metrics', 'optimizers', 'schedules'])
    expect(out).toContain(`std/${name}.nn\n`);
  expect(out).toMatch(/^ {2}dense\(in\?, units, bias=, init=\)\(x\) +x W \+ b: /m);
  expect(out).toMatch(/^built in\n {2}.*\babs\b/m);
  expect(out).not.toContain('conv2d');
  for (const line of out.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(80);
});

test('one declaration: head, place, all that its comment says, its text', async () => {
  expect(
    (await doc(file, 'two')).out,
  ).toBe(`layer two(inner: dim, units: dim, again = true)(x: f32[n, in])
${file}, line 7

Two of them, one after the other.

  layer two(
    inner: dim,
    units: dim,  # at the end
    again = true,
  )(x: f32[n, in]) {
    return x |> dense(inner) |> dense(units)
  }
`);
  expect((await doc(file, 'twice')).out).toBe(
    `fn twice(x)\n${file}, line 4\n\n  fn twice(x) = 2 * x\n`,
  );
  expect((await doc('einsum')).out).toMatch(/^einsum\(.*\)\nbuilt into the compiler\n/);
});

test('the declarations of a file', async () => {
  expect((await doc(file)).out).toBe(`${file}
  const classes = 3                     How many classes there are.
  twice(x)
  two(inner, units, again=)(x)          Two of them, one after the other.
  input x: f32[n, 4]                    Measurements.

4 names; \`nnc doc ${file} NAME\` shows one of them
`);
});

test('JSON: the list, or one of them', async () => {
  const all = JSON.parse((await doc(file, '--json')).out);
  expect(all.map((one: { name: string }) => one.name)).toEqual(['classes', 'twice', 'two', 'x']);
  expect(JSON.parse((await doc('relu', '--json')).out)).toMatchObject({
    kind: 'fn',
    signature: 'fn relu(x)',
    file: 'std/activations.nn',
  });
});

describe('what is not there', () => {
  test.each([
    [['dens'], 'error: the library has nothing called `dens`\nhelp: did you mean `dense`?\n'],
    [['ReLU'], 'error: the library has nothing called `ReLU`\nhelp: it is called `relu` here\n'],
    [['qqq'], 'error: the library has nothing called `qqq`\nhelp: nnc doc lists all\n'],
    [['dense', 'units'], 'error: `dense` is no .nn file\nhelp: nnc doc units\n'],
  ])('%s', async (words, err) => {
    expect(await doc(...words)).toEqual({ code: 2, out: '', err });
  });

  test('in a file, or a file that is broken', async () => {
    const { code, err } = await doc(file, 'tow');
    expect(code).toBe(2);
    expect(err).toBe(`error: ${file} has nothing called \`tow\`\nhelp: did you mean \`two\`?\n`);
    place.write('broken.nn', 'fn f(x) = (1 +\n');
    expect((await doc(`${place.folder}/broken.nn`)).err).toMatch(/^error\[NN0\d{3}\]/);
    expect((await doc('nowhere.nn')).err).toContain('there is no file nowhere.nn');
  });

  test('of this version', async () => {
    expect((await doc('conv2d')).err).toMatch(/^error: `conv2d` belongs to the language, but /);
  });
});

test.each([
  ['One. Two.', 'One.'],
  ['x W + b: [..., in] to [..., units].', 'x W + b: [..., in] to [..., units].'],
  [
    'lo ... hi, with 1.5\nat e.g. both ends. `x` is the input',
    'lo ... hi, with 1.5 at e.g. both ends.',
  ],
  ['no end', 'no end'],
])('the first sentence of %j', (doc, sentence) => {
  expect(firstSentence(doc)).toBe(sentence);
});
