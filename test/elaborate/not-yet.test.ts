/** What is part of the language and not compiled yet: each refused in words of its own, and what the words advise works. */
import { describe, expect, test } from 'vitest';
import { elaborateText, modelOf, unmark } from './elaborate-text.ts';
import { outputsOf, shapesOf } from './evaluate.ts';

const image = 'input x: f32[n, 8, 8, 3]\noutput y = ';
const sequence = 'input x: f32[n, 8, 5]\noutput y = ';
const rows: readonly (readonly [string, string, RegExp | undefined])[] = [
  [`${image}x |> «conv2d(32, 3)»\n`, '`conv2d` (convolution over images)', /rearrange.*dense/],
  [`${image}x |> «max_pool2d(2)»\n`, '`max_pool2d` (pooling over images)', /max\(rearrange/],
  [`${image}x |> «avg_pool2d(2)»\n`, '`avg_pool2d` (pooling over images)', /mean\(rearrange/],
  [`${image}x |> «upsample2d(2)»\n`, '`upsample2d` (enlarging images)', /broadcast_to/],
  [
    `${image}«window(x, axis=[1, 2], size=[2, 2])»\n`,
    '`window` (the view of sliding windows under convolution and pooling)',
    /do not overlap/,
  ],
  [`${sequence}x |> «lstm(4, sequences=true)»\n`, '`lstm` (a recurrent layer)', /repeat t in/],
  [`${sequence}x |> «gru(4)»\n`, '`gru` (a recurrent layer)', /repeat t in/],
  [
    `${sequence}«scan(x, zeros([4]), fn(h, z) { return (h, h) }, axis=1)»\n`,
    '`scan` (the loop over an axis)',
    /repeat t in/,
  ],
  [
    '«policy { compute: f16 }»\n',
    '`policy` (the element types of parameters, computation and sums)',
    /f32/,
  ],
];

test.each(rows)('%s', (marked, what, help) => {
  const { text, marks } = unmark(marked);
  const { diagnostics, model } = elaborateText(text);
  expect(diagnostics.map((d) => d.code)).toEqual(['NN0190']);
  expect(diagnostics[0]?.message).toBe(
    `${what} is part of the language, but this version of nnc does not compile it yet`,
  );
  expect(diagnostics[0]?.span).toEqual(marks[0]);
  if (help !== undefined) expect(diagnostics[0]?.help).toMatch(help);
  expect(model).toBeUndefined();
});

/** The code in the backquotes of a help. */
const advice = (text: string): string[] => {
  const { diagnostics } = elaborateText(text);
  return [...(diagnostics[0]?.help ?? '').matchAll(/`([^`]*[(|][^`]*)`/g)].map((m) => m[1] ?? '');
};

describe('what is advised', () => {
  test('pooling', () => {
    const [max = ''] = advice(`${image}x |> max_pool2d(2)\n`);
    const [mean = ''] = advice(`${image}x |> avg_pool2d(2)\n`);
    const x = 'let x = reshape(cast(iota(16), f32), [1, 4, 4, 1])\n';
    const { a, b } = outputsOf(`${x}output a = ${max}\noutput b = ${mean}\n`);
    expect(a).toEqual([5, 7, 13, 15]);
    expect(b).toEqual([2.5, 4.5, 10.5, 12.5]);
  });
  test('enlarging', () => {
    const [code = ''] = advice(`${image}x |> upsample2d(2)\n`);
    const x =
      'const n = 1\nconst h = 1\nconst w = 2\nconst c = 1\nlet x = reshape(cast(iota(2), f32), [1, 1, 2, 1])\n';
    expect(outputsOf(`${x}output y = ${code}\n`)).toEqual({ y: [0, 0, 1, 1, 0, 0, 1, 1] });
  });
  test('a convolution of wide stride', () => {
    const [code = ''] = advice(`${image}x |> conv2d(32, 3)\n`);
    expect(shapesOf(modelOf(`${image}${code}\n`))).toEqual(['y f32[n, 2, 2, 32]']);
  });
  test('a recurrent net', () => {
    const [cell = '', steps = ''] = advice(`${sequence}x |> lstm(4)\n`);
    const model = modelOf(
      `input x: f32[n, 8, 5]\nlet h0 = zeros([n, 64])\n${cell}\noutput y = ${steps}\n`,
    );
    expect(shapesOf(model)).toEqual(['y f32[n, 64]']);
    expect(model.params.map((p) => p.path)).toEqual(['step.W', 'step.b']);
  });
});
