/** Tensors of 8 and 16 bits: what they begin with and load as, here and on the device, and that nothing writes them. */
import { describe, expect, test } from 'vitest';
import { expectHeld } from '../support/expectations.ts';
import { elaborateText, modelOf, paths } from './elaborate-text.ts';
import { testRefused } from './refused.ts';

describe('inputs, params and states', () => {
  test('whole numbers load as i32', () =>
    expectHeld(`
input a: u8[n, 3]
input b: i16[n, 3]
state t: u8[5] = [0, 255, 3, 7, 9]
param q: i8[5] = [0, -128, 127, 7, 9]
param r: i16[5] = [0, -12800, 32767, 7, 9]
state k: u16[5] = [0, 65535, 12, 7, 9]
expect t[::-1] == [9, 7, 3, 255, 0]
expect q[1:3] == [-128, 127]
expect r == [0, -12800, 32767, 7, 9]
expect k[1] == 65535
expect t + q + r + k == [0, 52862, 32909, 28, 36]
expect sum(a + b) == sum(a) + sum(b)
expect (a + b)[:, 1] == a[:, 1] + b[:, 1]
`));
  test('bf16 loads as f32; initial values are rounded to the nearest', () =>
    expectHeld(`
input x: bf16[n, 6]
input z: bf16[n]
param W: bf16[6, 3] = normal(0, 1)
param b: bf16[4] = [1.00390625, 1.01171875, 0.1, -3e38]
state odd: bf16[7] = cast(iota(7), f32)
expect b[0] == 1
expect b[1] == 1.015625
expect b[2] == 0.10009765625
expect abs(b[3] + 3.00405527e38) < 1e31
expect odd == cast(iota(7), f32)
expect odd[1:6:2] == [1, 3, 5]
let y = x @ W
expect allclose(y, sum(x[:, :, None] * W[None, :, :], axis=1), rtol=1e-4)
expect z + x[:, 5] == x[:, 5] + z
expect min(x) < max(x)
`));
  test('a dense layer may be held in bf16', () => {
    const model = modelOf(
      'layer thin(units: dim)(x: float[..., in]) {\n  param W: bf16[in, units] = normal(0, 1)\n  return x @ W\n}\ninput x: f32[n, 4]\noutput y = x |> thin(3) |> dense(2)\n',
    );
    expect(paths(model)).toEqual(['thin.W [4, 3]', 'dense.W [3, 2]', 'dense.b [2]']);
    expect(model.params[0]?.node.type.dtype).toBe('f32');
  });
});

const training = 'train { optimizer: sgd() }\n';
const loss = 'input x: f32[n, 4]\nloss = mean((x @ W) ** 2)\n';
testRefused('what is packed is for reading', [
  {
    code: 'NN0313',
    text: `param «W»: bf16[4, 2] = 0\n${loss}${training}`,
    message: '`W` is bf16, which is for reading only, and the loss trains it',
    help: 'declare it `f32`, or keep it as it is: `freeze: "W"`',
  },
  {
    code: 'NN0313',
    text: 'state s: u8[4] = 0\nupdate «s» = s + 1\noutput y = s\n',
    message: '`s` is u8, which is for reading only',
    help: 'declare it `i32`: in u8 several values share a word',
    notes: ['state declared here'],
  },
  {
    code: 'NN0313',
    text: 'layer f()(x) {\n  state seen: bf16[2] = 0\n  update «seen» = seen + 1\n  return x + sum(seen)\n}\ninput x: f32[n]\noutput y = x |> f |> f\n',
    message: '`seen` is bf16, which is for reading only',
    help: 'declare it `f32`: in bf16 several values share a word',
  },
  {
    code: 'NN0313',
    text: 'state s: u8[4] = «[0, 1, 256, 2]»\noutput y = s\n',
    message: 'the initial value of `s` has 256; u8 goes from 0 to 255',
    help: undefined,
  },
  {
    code: 'NN0313',
    text: 'state s: i8[4] = «-129»\noutput y = s\n',
    message: 'the initial value of `s` has -129; i8 goes from -128 to 127',
    help: undefined,
  },
  {
    code: 'NN0313',
    text: 'state s: bf16[4] = «iota(4)»\noutput y = s\n',
    message: 'the initial value of `s` is i32[4], declared bf16[4]',
    help: 'write `cast(iota(4), f32)`',
    fix: 'cast(iota(4), f32)',
  },
]);

test('what is frozen may be held in bf16', () => {
  const text = `param W: bf16[4, 2] = 0\nparam b: f32[2] = 0\n${loss.replace('W)', 'W + b)')}train { optimizer: sgd(), freeze: W }\n`;
  expect(elaborateText(text).diagnostics).toEqual([]);
});
