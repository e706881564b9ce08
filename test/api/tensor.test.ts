/** Tensors as data: made, computed with, sliced, differentiated, printed; the tape examples of the five tutorials. */
import { describe, expect, expectTypeOf, test } from 'vitest';
import { grad, nn, ops, type Tensor, tensor, UsageError } from '../../api/index.ts';

describe('making', () => {
  test('nested lists, typed arrays, shapes and types', () => {
    expect(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]).shape,
    ).toEqual([2, 3]);
    expect(tensor(5).shape).toEqual([]);
    expect(tensor([true, false]).dtype).toBe('bool');
    expect(tensor(Int32Array.of(1, 2)).dtype).toBe('i32');
    expect(tensor(Uint32Array.of(1, 2)).dtype).toBe('u32');
    expect(tensor(Uint8Array.of(1, 255)).dtype).toBe('i32');
    expect(tensor([1, 2, 3, 4], { shape: [2, 2] }).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor([1, 2], { dtype: 'i32' }).data()).toEqual(Int32Array.of(1, 2));
    expect(tensor([[[1], [2]]]).toArray()).toEqual([[[1], [2]]]);
  });

  test('numbers are those of the type', () => {
    expect(tensor(0.1).item()).toBe(Math.fround(0.1));
    expect(tensor(0.1, { dtype: 'f16' }).item()).toBe(0.0999755859375);
    expect(tensor(65520, { dtype: 'f16' }).item()).toBe(Number.POSITIVE_INFINITY);
    expect(tensor(1 / 3, { dtype: 'bf16' }).item()).toBe(0.333984375);
  });

  test.each([
    [() => tensor([[1, 2], [3]]), 'different lengths'],
    [() => tensor([1, [2]]), 'different lengths'],
    [() => tensor([[1], 2]), 'different lengths'],
    [() => tensor([[[1], [2]], [[3]]]), 'different lengths'],
    [() => tensor([1, true]), 'mixed'],
    [() => tensor([]), 'no elements'],
    [() => tensor([300], { dtype: 'u8' }), '300 is no u8'],
    [() => tensor([0.5], { dtype: 'i32' }), '0.5 is no i32'],
    [() => tensor([1, 2, 3], { shape: [2, 2] }), 'which has 4'],
    [() => tensor(BigInt64Array.of(1n)), 'BigInt64Array'],
    [() => tensor(['1'] as unknown as number[]), 'the text "1"'],
    [() => tensor([undefined] as unknown as number[]), 'undefined is no element'],
    [() => tensor([tensor(1)]), '`ops.stack(list)`'],
    [() => tensor([1, 2], { shape: [2, -1] }), '`shape` has -1'],
    [() => tensor([1], { dtype: 'float32' as 'f32' }), "did you mean `'f32'`?"],
    [() => tensor([1], { dtpe: 'i32' } as object), 'did you mean `dtype`?'],
  ])('what is no tensor is refused: %#', (make, words) => {
    expect(make).toThrow(UsageError);
    expect(make).toThrow(words);
  });
});

