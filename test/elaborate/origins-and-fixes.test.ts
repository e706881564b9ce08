/**
 * Every message that speaks of two things says where each of them comes from, and every edit that it
 * offers gives a program that is clean: codes, places, origins and fixes in one table.
 */
import { describe, expect, test } from 'vitest';
import { type Diagnostic, parse, renderAll } from '../../grammar/index.ts';
import { elaborateText, unmark } from './elaborate-text.ts';

interface Row {
  readonly code: string;
  /** The place is marked with «…». */
  readonly text: string;
  /** What the shown frame must mention: both shapes, and where each was decided. */
  readonly shows?: readonly string[];
  /** The changed line after the fix; the program is clean then. */
  readonly fixed?: string;
}

const x4 = 'input x: f32[n, 4]\n';

const table: readonly Row[] = [
  { code: 'NN0003', text: `${x4}output y = x * «5.»\n`, fixed: 'output y = x * 5.0' },
  { code: 'NN0003', text: `${x4}output y = x * «.5»\n`, fixed: 'output y = x * 0.5' },
  { code: 'NN0004', text: `«//» a comment\n${x4}output y = x\n`, fixed: '# a comment' },
  {
    code: 'NN0101',
    text: `layer f()(x: f32[n, k]) {\n  return x\n«input» x: f32[n, 4]\noutput y = x |> f()\n`,
    shows: ['1 | layer f()(x: f32[n, k]) {', 'opened here'],
  },
  {
    code: 'NN0101',
    text: `${x4}output y = x |>\n«let» z = 2\n`,
    shows: ['2 | output y = x |>', 'nothing follows this'],
  },
  {
    code: 'NN0103',
    text: `${x4}output y = where(0 < x «<» 1, x, 0)\n`,
    fixed: 'output y = where(0 < x and x < 1, x, 0)',
  },
  { code: 'NN0105', text: 'input x: «f64»[n, 4]\noutput y = x\n', fixed: 'input x: f32[n, 4]' },
  { code: 'NN0106', text: 'input x: «float32»[n, 4]\noutput y = x\n', fixed: 'input x: f32[n, 4]' },
  {
    code: 'NN0108',
    text: `${x4}output y = x |> dense(4, 3, «false»)\n`,
    fixed: 'output y = x |> dense(4, 3, bias=false)',
  },
  { code: 'NN0109', text: 'dense(4, 3) |> relu\n«dense»(2)\n', fixed: '|> dense(2)' },
  { code: 'NN0110', text: `${x4}«y» = relu(x)\noutput z = y\n`, fixed: 'let y = relu(x)' },
  {
    code: 'NN0201',
    text: 'input x: f32[batch, 4]\ninput y: f32[n, 4]\noutput z = «x» + y\n',
    shows: ['f32[batch, 4]', '(input, line 1)', 'f32[n, 4]', '(input, line 2)'],
  },
  {
    code: 'NN0201',
    text: 'input x: f32[batch, 4]\ninput y: f32[n, 4]\nloss = mse(x, «y»)\n',
    shows: [
      '2 | input y: f32[n, 4]',
      'f32[n, 4], expected float[batch, 4]',
      '`b` must fit f32[batch, 4] (input, line 1)',
      'std/losses.nn',
    ],
  },
  {
    code: 'NN0201',
    text: 'input x: f32[3, batch]\ninput y: f32[n, 4]\noutput z = «x» @ y\n',
    shows: ['f32[3, batch]', '(input, line 1)', 'f32[n, 4]', '(input, line 2)'],
  },
  {
    code: 'NN0202',
    text: 'input x: f32[n, 28, 28]\noutput y = x\n  |> flatten\n  |> «dense(100, 10)»\n',
    shows: ['100 declared here', '3 |   |> flatten', 'f32[n, 784]', 'write `dense(784, 10)`'],
  },
  {
    code: 'NN0203',
    text: 'input x: f32[n, 784]\nparam W: f32[100, 10] = 0\noutput y = «x» @ W\n',
    shows: [
      'f32[n, 784]: 784 columns',
      '(input, line 1)',
      'f32[100, 10]: 100 rows',
      '(param, line 2)',
      '`param W: f32[784, 10]`',
    ],
  },
  {
    code: 'NN0204',
    text: 'layer pool()(x: float[n, h, w, k]) = mean(x, axis=[1, 2])\ninput x: f32[n, 784]\noutput y = x |> «pool()»\n',
    shows: ['4 axes [n, h, w, k]', 'f32[n, 784] (input, line 2)', '|> reshape([n, 28, 28, 1])'],
  },
  {
    code: 'NN0205',
    text: 'input a: f32[n, 28, 10]\ninput b: f32[n, 14, 10]\noutput y = concat(«[a, b]», axis=-1)\n',
    shows: ['f32[n, 28, 10]   (input, line 1)', 'f32[n, 14, 10]   (input, line 2)', '     ^^'],
  },
  {
    code: 'NN0206',
    text: `${x4}input label: u8[n, 1]\nlet z = x |> dense(3)\nloss = softmax_crossentropy(z, «label»)\n`,
    shows: [
      'i32[n, 1], expected int[n]',
      '2 | input label: u8[n, 1]',
      '`label` must fit f32[n, 3] (dense(3), line 3)',
      'or declare `input label: u8[n]`',
    ],
    fixed: 'loss = softmax_crossentropy(z, label[:, 0])',
  },
  {
    code: 'NN0206',
    text: `${x4}input t: f32[n]\nlet z = x |> dense(1)\nloss = mse(z, «t»)\n`,
    shows: ['f32[n], expected float[n, 1]', '`b` must fit f32[n, 1] (dense(1), line 3)'],
    fixed: 'loss = mse(z, t[..., None])',
  },
  {
    code: 'NN0206',
    text: `${x4}input t: f32[n, 3]\nlet z = x |> dense(2)\nloss = mse(t, «z»)\n`,
    shows: [
      'f32[n, 2], expected float[n, 3]',
      '3 | let z = x |> dense(2)',
      '`b` must fit f32[n, 3] (input, line 2)',
      'write `dense(3)` on line 3',
    ],
  },
  {
    code: 'NN0206',
    text: 'let d = dense(4)\ninput a: f32[n, 8]\ninput b: f32[n, 9]\noutput p = d(a)\noutput q = d(«b»)\n',
    shows: ['f32[n, 9]', 'f32[n, 8]: first use', '4 | output p = d(a)'],
  },
  {
    code: 'NN0206',
    text: 'input a: i32[n, 8]\ninput t: f32[n, 8]\nloss = mse(«a», t)\n',
    shows: ['i32[n, 8] (input, line 1)', 'std/losses.nn'],
    fixed: 'loss = mse(cast(a, f32), t)',
  },
  {
    code: 'NN0207',
    text: 'input a: f32[n, 10]\ninput b: f32[n, 12]\noutput y = «a» + b\n',
    shows: ['f32[n, 10]', '(input, line 1)', 'f32[n, 12]', '(input, line 2)'],
  },
  {
    code: 'NN0207',
    text: 'input a: f32[2, n, 10]\ninput b: f32[3, 10, 4]\noutput y = «a» @ b\n',
    shows: ['f32[2, n, 10]', '(input, line 1)', 'f32[3, 10, 4]', '(input, line 2)'],
  },
  {
    code: 'NN0208',
    text: `${x4}input y: f32[n]\nlet p = x |> dense(1)\nloss = mean((«p» - y) ** 2)\n`,
    shows: [
      'f32[n, 1]',
      '(dense(1), line 3)',
      'f32[n]',
      '(input, line 2)',
      'f32[n, n]',
      '`p[:, 0] - y`',
    ],
  },
  {
    code: 'NN0209',
    text: `${x4}output y = reshape(x, «[n, 3]»)\n`,
    shows: ['4 elements per row', 'f32[n, 4] (input, line 1)'],
  },
  {
    code: 'NN0210',
    text: `${x4}output y = mean(x, axis=«2»)\n`,
    shows: ['axes are 0, 1 (or -1, -2)', 'f32[n, 4] (input, line 1)'],
  },
  {
    code: 'NN0211',
    text: `${x4}output y = x[:, «7»]\n`,
    shows: ['`x[:, 7]`: axis 1 has 4 entries', 'f32[n, 4] (input, line 1)'],
  },
  {
    code: 'NN0213',
    text: 'input x: f32[2 * n, 4]\nlet [rows, w] = shape(x)\noutput y = reshape(x, [«rows / 2», -1])\n',
    fixed: 'output y = reshape(x, [rows // 2, -1])',
  },
  {
    code: 'NN0240',
    text: 'input x: f32[n]\ninput i: i32[n]\noutput y = «x» * i\n',
    shows: ['f32[n]', '(input, line 1)', 'i32[n]', '(input, line 2)'],
    fixed: 'output y = x * cast(i, f32)',
  },
  {
    code: 'NN0241',
    text: 'input i: i32[n]\noutput y = «i * 0.5»\n',
    shows: ['i32[n] (input, line 1)'],
    fixed: 'output y = cast(i, f32) * 0.5',
  },
  {
    code: 'NN0242',
    text: 'input i: i32[n]\noutput y = «exp(i)»\n',
    shows: ['i32[n] (input, line 1)'],
    fixed: 'output y = exp(cast(i, f32))',
  },
  {
    code: 'NN0242',
    text: 'input i: i32[n]\noutput y = «exp(i + 1000000 + 2000000 + 3000000 + 4000000 + 5000000)»\n',
    shows: ['cast(i + 1000000 + 2000000 + 3000000 + 400..., f32)'],
    fixed: 'output y = exp(cast(i + 1000000 + 2000000 + 3000000 + 4000000 + 5000000, f32))',
  },
  { code: 'NN0301', text: `${x4}output y = x |> «Linear»(3)\n`, fixed: 'output y = x |> dense(3)' },
  { code: 'NN0301', text: `${x4}output y = «ReLU»(x)\n`, fixed: 'output y = relu(x)' },
  {
    code: 'NN0302',
    text: `${x4}output y = «h»\nlet h = x * 2\n`,
    shows: ['defined later, on line 3', '3 | let h = x * 2', 'defined here'],
  },
  {
    code: 'NN0303',
    text: `${x4}let «x» = x * 2\noutput y = x\n`,
    shows: ['an input (line 1)', '1 | input x: f32[n, 4]', 'an input already'],
  },
  {
    code: 'NN0303',
    text: `fn f(x) = x\nfn «f»(x) = x + 1\n${x4}output y = f(x)\n`,
    shows: ['a fn (line 1)', '1 | fn f(x) = x', 'declared here'],
  },
  {
    code: 'NN0305',
    text: `${x4}output y = x |> dense(3, bias=false, «bias»=true)\n`,
    shows: ['given here already'],
  },
  {
    code: 'NN0305',
    text: `${x4}output y = x |> dense(3, «use_bias»=false)\n`,
    fixed: 'output y = x |> dense(3, bias=false)',
  },
  {
    code: 'NN0306',
    text: `layer block(d: dim) = dense(d) |> «block(d)»\n${x4}output y = x |> block(3)\n`,
    shows: ['its declaration'],
  },
  {
    code: 'NN0313',
    text: `${x4}param W: f32[4] = 0\nparam v: f32[4] = «zeros([3])»\noutput y = x * W * v\n`,
    shows: ['is f32[3], declared f32[4]'],
  },
  {
    code: 'NN0420',
    text: `${x4}loss = «x ** 2»\n`,
    shows: ['this loss is f32[n, 4]'],
    fixed: 'loss = mean(x ** 2)',
  },
];

