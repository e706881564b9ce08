/**
 * Real files, where they are at hand: NNC_TEST_DATA, or the folder shared beside the project,
 * laid out as mnist/*.gz and sklearn/*.csv; golden safetensors files in NNC_GOLDEN or beside
 * them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DataSplits } from '../../data/dataset.ts';
import { nodeFiles } from '../../data/node-files.ts';
import { resolveDataset } from '../../data/resolve.ts';
import { decodeSafetensors } from '../../data/safetensors.ts';
import { inMemory } from './fixtures.ts';

const root = new URL('../../', import.meta.url).pathname;
const dataFolder = process.env['NNC_TEST_DATA'] ?? `${root}../shared/data`;
const goldenFolder = process.env['NNC_GOLDEN'] ?? `${root}../shared/golden`;
const hasData = existsSync(dataFolder);
const hasGolden = existsSync(goldenFolder);
if (!hasData) console.log(`real data: skipped, there is no ${dataFolder} (set NNC_TEST_DATA)`);
if (!hasGolden) console.log(`golden files: skipped, there is no ${goldenFolder} (set NNC_GOLDEN)`);

async function read(name: string, data: string): Promise<DataSplits> {
  const places = { data: `${dataFolder}/${data}`, cacheFolder: '', files: nodeFiles };
  const { train, test } = await resolveDataset(name, places);
  return { train: inMemory(train), ...(test === undefined ? {} : { test: inMemory(test) }) };
}

function counts(values: Iterable<number> | undefined): number[] {
  const found: number[] = [];
  for (const value of values ?? []) found[value] = (found[value] ?? 0) + 1;
  return found;
}

describe.skipIf(!hasData)('data sets', () => {
  test('MNIST has the published numbers of rows, classes and the published mean', async () => {
    const { train, test: tested } = await read('mnist', 'mnist');
    expect([train.rows, tested?.rows]).toEqual([60_000, 10_000]);
    const [image, label] = train.columns;
    expect(image?.rowShape).toEqual([28, 28]);
    expect(counts(label?.values)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(counts(tested?.columns[1]?.values)).toEqual([
      980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]);
    let sum = 0;
    for (const value of image?.values ?? []) sum += value;
    expect(sum / 255 / 47_040_000).toBeCloseTo(0.1307, 4);
  });

  test('digits, as scikit-learn describes it', async () => {
    const { train } = await read('digits', 'sklearn');
    const [pixels, label] = train.columns;
    expect([train.rows, pixels?.rowShape, pixels?.dtype]).toEqual([1797, [64], 'u8']);
    expect(Math.max(...(pixels?.values ?? []))).toBe(16);
    expect(counts(label?.values)).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });

  test.each([
    ['iris', 150, 5, ['setosa', 'versicolor', 'virginica'], [50, 50, 50]],
    ['wine_data', 178, 14, ['class_0', 'class_1', 'class_2'], [59, 71, 48]],
    ['breast_cancer', 569, 31, ['malignant', 'benign'], [212, 357]],
  ])('%s', async (name, rows, width, classes, sizes) => {
    const { train } = await read(name, `sklearn/${name}.csv`);
    const last = train.columns.at(-1);
    expect([train.rows, train.columns.length]).toEqual([rows, width]);
    expect([last?.name, last?.dtype, last?.classes]).toEqual([`c${width - 1}`, 'u8', classes]);
    expect(counts(last?.values)).toEqual(sizes);
    expect(train.columns[0]?.dtype).toBe('f32');
  });

  test('the diabetes files: blanks, and floats written with an exponent', async () => {
    const features = await read('diabetes', 'sklearn/diabetes_data_raw.csv.gz');
    const targets = await read('diabetes', 'sklearn/diabetes_target.csv.gz');
    expect([features.train.rows, features.train.columns.length]).toEqual([442, 10]);
    expect([...(features.train.columns[0]?.values ?? [])].slice(0, 3)).toEqual([59, 48, 72]);
    expect(targets.train.columns[0]?.dtype).toBe('f32');
    expect(targets.train.columns[0]?.values[0]).toBe(151);
  });
});

test.skipIf(!hasGolden)('golden safetensors files are read', async () => {
  const path = `${goldenFolder}/ops_unary.safetensors`;
  const { tensors } = decodeSafetensors(new Uint8Array(readFileSync(path)), path);
  const [x, y] = [tensors.get('unary.neg.1/in/x'), tensors.get('unary.neg.1/out/0')];
  expect(x?.shape).toEqual([5, 3]);
  expect([...(y?.values ?? [])]).toEqual([...(x?.values ?? [])].map((value) => -value));
  for (const name of tensors.keys()) expect(name).not.toMatch(/__pad$/);
});
