/** Data sets for programs in Node: those that are built in, cut to a number of rows. */
import { expect, test } from 'vitest';
import { loadData } from '../../api/node.ts';

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
