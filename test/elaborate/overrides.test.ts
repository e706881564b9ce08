/** `--optimizer` and `--clip`: in place of what every section says, and the same as if the file said it. */
import { expect, test } from 'vitest';
import { printGraph } from '../../compiler/graph/print.ts';
import type { Model } from '../../compiler/model.ts';
import { modelOf } from './elaborate-text.ts';

const net =
  'input x: f32[n, 3]\nlet a = dense(2)\nlet b = dense(1)\nlet y = x |> a |> b\nloss = mean(y ** 2)\n';

/** What the optimizers make of the parameters, as text. */
function updates({ graph, optimization }: Model): string {
  const sections = optimization?.sections ?? [];
  return printGraph(
    graph,
    sections.flatMap(({ updates }) =>
      updates.map(({ path, node }) => ({ name: `next ${path}`, node })),
    ),
    { origins: false },
  );
}

const plain = 'train { optimizer: sgd(lr=0.1) }';

test.each([
  ['clip', '1.0'],
  ['clip', 'by_value(0.5)'],
  ['optimizer', 'momentum(lr=0.2)'],
] as const)('--%s %s is what the file would say', (key, value) => {
  const line = key === 'clip' ? `optimizer: sgd(lr=0.1) clip: ${value}` : `${key}: ${value}`;
  const written = updates(modelOf(`${net}train { ${line} }`));
  expect(updates(modelOf(net + plain, { [key]: value }))).toBe(written);
  expect(written).not.toBe(updates(modelOf(net + plain)));
});

test('it wins over the file, in every section', () => {
  const two = (clip: string): string =>
    `${net}train one { params: a optimizer: sgd() ${clip} }\ntrain two { params: b optimizer: adam() ${clip} }`;
  const given = updates(modelOf(two('clip: 9'), { clip: 'by_value(2)' }));
  expect(given).toBe(updates(modelOf(two('clip: by_value(2)'))));
});
