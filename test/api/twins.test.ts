/** Every file of `models/` has a twin that a program builds: the same graph, the same parameters, the same lines to train by. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, Model } from '../../api/index.ts';
import { persistentTensors } from '../../compiler/model.ts';
import { places, usePlaces } from '../support/places.ts';

const folder = path.resolve(import.meta.dirname, '../../models');
const files = readdirSync(folder).filter((file) => file.endsWith('.nn'));

test('there are models', () => {
  expect(files.length).toBeGreaterThanOrEqual(15);
});

describe.each(places)('a twin in TypeScript, places $called, builds the same', (where) => {
  let restore: () => void;
  beforeAll(() => {
    restore = usePlaces(where);
  });
  afterAll(() => restore());

  test.each(files)('%s', async (file) => {
    const twinFile = path.join(folder, file.replace(/\.nn$/, '.ts'));
    const module: Readonly<Record<string, unknown>> = await import(`${twinFile}?${where.called}`);
    const twins = Object.values(module).filter((one) => one instanceof Model);
    expect(twins).toHaveLength(1);
    const [twin] = twins;
    const own = compile(readFileSync(path.join(folder, file), 'utf8'), { name: file });
    const paths = (model: Model | undefined): readonly string[] =>
      model === undefined ? [] : persistentTensors(model.definition).map((one) => one.path);
    expect(paths(twin)).toEqual(paths(own));
    // The line that asks for a size is another one in each.
    const table = (model: Model | undefined) => model?.summary().replace(/\(\S+:\d+\)/g, '');
    expect(table(twin)).toBe(table(own));
    expect(twin?.hash).toBe(own.hash);
  });
});

test('the mark tells other graphs, names and ways to train apart', () => {
  const text = 'input x: f32[n, 2]\noutput y = x |> dense(3)\nloss = mean(y ** 2)\n';
  const train = 'train { optimizer: sgd(lr=0.1), batch: 4 }';
  const hash = (t: string): string => compile(t).hash;
  const all = [
    text,
    text + train,
    text + train.replace('0.1', '0.2'),
    text + train.replace('4', '8'),
    text.replace('output y', 'output z').replace('mean(y', 'mean(z'),
    text.replace('dense(3)', 'dense(3) as fc'),
    text.replace('dense(3)', 'dense(3, bias=false)'),
    text.replace('f32[n, 2]', 'f32[m, 2]'),
  ].map(hash);
  expect(new Set(all).size).toBe(all.length);
  expect(hash(text)).toBe(hash(`# words\n${text}`));
});
