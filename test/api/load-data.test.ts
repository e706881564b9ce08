/** Data sets for programs in Node: those that are built in, cut to a number of rows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadData, readColumn, tensor } from '../../api/node.ts';

test('the first rows to train on, all of those to test on', async () => {
  const all = await loadData('line');
  expect([all.train.rows, all.test?.rows]).toEqual([400, 100]);
  const some = await loadData('line', { limit: 30 });
  expect([some.train.rows, some.test?.rows]).toEqual([30, 100]);
  const valuesOf = ({ train }: typeof all) =>
    train.columns.flatMap((one) => ('values' in one ? [one.values] : []));
  expect(valuesOf(some)).toEqual(valuesOf(all).map((values) => values?.slice(0, 30)));
  expect((await loadData('line', { limit: 1000 })).train.rows).toBe(400);
  await expect(loadData('line', { limit: 0.5 })).rejects.toThrow('0.5');
  await expect(loadData('lime')).rejects.toThrow('lime');
});

test('a column as numbers with their shape', async () => {
  const { train } = await loadData('glyphs', { limit: 20 });
  const image = await readColumn(train, 'image');
  expect([image.dtype, image.shape, image.data.length]).toEqual(['u8', [20, 28, 28], 20 * 784]);
  const { data, dtype, shape } = image;
  expect(tensor(data, { dtype, shape }).shape).toEqual([20, 28, 28]);
  const label = await readColumn(train, 'label');
  expect([label.shape, label.data instanceof Uint8Array]).toEqual([[20], true]);
  await expect(readColumn(train, 'labels')).rejects.toThrow(
    'has no column `labels`\nhelp: did you mean `label`?',
  );
  await expect(readColumn(train, 'pixels')).rejects.toThrow('help: it has image, label');
});

test('a column that stays in its file', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nnc-column-'));
  try {
    const file = path.join(folder, 'rows.csv');
    writeFileSync(
      file,
      `a,b\n${Array.from({ length: 500 }, (_, i) => `${i},${i / 2}`).join('\n')}\n`,
    );
    const { train } = await loadData(file, { memory: 1000 });
    expect(train.columns.some((column) => 'stored' in column)).toBe(true);
    const { dtype, shape, data } = await readColumn(train, 'b');
    expect([dtype, shape, data[499]]).toEqual(['f32', [500], 249.5]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