describe('computing', () => {
  const m = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);

  test('arithmetic, broadcasting, products, comparisons', () => {
    expect(m.add(1).toArray()).toEqual([
      [2, 3, 4],
      [5, 6, 7],
    ]);
    expect(m.sub([1, 2, 3]).toArray()).toEqual([
      [0, 0, 0],
      [3, 3, 3],
    ]);
    expect(m.matmul(m.T).toArray()).toEqual([
      [14, 32],
      [32, 77],
    ]);
    expect(m.gt(3).toArray()).toEqual([
      [false, false, false],
      [true, true, true],
    ]);
    expect(ops.sub(10, m).slice(0, 0).item()).toBe(9);
    expect(m.mod(4).toArray()).toEqual([
      [1, 2, 3],
      [0, 1, 2],
    ]);
    expect(m.neg().mod(4).toArray()).toEqual([
      [3, 2, 1],
      [0, 3, 2],
    ]);
    expect(m.pow(2).sum().item()).toBe(91);
    expect(m.floorDiv(2).toArray()).toEqual([
      [0, 1, 1],
      [2, 2, 3],
    ]);
    expect(m.lt(2).or(m.ge(6)).not().toArray()).toEqual([
      [false, true, true],
      [true, true, false],
    ]);
  });

  test('slices as in Python', () => {
    expect(m.slice(-1).toArray()).toEqual([4, 5, 6]);
    expect(m.slice(':', -1).toArray()).toEqual([3, 6]);
    expect(m.slice(0, [1, null]).toArray()).toEqual([2, 3]);
    expect(m.slice(':', [null, null, -1]).toArray()).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
    expect(m.slice(':, ::2').toArray()).toEqual([
      [1, 3],
      [4, 6],
    ]);
    expect(m.slice('...', null).shape).toEqual([2, 3, 1]);
    expect(m.slice('None, 1, -2:').toArray()).toEqual([[5, 6]]);
    expect(m.slice(tensor([1, 0, 1], { dtype: 'i32' })).shape).toEqual([3, 3]);
  });

  test('reductions and shapes', () => {
    expect(m.mean({ axis: 0 }).toArray()).toEqual([2.5, 3.5, 4.5]);
    expect(m.max({ axis: -1, keepdims: true }).toArray()).toEqual([[3], [6]]);
    expect(m.argmax({ axis: -1 }).toArray()).toEqual([2, 2]);
    expect(m.reshape([3, -1]).shape).toEqual([3, 2]);
    expect(m.transpose([1, 0]).shape).toEqual([3, 2]);
    expect(tensor([1, 2]).broadcastTo([2, 2]).toArray()).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(ops.split(m, 3).map((part) => part.shape)).toEqual([
      [2, 1],
      [2, 1],
      [2, 1],
    ]);
    expect(ops.shape(m)).toEqual([2, 3]);
    expect(m.cast('i32').dtype).toBe('i32');
  });

  test('functions of the library, and random numbers that stay what they are', () => {
    const rows = nn.softmax(m).sum({ axis: -1 }).toArray() as number[];
    for (const sum of rows) expect(sum).toBeCloseTo(1, 6);
    const [a, b] = [nn.normal(0, 1, { shape: [4] }), nn.normal(0, 1, { shape: [4] })];
    expect(a.toArray()).not.toEqual(b.toArray());
    expect(a.sub(a).toArray()).toEqual([0, 0, 0, 0]);
    expect(a.sub(b).add(b).sub(a).abs().max().item()).toBeLessThan(1e-6);
    expect(a.toArray()).toEqual(a.toArray());
  });

  test('what is wrong says where and why', () => {
    expect(() => m.add(tensor([1, 2]))).toThrow('cannot add f32[2, 3] and f32[2]');
    expect(() => m.slice(2)).toThrow('NN0211');
    expect(() => m.slice('0, oops +')).toThrow('no index');
    expect(() => m.slice(0, '1:')).toThrow('no index of one axis');
    expect(() => m.add(Number.NaN)).toThrow('no finite number');
    expect(() => m.add(undefined as unknown as number)).toThrow('stands for nothing');
    expect(() => m.item()).toThrow('has 6');
    expect([m.max().gt(5).item(), m.max().lt(5).item()]).toEqual([1, 0]);
    expectTypeOf(m.item).returns.toBeNumber();
    expect(() => nn.normal(0, 1).shape).toThrow('no shape of its own');
  });
});

