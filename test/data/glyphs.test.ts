/** The built-in digits: the same bytes everywhere, balanced, varied, and inside their frame. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Dataset } from '../../data/dataset.ts';
import { glyphs } from '../../data/glyphs/glyphs.ts';

const small = glyphs({ train: 1000, test: 200 });

function values(dataset: Dataset | undefined, name: string): Uint8Array {
  const column = dataset?.columns.find((candidate) => candidate.name === name);
  return Uint8Array.from(column?.values ?? []);
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

test('the first hundred images are these very bytes', () => {
  expect(hash(values(small.train, 'image').subarray(0, 100 * 784))).toBe('e8ac2b703f8131a6');
  expect(hash(values(small.test, 'image').subarray(0, 100 * 784))).toBe('567e288aefe08775');
  expect([...values(small.train, 'label').subarray(0, 12)]).toEqual([
    8, 4, 0, 7, 1, 9, 5, 6, 2, 3, 8, 2,
  ]);
});

test('12,000 rows to train on and 2,000 to test on, each class equally often', () => {
  const { train, test: tested } = glyphs();
  expect([train.rows, tested?.rows]).toEqual([12_000, 2_000]);
  expect(train.columns.map(({ name, dtype, rowShape }) => [name, dtype, rowShape])).toEqual([
    ['image', 'u8', [28, 28]],
    ['label', 'u8', []],
  ]);
  for (const part of [train, tested]) {
    const counts = new Array(10).fill(0);
    for (const label of values(part, 'label')) counts[label] += 1;
    expect(counts).toEqual(new Array(10).fill((part?.rows ?? 0) / 10));
  }
  // A smaller set is the beginning of the larger one.
  expect(hash(values(train, 'image').subarray(0, 784_000))).toBe(
    hash(values(small.train, 'image')),
  );
});

test('another seed writes with other hands', () => {
  const other = glyphs({ seed: 2, train: 100, test: 0 });
  expect(other.test).toBeUndefined();
  expect(hash(values(other.train, 'image'))).not.toBe(
    hash(values(small.train, 'image').subarray(0, 78_400)),
  );
});

test('no two images are equal, and none of the test set is in the training set', () => {
  const hashes = [small.train, small.test].flatMap((part) => {
    const images = values(part, 'image');
    return Array.from({ length: images.length / 784 }, (_, row) =>
      hash(images.subarray(row * 784, (row + 1) * 784)),
    );
  });
  expect(new Set(hashes).size).toBe(1200);
});

test('every image has ink, most of it paper, and a free margin', () => {
  const images = values(small.train, 'image');
  for (let row = 0; row < 1000; row++) {
    let inked = 0;
    let margin = 0;
    for (let at = 0; at < 784; at++) {
      const grey = images[row * 784 + at] ?? 0;
      if (grey > 100) inked += 1;
      const [y, x] = [Math.floor(at / 28), at % 28];
      if (y === 0 || x === 0 || y === 27 || x === 27) margin = Math.max(margin, grey);
    }
    expect(inked).toBeGreaterThan(15);
    expect(inked).toBeLessThan(260);
    expect(margin).toBeLessThan(128);
  }
});
