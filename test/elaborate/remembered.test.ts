/** What a function makes of the gradients of a section is written out once, unless it draws random numbers. */
import { expect, test } from 'vitest';
import { printGraph } from '../../compiler/graph/print.ts';
import { modelOf } from './elaborate-text.ts';

const layers = (count: number, clip: string): string =>
  `input x: f32[n, 8]
let y = x |> repeat ${count} { dense(8) }
loss = mean(y ** 2)
train { optimizer: sgd(lr=0.1) clip: ${clip} }
`;

test.each(['1.0', 'by_norm(1, order=1)', 'by_max(2)', 'own(1)'])(
  'six hundred parameters are clipped by %s',
  (clip) => {
    const own =
      'fn total(all: list) = 0 |> repeat one in all { _ + sum(one ** 2) }\n' +
      'layer own(limit)(g, all: list) = g * minimum(1, limit / sqrt(total(all)))\n';
    const { optimization } = modelOf(`${own}${layers(300, clip)}`);
    expect(optimization?.sections[0]?.updates).toHaveLength(600);
  },
);

test('numbers that it draws are other ones at every call', () => {
  const noise =
    'fn noise(all: list) = normal(0, 1, shape=[]) + sum(all[0])\n' +
    'layer noisy(scale)(g, all: list) = g + scale * noise(all)\n';
  const { graph, optimization } = modelOf(`${noise}${layers(2, 'noisy(0.1)')}`);
  const nodes = optimization?.sections[0]?.updates.map(({ node }, i) => ({ name: `u${i}`, node }));
  const text = printGraph(graph, nodes ?? [], { origins: false });
  // One draw for each of the four parameters.
  expect(text.match(/ = threefry\(/g)).toHaveLength(4);
});

test('other arguments give another value', () => {
  const scaled =
    'fn total(all: list, factor) = 0 |> repeat one in all { _ + sum(one) * factor }\n' +
    'layer twice(limit)(g, all: list) = g * total(all, 2) + total(all, 3) * total(all, 2)\n';
  const plain = scaled.replaceAll('total(all, 2)', '(0 |> repeat one in all { _ + sum(one) * 2 })');
  const update = (declared: string): string => {
    const { graph, optimization } = modelOf(`${declared}${layers(2, 'twice(1)')}`);
    const updates = optimization?.sections[0]?.updates ?? [];
    return printGraph(
      graph,
      updates.map(({ path, node }) => ({ name: path, node })),
      { origins: false },
    );
  };
  expect(update(scaled)).toBe(update(plain));
});