const shown = (text: string, diagnostics: readonly Diagnostic[]): string =>
  renderAll(diagnostics, (name) => (name === 'test.nn' ? { name, text } : undefined));

describe('origins and fixes', () => {
  test.each(table.map((row) => [`${row.code} ${row.text.replace(/\n/g, ' ⏎ ')}`, row] as const))(
    '%s',
    (_, row) => {
      const { text, marks } = unmark(row.text);
      const { diagnostics } = elaborateText(text);
      const [first] = diagnostics;
      expect([first?.code, first?.span]).toEqual([row.code, marks[0]]);
      if (row.code !== 'NN0101') expect(diagnostics).toHaveLength(1);
      const frame = shown(text, diagnostics);
      for (const part of row.shows ?? []) expect(frame).toContain(part);
      expect(first?.fix !== undefined).toBe(row.fixed !== undefined);
      const fix = first?.fix;
      if (fix === undefined || row.fixed === undefined) return;
      const fixed = text.slice(0, fix.span.start) + fix.text + text.slice(fix.span.end);
      expect(fixed.split('\n')).toContain(row.fixed);
      expect(shown(fixed, elaborateText(fixed).diagnostics)).toBe('');
      expect(parse({ name: 'test.nn', text: fixed }).diagnostics).toEqual([]);
    },
  );
});
