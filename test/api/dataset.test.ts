/** The pipeline: what comes out, in which order, how often it is asked, and what is refused. Needs no device. */
import { describe, expect, test } from 'vitest';
import { type Dataset, dataset } from '../../api/data/index.ts';
import { type AnyDataset, createDataset } from '../../data/index.ts';

async function all<T>(elements: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const element of elements) found.push(element);
  return found;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
function* counted(count: number): Generator<number> {
  yield* numbers(count);
}

describe.each([
  ['a list', () => dataset(numbers(10))],
  ['a generator', () => dataset(() => counted(10))],
])('%s', (_, make) => {
  test('map, filter, take, skip, batch', async () => {
    expect(
      await all(
        make()
          .map((n) => n * 2)
          .take(3),
      ),
    ).toEqual([0, 2, 4]);
    expect(
      await all(
        make()
          .map(async (n) => n + 1)
          .skip(7),
      ),
    ).toEqual([8, 9, 10]);
    expect(await all(make().filter((n) => n % 3 === 0))).toEqual([0, 3, 6, 9]);
    expect(await all(make().batch(4))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(await all(make().batch(4, { dropLast: true }))).toHaveLength(2);
    expect(await all(make().take(0))).toEqual([]);
    expect(await all(make().skip(20))).toEqual([]);
  });

  test('shuffle has every element once, by seed and epoch', async () => {
    const one = make().shuffle(7, 4);
    const [first, second] = [await all(one.pass(0)), await all(one.pass(1))];
    for (const order of [first, second])
      expect(order.toSorted((a, b) => a - b)).toEqual(numbers(10));
    expect(first).not.toEqual(numbers(10));
    expect(second).not.toEqual(first);
    expect(await all(make().shuffle(7, 4).pass(0))).toEqual(first);
    expect(await all(make().shuffle(8, 4).pass(0))).not.toEqual(first);
  });

  test('a loop is an epoch', async () => {
    const shuffled = make().shuffle(1, 4);
    expect(await all(shuffled)).toEqual(await all(shuffled.pass(0)));
    expect(await all(shuffled)).toEqual(await all(shuffled.pass(1)));
  });
});

test('a buffer moves an element by no more than its size', async () => {
  const order = await all(
    dataset(() => counted(200))
      .shuffle(3, 8)
      .pass(0),
  );
  for (const [place, value] of order.entries()) expect(place).toBeGreaterThanOrEqual(value - 8);
});

test('prefetch asks ahead, and no further', async () => {
  let asked = 0;
  function* source(): Generator<number> {
    for (; asked < 20; asked++) yield asked;
  }
  const seen: number[] = [];
  for await (const n of dataset(() => source()).prefetch(3)) {
    seen.push(n);
    await new Promise((resolve) => setTimeout(resolve));
    expect(asked).toBeLessThanOrEqual(n + 4);
    if (n < 10) expect(asked).toBeGreaterThanOrEqual(n + 3);
  }
  expect(seen).toEqual(numbers(20));
});

test('an error comes where its element would, and whoever leaves early closes the source', async () => {
  const failing = dataset(() => counted(6)).map((n) => {
    if (n === 3) throw new Error('row 3 is bad');
    return n;
  });
  const seen: number[] = [];
  const loop = async (): Promise<void> => {
    for await (const n of failing.prefetch(2)) seen.push(n);
  };
  await expect(loop()).rejects.toThrow('row 3 is bad');
  expect(seen).toEqual([0, 1, 2]);

  let closed = false;
  function* open(): Generator<number> {
    try {
      yield* numbers(100);
    } finally {
      closed = true;
    }
  }
  for await (const n of dataset(() => open())
    .prefetch(2)
    .batch(3))
    if (n[0] === 3) break;
  expect(closed).toBe(true);
});

test('split sets the last part apart', async () => {
  const { train, validation } = dataset(numbers(10)).split(0.25);
  expect([await all(train), await all(validation)]).toEqual([numbers(7), [7, 8, 9]]);
  expect(() => dataset(numbers(10)).split(1)).toThrow('leaves one side');
  expect(() => dataset(() => counted(10)).split(0.5)).toThrow('`take(n)` and `skip(n)`');
});

test('columns and tables are rows', async () => {
  const pairs = dataset({ x: Float32Array.of(1, 2, 3, 4), label: [7, 8] });
  expect(await all<unknown>(pairs)).toEqual([
    { x: Float32Array.of(1, 2), label: 7 },
    { x: Float32Array.of(3, 4), label: 8 },
  ]);
  const table = createDataset('table', [
    {
      name: 'image',
      dtype: 'u8',
      kind: 'integer',
      rowShape: [2, 1],
      values: Uint8Array.of(1, 2, 3, 4),
    },
    { name: 'label', dtype: 'u8', kind: 'integer', rowShape: [], values: Uint8Array.of(5, 6) },
  ]);
  expect(await all(dataset(table).skip(1))).toEqual([
    { image: { shape: [2, 1], data: Uint8Array.of(3, 4) }, label: 6 },
  ]);
  expect(() => dataset({ x: [1, 2, 3], y: [1, 2] })).toThrow('another column has 2');
});

test('rows of a file are read in pieces', async () => {
  let reads = 0;
  const stored = {
    rows: 600,
    mark: 'test',
    async read(rows: Uint32Array) {
      reads += 1;
      return Int32Array.from(rows, (row) => row * 10);
    },
  };
  const table: AnyDataset = {
    name: 'stored',
    rows: 600,
    columns: [{ name: 'v', dtype: 'i32', kind: 'integer', rowShape: [], stored }],
  } as const;
  const rows = await all(dataset(table));
  expect(rows.map((row) => row['v'])).toEqual(numbers(600).map((n) => n * 10));
  expect(reads).toBe(3);
});

test('what can be gone through once says so when it is wanted again', async () => {
  const once: Dataset<number> = dataset(counted(3));
  expect(once.once).toBe(true);
  expect(await all(once)).toEqual([0, 1, 2]);
  expect(() => once.pass(1)).toThrow('can be gone through once');
  expect(dataset(new Set([1, 2])).once).toBe(false);
});

test('counts are checked', () => {
  expect(() => dataset([1]).batch(0)).toThrow('batch: size is 0');
  expect(() => dataset([1]).shuffle(1, 0.5)).toThrow('shuffle: buffer is 0.5');
  expect(() => dataset([1]).take(-1)).toThrow('take: count is -1');
  expect(() => dataset(5 as never)).toThrow('is no data');
});