describe('gradients of the tutorials', () => {
  test('x squared at 5 has the slope 10', () => {
    const x = tensor(5);
    expect(grad(x.pow(2), x).item()).toBe(10);
  });

  test('of a vector', () => {
    const x = tensor([5, 4, 3, 2, 1, 0]);
    expect(grad(x.pow(2), x).toArray()).toEqual([10, 8, 6, 4, 2, 0]);
  });

  test('of 2x + 3 by a matrix', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(grad(x.mul(2).add(3), x).toArray()).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  test('of a product and a bias, for W and b', () => {
    const x = tensor([[1, 2, 3]]);
    const W = tensor([
      [1, -1],
      [0.5, 2],
      [-2, 0.25],
    ]);
    const b = tensor([0.5, -0.5]);
    const loss = x.matmul(W).add(b).pow(2).mean();
    const [dW, db] = grad(loss, [W, b]);
    const y = [1 + 1 - 6 + 0.5, -1 + 4 + 0.75 - 0.5];
    expect(db.toArray()).toEqual(y);
    expect(dW.toArray()).toEqual([1, 2, 3].map((xi) => y.map((yi) => xi * yi)));
  });

  test('of a line, for m and b, until it fits', () => {
    const x = tensor([0, 1, 2, 3]);
    const y = x.mul(2).add(1);
    let [m, b]: [Tensor, Tensor] = [tensor(0), tensor(0)];
    for (let i = 0; i < 200; i++) {
      const loss = m.mul(x).add(b).sub(y).pow(2).mean();
      const [dm, db] = grad(loss, [m, b]);
      m = m.sub(dm.mul(0.1)).detach();
      b = b.sub(db.mul(0.1)).detach();
    }
    expect(m.item()).toBeCloseTo(2, 4);
    expect(b.item()).toBeCloseTo(1, 4);
  });

  test('derivatives of derivatives, and by what lies in between', () => {
    const x = tensor(2);
    expect(grad(grad(x.pow(3), x), x).item()).toBe(12);
    const h = x.mul(3);
    expect(grad(h.mul(h), h).item()).toBe(12);
    const [a, b] = [tensor(2), tensor(2)];
    expect(grad(a.mul(b), a).item()).toBe(2);
  });

  test('no path is a message', () => {
    const [x, y] = [tensor(1), tensor(2)];
    expect(() => grad(x.mul(2), y)).toThrow('NN0405');
    expect(() => grad(x.gt(0), x)).toThrow('NN0401');
  });
});

describe('printing, as NumPy does', () => {
  // Each line is what numpy 2 prints for the same numbers as float32 (or the type in brackets).
  test.each<[Tensor, string]>([
    [tensor([1, 2.5]), '[1.  2.5]'],
    [tensor(3), '3.0'],
    [tensor(0.1), '0.1'],
    [tensor(1e-5), '1e-05'],
    [tensor(true), 'True'],
    [tensor([[true], [false]]), '[[ True]\n [False]]'],
    [
      tensor([-0.0540468, 1 / 3, Number.NaN, Number.POSITIVE_INFINITY]),
      '[-0.0540468   0.33333334         nan         inf]',
    ],
    [tensor([2_000_000, 1]), '[2.e+06 1.e+00]'],
    [
      tensor(
        Array.from({ length: 30 }, (_, i) => i * 1000),
        { dtype: 'i32' },
      ),
      '[    0  1000  2000  3000  4000  5000  6000  7000  8000  9000 10000 11000\n 12000 13000 14000 15000 16000 17000 18000 19000 20000 21000 22000 23000\n 24000 25000 26000 27000 28000 29000]',
    ],
    [
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        { dtype: 'i32' },
      ),
      '[[1 2]\n [3 4]]',
    ],
    [tensor([true, false]), '[ True False]'],
    [tensor([-1, 10, 0.125]), '[-1.    10.     0.125]'],
    [tensor([1e-5, 1]), '[1.e-05 1.e+00]'],
    [tensor([[[1, 2]], [[3, 4]]]), '[[[1. 2.]]\n\n [[3. 4.]]]'],
    [tensor([0.1, 0.2]), '[0.1 0.2]'],
  ])('%#', (x, text) => {
    expect(String(x)).toBe(text);
  });

  test('long ones are cut', () => {
    const x = tensor(Int32Array.from({ length: 2000 }, (_, i) => i));
    expect(String(x)).toBe('[   0    1    2 ... 1997 1998 1999]');
    expect(String(x.reshape([40, 50])).split('\n')).toHaveLength(7);
  });
});

test('a layer with parameters needs a model, and leaves what it was applied to as it was', () => {
  const x = tensor([[1, 2]]);
  expect(() => nn.dense(3)(x)).toThrow(
    /^a layer with parameters \(`dense.W`\).*outside of a model/,
  );
  expect(() => x.pipe(nn.batchNorm())).toThrow('outside of a model');
  expect(x.add(1).toArray()).toEqual([[2, 3]]);
});
