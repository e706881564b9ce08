/** `einsum` and `rearrange`: their meaning against plain loops, their shapes, and what they refuse. */
import { describe, expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { modelOf } from './elaborate-text.ts';
import { outputsOf, shapesOf } from './evaluate.ts';
import { type Refused, testRefused } from './refused.ts';

const counted = (shape: readonly number[], by = 1) => {
  const count = shape.reduce((n, d) => n * d, 1);
  return ndArray(
    'f32',
    shape,
    Array.from({ length: count }, (_, i) => ((i * by) % 11) - 3),
  );
};

/** A sum of products by loops over every name, from single letters. */
function einsumByLoops(
  pattern: string,
  tensors: readonly { shape: readonly number[]; data: ArrayLike<number> }[],
): number[] {
  const [left = '', out = ''] = pattern.split('->');
  const terms = left.split(',');
  const sizes = new Map<string, number>();
  terms.forEach((t, i) => {
    for (const [axis, l] of [...t].entries()) sizes.set(l, tensors[i]?.shape[axis] ?? 1);
  });
  const names = [...new Set([...out, ...sizes.keys()])];
  const total = (ls: readonly string[]): number => ls.reduce((n, l) => n * (sizes.get(l) ?? 1), 1);
  const result = Array<number>(total([...out])).fill(0);
  const flat = (term: string, at: ReadonlyMap<string, number>): number =>
    [...term].reduce((f, l) => f * (sizes.get(l) ?? 1) + (at.get(l) ?? 0), 0);
  for (let i = 0; i < total(names); i++) {
    const at = new Map<string, number>();
    let rest = i;
    for (const l of names.toReversed()) {
      at.set(l, rest % (sizes.get(l) ?? 1));
      rest = Math.floor(rest / (sizes.get(l) ?? 1));
    }
    const product = terms.reduce((p, t, k) => p * (tensors[k]?.data[flat(t, at)] ?? 0), 1);
    const o = flat(out, at);
    result[o] = (result[o] ?? 0) + product;
  }
  return result;
}

const letterSizes: Readonly<Record<string, number>> = { i: 2, j: 3, k: 4, l: 2, b: 3, u: 2, v: 2 };

describe('einsum', () => {
  test.each([
    'ij,jk->ik',
    'ij,kj->ik',
    'bij,bjk->bik',
    'ij->ji',
    'ij->j',
    'ij->',
    'ii->i',
    'ii->',
    'iji->ij',
    'iij,jj->i',
    'iii->i',
    'ijii,j->ij',
    'i,j->ij',
    'i,i->',
    'i,i->i',
    'ij,ij->ji',
    'ij,jk,kl->il',
    'bik,bjk,bk->bij',
    'bijuv,uvl->blij',
    'ij,k->j',
    ',ij->ji',
  ])('%s, with spaces and without', (pattern) => {
    const [left = '', out = ''] = pattern.split('->');
    const terms = left.split(',');
    const tensors = terms.map((t, i) =>
      counted(
        [...t].map((l) => letterSizes[l] ?? 1),
        i + 2,
      ),
    );
    const inputs = tensors.map(
      (t, i) => `input x${i}: f32${t.shape.length === 0 ? '' : `[${t.shape.join(', ')}]`}`,
    );
    const spaced = `${terms.map((t) => [...t].join(' ')).join(', ')} -> ${[...out].join(' ')}`;
    const call = (p: string) => `einsum("${p}", ${tensors.map((_, i) => `x${i}`).join(', ')})`;
    const text = `${inputs.join('\n')}\noutput a = ${call(spaced)}\noutput b = ${call(pattern)}\n`;
    const values = Object.fromEntries(tensors.map((t, i) => [`x${i}`, t]));
    const got = outputsOf(text, { values });
    expect(got['a']?.map((v) => v + 0)).toEqual(einsumByLoops(pattern, tensors));
    expect(got['b']).toEqual(got['a']);
  });

  test.each([
    ['b t h e', '... e -> e ...', '[e, b, t, h]'],
    ['b t 4 5', '... i j -> ... j i', '[b, t, 5, 4]'],
    ['b t 4 5', 'b ... -> ...', '[t, 4, 5]'],
  ])('x: f32[%s], "%s"', (shape, pattern, want) => {
    const model = modelOf(
      `input x: f32[${shape.split(' ').join(', ')}]\noutput y = einsum("${pattern}", x)\n`,
    );
    expect(shapesOf(model)).toEqual([`y f32${want}`]);
  });

  test('`...` aligns at the right, so a term without those axes is used for all of them', () => {
    const text =
      'input x: f32[b, t, 3]\ninput w: f32[3, 5]\noutput y = einsum("... i, i o -> ... o", x, w)\noutput z = einsum("...i, io->...o", x, w)\n';
    expect(shapesOf(modelOf(text))).toEqual(['y f32[b, t, 5]', 'z f32[b, t, 5]']);
  });

  test('the kernel of a convolution is one contraction, and nothing is copied', () => {
    const model = modelOf(
      'input v: f32[n, 5, 5, 3, 2, 2]\nparam W: f32[2, 2, 3, 8] = 0\noutput y = einsum("n i j c u v, u v c o -> n i j o", v, W)\n',
    );
    const nodes = model.evaluation.outputs.map((o) => o.node);
    const bound = runPasses(model.graph, bindSizes(model.graph, nodes, { n: 4 }));
    const kinds = reachable(bound).map((n) => n.op.lowering.kind);
    expect(kinds.filter((k) => k !== 'view' && k !== 'leaf')).toEqual(['contract']);
  });

  test('gradients', () => {
    const text =
      'input x: f32[2, 3]\ninput y: f32[3, 4]\noutput dx = grad(einsum("i j, j k -> i k", x, y), x)\noutput dd = grad(einsum("i i ->", x @ x.T), x)\n';
    const [x, y] = [counted([2, 3], 2), counted([3, 4], 5)];
    const got = outputsOf(text, { values: { x, y } });
    const rows = [0, 1, 2].map((j) =>
      [0, 1, 2, 3].reduce((s, k) => s + (y.data[j * 4 + k] ?? 0), 0),
    );
    expect(got['dx']).toEqual([...rows, ...rows]);
    expect(got['dd']).toEqual([...x.data].map((v) => 2 * v));
  });
});

describe('rearrange', () => {
  test.each([
    ['b, t, 384', 'b t (h e) -> b h t e', ', h=6', '[b, 6, t, 64]'],
    ['b, t, 384', 'b t (h e) -> b h t e', ', e=64', '[b, 6, t, 64]'],
    ['b, 6, t, 64', 'b h t e -> b t (h e)', '', '[b, t, 384]'],
    ['b, t, 3', 'b t d -> (b t) d', '', '[b*t, 3]'],
    ['b, 28, 28', 'b (h p) (w q) -> b (h w) (p q)', ', p=7, q=7', '[b, 16, 49]'],
    ['b, 28, 28', 'b ... -> b (...)', '', '[b, 784]'],
    ['b, 28, 28', '... w -> w ...', '', '[28, b, 28]'],
    ['b, 1, 28', 'b 1 w -> b w 1 1', '', '[b, 28, 1, 1]'],
    ['b, 6 * t', 'b (c t) -> b c t', ', c=6', '[b, 6, t]'],
    ['b, t', 'b (t k) -> b t k', ', k=4', '[b, floor((t)/(4)), 4]'],
    ['b, t', 'b t -> t b', ', t=t', '[t, b]'],
    ['n', '(a x) -> x a', ', x=2', '[2, floor((n)/(2))]'],
  ])('x: f32[%s], "%s"%s', (shape, pattern, options, want) => {
    const sized = options.includes('t=t') ? 'let [_, t] = shape(x)\n' : '';
    const model = modelOf(
      `input x: f32[${shape}]\n${sized}output y = x |> rearrange("${pattern}"${options})\n`,
    );
    expect(shapesOf(model)).toEqual([`y f32${want}`]);
  });

  test('what only binding can tell is a guard, and leaves nothing behind', () => {
    const model = modelOf('input x: f32[b, t]\noutput y = rearrange(x, "b (t k) -> t b k", k=4)\n');
    expect(model.guards.map((g) => g.text)).toEqual(['t % 4 == 0 (test.nn:2)']);
    const nodes = model.evaluation.outputs.map((o) => o.node);
    const bound = runPasses(model.graph, bindSizes(model.graph, nodes, { b: 2, t: 8 }));
    expect(bound[0]?.type.shape).toEqual([2, 2, 4]);
    expect(reachable(bound).map((n) => n.op.name)).not.toContain('slice');
  });

  test('moves every element to its place', () => {
    const x = counted([2, 3, 4], 1);
    const { y = [] } = outputsOf(
      'input x: f32[2, 3, 4]\noutput y = rearrange(x, "b t (h e) -> b h t e", h=2)\n',
      {
        values: { x },
      },
    );
    const want: number[] = [];
    for (let b = 0; b < 2; b++)
      for (let h = 0; h < 2; h++)
        for (let t = 0; t < 3; t++)
          for (let e = 0; e < 2; e++) want.push(x.data[(b * 3 + t) * 4 + h * 2 + e] ?? 0);
    expect(y).toEqual(want);
  });
});

const x = 'input x: f32[b, t, 384]\n';
const separated = 'axis names are separated by spaces: `b t d`';
const syntax: readonly Refused[] = [
  {
    code: 'NN0220',
    text: `${x}output y = rearrange(x, "b t d «-» b d t")\n`,
    message: '`-` has no meaning in a pattern',
    help: 'the arrow is `->`',
  },
  {
    code: 'NN0220',
    text: `${x}output y = rearrange(x, "b t d -> b «;» d t")\n`,
    message: '`;` has no meaning in a pattern',
    help: separated,
  },
  {
    code: 'NN0220',
    text: `${x}output y = rearrange(x, "«b t d»")\n`,
    message: 'this pattern has no `->`',
    help: 'the result stands behind it: `b t d -> t b d`',
  },
  {
    code: 'NN0220',
    text: `${x}output y = rearrange(x, "b t d -> b t «->» d")\n`,
    message: 'two `->` in a pattern',
    help: separated,
  },
  {
    code: 'NN0220',
    text: `${x}output y = rearrange(x, "b t «(»h e -> b h t e", h=6)\n`,
    message: 'this `(` is not closed',
    help: separated,
  },
  {
    code: 'NN0220',
    text: `${x}output y = rearrange(x, "b t (h «(»e f)) -> b h t e f")\n`,
    message: 'brackets in brackets',
    help: 'one pair says it all: `(a b c)`',
  },
  {
    code: 'NN0220',
    text: `${x}output y = rearrange(x, "b t «d» -> b t e")\n`,
    message: '`d` stands on the left only, not on the right',
    help: 'what disappears is reduced: `mean(x, axis=...)`, `sum`, `max`',
  },
  {
    code: 'NN0220',
    text: `${x}output y = rearrange(x, "b t d -> b t d «e»")\n`,
    message: '`e` stands on the right only, not on the left',
    help: 'a new axis is `1`; `broadcast_to` and `tile` repeat along it',
  },
  {
    code: 'NN0220',
    text: `${x}output y = rearrange(x, "b t (h «6») -> b t h")\n`,
    message: '`6` has no meaning in a pattern',
    help: 'of the numbers only `1` stands in a pattern; sizes are options: `h=6`',
  },
  {
    code: 'NN0220',
    text: `${x}output y = einsum("b t d -> b t «q»", x)\n`,
    message: '`q` stands only behind the `->`',
    help: 'the axes of the result are axes of the tensors',
  },
  {
    code: 'NN0220',
    text: `${x}output y = einsum("b t d -> b t «b»", x)\n`,
    message: '`b` stands twice behind the `->`',
    help: 'one axis of the result for each name',
  },
  {
    code: 'NN0220',
    text: `${x}output y = einsum("b t «(»d e) -> b t", x)\n`,
    message: '`(` has no meaning in a sum of products',
    help: 'only `rearrange` splits and merges axes',
  },
];
testRefused('pattern syntax', syntax);

const disagree = 'the pattern and the tensor disagree';
const fits: readonly Refused[] = [
  {
    code: 'NN0221',
    text: `${x}output y = rearrange(x, "b t «(h e)» -> b h t e", h=7)\n`,
    message: disagree,
    label: '384 is not divisible by h = 7',
    help: '384 = 6 * 64; divisors near 7: 6, 8',
  },
  {
    code: 'NN0221',
    text: `${x}output y = rearrange(x, "b t «(h e)» -> b h t e", h=6, e=32)\n`,
    message: disagree,
    label: 'this axis has 384 entries, not h * e = 192',
    help: undefined,
  },
  {
    code: 'NN0221',
    text: `${x}output y = rearrange(x, "b t «(h e)» -> b h t e")\n`,
    message: disagree,
    label: '384 could be split in many ways',
    help: 'give the sizes of all but one: `e=...`',
  },
  {
    code: 'NN0221',
    text: `${x}output y = rearrange(x, "«b t» -> t b")\n`,
    message: disagree,
    label: '2 axes named, and f32[b, t, 384] has 3',
    help: '`...` stands for any number of axes, `1` for one of size 1',
  },
  {
    code: 'NN0221',
    text: `${x}output y = rearrange(x, "b t «1» -> b t")\n`,
    message: disagree,
    label: 'this axis has 384 entries, not 1',
    help: undefined,
  },
  {
    code: 'NN0305',
    text: `${x}output y = rearrange(x, "b t (h e) -> b h t e", «heads»=6)\n`,
    message: '`rearrange` has no option `heads`',
    help: 'no axis of the pattern is called `heads`',
  },
  {
    code: 'NN0221',
    text: 'input x: f32[3, 784]\ninput w: f32[100, 10]\noutput y = einsum("b i, «i» o -> b o", x, w)\n',
    message: disagree,
    label: '`i` is 100 at axis 0 of f32[100, 10] and 784 at axis 1 of f32[3, 784]',
    help: undefined,
  },
  {
    code: 'NN0221',
    text: `${x}output y = einsum("b t «de» -> b t", x[..., None])\n`.replace(
      'b t «de»',
      '«b t de»',
    ),
    message: disagree,
    label: '3 axes named, and f32[b, t, 384, 1] has 4',
    help: 'axis names are separated by spaces: `d e`',
  },
  {
    code: 'NN0221',
    text: `${x}output y = einsum(«"b t d, d o -> b t o"», x)\n`,
    message: disagree,
    label: '2 terms for one tensor',
    help: 'one term for each tensor, separated by commas: `"i j, j k -> i k"`',
  },
  {
    code: 'NN0221',
    text: `${x}output y = einsum("b t «t» -> b", x)\n`,
    message: disagree,
    label: '`t` is 384 at axis 2 of f32[b, t, 384] and t at axis 1 of f32[b, t, 384]',
    help: undefined,
  },
];
testRefused('patterns that do not fit', fits);
