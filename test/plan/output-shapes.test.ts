/** An output has the shape that the file says, whatever the passes did to the node that computes it. */
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { modelOf } from '../support/model.ts';

test.each([
  ['m[:, 0]', [5]],
  ['sigmoid(m[:, 0])', [5]],
  ['m', [5, 1]],
  ['reshape(m, [1, n, 1])', [1, 5, 1]],
  ['reshape(x, [3, n])', [3, 5]],
])('%s', (text, shape) => {
  const model = modelOf(
    `input x: f32[n, 3]\nparam w: f32[3, 1] = 1\nlet m = x @ w\noutput y = ${text}`,
  );
  const programs = [{ kind: 'predict', dims: { n: 5 } }] as const;
  const { plan } = compile(model, { device: portable, programs });
  const outputs = plan.tensors.filter((tensor) => tensor.role === 'output');
  expect(outputs.map((tensor) => [tensor.name, tensor.shape])).toEqual([['y', shape]]);
});

test('two outputs of one value keep their own shapes', () => {
  const model = modelOf(
    'input x: f32[n, 1]\noutput y = x ** 2\noutput z = (x ** 2)[:, 0]\noutput t = transpose(x ** 2, [1, 0])',
  );
  const programs = [{ kind: 'predict', dims: { n: 4 } }] as const;
  const { plan } = compile(model, { device: portable, programs });
  const shapes = plan.tensors.filter(({ role }) => role === 'output').map(({ shape }) => shape);
  expect(shapes).toEqual([[4, 1], [4], [1, 4]]);
});
