/** What the functions of shapes compute, against values written down by hand (NumPy's), and what they refuse. */
import { expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { outputsOf } from './evaluate.ts';
import { type Refused, testRefused } from './refused.ts';

/** x is [[1, 2, 3], [4, 5, 6]], v is [1, 2, 3]. */
const values = {
  x: ndArray('f32', [2, 3], [1, 2, 3, 4, 5, 6]),
  v: ndArray('f32', [3], [1, 2, 3]),
};
const inputs = 'input x: f32[2, 3]\ninput v: f32[3]\n';

test.each<[string, readonly number[]]>([
  ['flip(x)', [3, 2, 1, 6, 5, 4]],
  ['flip(x, axis=[0, 1])', [6, 5, 4, 3, 2, 1]],
  ['roll(v, 1)', [3, 1, 2]],
  ['roll(v, -1)', [2, 3, 1]],
  ['roll(v, 7)', [3, 1, 2]],
  ['roll(v, 0)', [1, 2, 3]],
  ['roll(x, [1, -1], axis=[0, 1])', [5, 6, 4, 2, 3, 1]],
  ['roll(x, [-1, 1], axis=[-1, 0])', [5, 6, 4, 2, 3, 1]],
  ['tile(v, [2])', [1, 2, 3, 1, 2, 3]],
  ['tile(v[:2], [2, 1])', [1, 2, 1, 2]],
  ['tile(x[:, :1], [1, 2])', [1, 1, 4, 4]],
  ['repeat_interleave(v, 2)', [1, 1, 2, 2, 3, 3]],
  ['repeat_interleave(x, 2, axis=0)', [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]],
  ['pad(v, [[1, 2]], value=9)', [9, 1, 2, 3, 9, 9]],
  ['pad(v, [[1, 2]], mode="edge")', [1, 1, 2, 3, 3, 3]],
  ['pad(v, [[1, 2]], mode="reflect")', [2, 1, 2, 3, 2, 1]],
  ['pad(v, [[1, 2]], mode="symmetric")', [1, 1, 2, 3, 3, 2]],
  ['pad(v, [[1, 2]], mode="wrap")', [3, 1, 2, 3, 1, 2]],
  ['pad(x, [[1, 0], [0, 1]], mode="wrap")', [4, 5, 6, 4, 1, 2, 3, 1, 4, 5, 6, 4]],
  ['diag(v)', [1, 0, 0, 0, 2, 0, 0, 0, 3]],
  ['diag(x)', [1, 5]],
  ['diagonal(x, offset=1)', [2, 6]],
  ['diagonal(x, offset=-1)', [4]],
  ['diagonal(x.T, offset=-1)', [2, 6]],
  ['trace(x)', [6]],
  ['trace(diag(v))', [6]],
  ['tril(x)', [1, 0, 0, 4, 5, 0]],
  ['tril(x, k=-1)', [0, 0, 0, 4, 0, 0]],
  ['triu(x)', [1, 2, 3, 0, 5, 6]],
  ['triu(x, k=1)', [0, 2, 3, 0, 0, 6]],
  ['eye(2)', [1, 0, 0, 1]],
  ['outer(v[:2], v)', [1, 2, 3, 2, 4, 6]],
  ['norm(x[:, :2] * 2 - 5, axis=-1)', [Math.sqrt(10), Math.sqrt(34)]],
  ['norm(v, ord=1)', [6]],
  ['var(v)', [2 / 3]],
  ['var(v, ddof=1)', [1]],
  ['std(x, axis=0, ddof=1)', [4.5, 4.5, 4.5].map(Math.sqrt)],
  ['grad(norm(v - v), v)', [0, 0, 0]],
  ['cumsum(v, reverse=true)', [6, 5, 3]],
  ['cumprod(v, exclusive=true)', [1, 1, 2]],
  ['cummax(-v, reverse=true)', [-1, -2, -3]],
  ['cumsum(v > 1)', [0, 1, 2]],
  ['grad(cummax(flip(v)) * v, v)', [3, 3, 9]],
  ['concat([v, flip(v)])[::-2]', [1, 3, 2]],
  ['x[::-1, 2:0:-1]', [6, 5, 3, 2]],
  ['linspace(0, 1, 3)', [0, 0.5, 1]],
])('%s', (expression, want) => {
  const { y = [] } = outputsOf(`${inputs}output y = ${expression}\n`, { values });
  const rounded = (list: readonly number[]): number[] => list.map((p) => Math.fround(p + 0));
  expect(rounded(y)).toEqual(rounded(want));
});

const x = 'input x: f32[n, 4]\n';
const rows: readonly Refused[] = [
  {
    code: 'NN0307',
    text: `${x}output y = pad(x, [[0, 0], [1, 1]], mode=«"replicate"»)\n`,
    message: 'mode="replicate"; one of "constant", "edge", "reflect", "symmetric", "wrap"',
    help: 'did you mean `edge`?',
  },
  {
    code: 'NN0206',
    text: `${x}output y = pad(x, «[[0, 0], [4, 1]]», mode="reflect")\n`,
    message:
      '`widths` of `pad` asks for 4 more; axis 1 has 4 entries, and mode="reflect" adds at most 3',
    help: undefined,
  },
  {
    code: 'NN0206',
    text: `${x}output y = pad(x, «[[0, 0], [-1, 1]]»)\n`,
    message: '`widths` of `pad` has -1; a slice takes elements away: `x[1:-1]`',
    help: undefined,
  },
  {
    code: 'NN0206',
    text: `${x}output y = pad(x, «[[1, 1]]»)\n`,
    message:
      '`widths` of `pad` is a list of 1; it takes a pair [before, after] of sizes for each of the 2 axes',
    help: undefined,
  },
  {
    code: 'NN0206',
    text: `${x}output y = pad(x, [[0, 0], [1, 1]], value=«1», mode="edge")\n`,
    message: '`value` of `pad` has no meaning with mode="edge"',
    help: undefined,
  },
  {
    code: 'NN0410',
    text: `${x}output y = diagonal(«x»)\n`,
    message: 'the length of a diagonal must be known when compiling',
    help: '`n` and `4` are not the same size for certain: take a square part, `x[:n, :n]`',
  },
  {
    code: 'NN0206',
    text: 'input x: f32[3, 4]\noutput y = diagonal(x, offset=«4»)\n',
    message: '`offset` of `diagonal` is 4: outside of f32[3, 4]',
    help: undefined,
  },
  {
    code: 'NN0204',
    text: `${x}output y = tril(«x[0]»)\n`,
    message: '`tril` needs at least 2 axes; got f32[4]',
    help: '`reshape` gives other axes, `x[:, None]` one more',
  },
  {
    code: 'NN0206',
    text: `${x}output y = roll(x, «[1, 2]», axis=0)\n`,
    message: '`shift` of `roll` has 2 numbers for 1 axes',
    help: undefined,
  },
  {
    code: 'NN0206',
    text: `${x}output y = var(x, axis=1, ddof=«4»)\n`,
    message: '`ddof` of `var` is 4, and 4 elements are summed',
    help: undefined,
  },
];
testRefused('functions of shapes', rows);
