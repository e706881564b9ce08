/** Where data is looked for, in which order, and what is said when it is not there. */
import { describe, expect, test } from 'vitest';
import { idxFileNames } from '../../data/mnist.ts';
import { type DataPlaces, resolveDataset } from '../../data/resolve.ts';
import { gzipped, idxFile, inMemory, memoryFiles, utf8 } from './fixtures.ts';

type Contents = Record<string, Uint8Array<ArrayBuffer>>;

/** Four files of tiny images; `first` is the first label, to tell the folders apart. */
function mnistIn(folder: string, first: number, packed = false): Contents {
  const files: Contents = {
    [idxFileNames.trainImages]: idxFile(8, [3, 2, 2], new Array(12).keys()),
    [idxFileNames.trainLabels]: idxFile(8, [3], [first, 1, 2]),
    [idxFileNames.testImages]: idxFile(8, [1, 2, 2], [9, 9, 9, 9]),
    [idxFileNames.testLabels]: idxFile(8, [1], [4]),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [
      `${folder}/${name}${packed ? '.gz' : ''}`,
      packed ? gzipped(bytes) : bytes,
    ]),
  );
}

function places(contents: Contents, more: Partial<DataPlaces> = {}): DataPlaces {
  return { cacheFolder: '/cache', files: memoryFiles(contents), ...more };
}

async function firstLabel(name: string, where: DataPlaces): Promise<number | undefined> {
  const { train } = await resolveDataset(name, where);
  return inMemory(train).columns.find((column) => column.name === 'label')?.values[0];
}

const everywhere = {
  ...mnistIn('/given', 1),
  ...mnistIn('/env/mnist', 2, true),
  ...mnistIn('/cache/mnist', 3),
};

describe('mnist', () => {
  test('--data comes before NNC_DATA, and that before the cache', async () => {
    expect(await firstLabel('mnist', places(everywhere, { data: '/given', env: '/env' }))).toBe(1);
    expect(await firstLabel('mnist', places(everywhere, { env: '/env' }))).toBe(2);
    expect(await firstLabel('mnist', places(everywhere, { env: '/env/mnist' }))).toBe(2);
    expect(await firstLabel('mnist', places(everywhere, { env: '/elsewhere' }))).toBe(3);
    expect(await firstLabel('mnist', places(everywhere, { env: '' }))).toBe(3);
  });

  test('columns and splits', async () => {
    const { train, test: tested } = await resolveDataset('mnist', places(everywhere));
    expect([train.rows, tested?.rows]).toEqual([3, 1]);
    expect(train.columns.map(({ name, dtype, rowShape }) => [name, dtype, rowShape])).toEqual([
      ['image', 'u8', [2, 2]],
      ['label', 'u8', []],
    ]);
    const flat = await resolveDataset('mnist_flat', places(everywhere));
    expect(flat.train.columns[0]?.rowShape).toEqual([4]);
    expect([...(inMemory(flat.train).columns[0]?.values.slice(4, 8) ?? [])]).toEqual([4, 5, 6, 7]);
  });

  test('the spelling with a dot is found too', async () => {
    const dotted = Object.fromEntries(
      Object.entries(mnistIn('/d', 6)).map(([path, bytes]) => [
        path.replace('-idx', '.idx'),
        bytes,
      ]),
    );
    expect(await firstLabel('mnist', places(dotted, { data: '/d' }))).toBe(6);
  });

  test('not found: where it was looked for, the four files, the three ways', async () => {
    const error = await failure('mnist', places({}, { env: '/env' }));
    expect(error.message).toBe(
      'mnist: the data set is not on this machine (looked in /env and /cache)',
    );
    for (const name of Object.values(idxFileNames)) expect(error.help).toContain(`${name}.gz\n`);
    for (const way of ['--data FOLDER', 'NNC_DATA', '/cache/mnist']) {
      expect(error.help).toContain(way);
    }
  });

  test('a given folder without the data is not passed over for another', async () => {
    const where = places({ ...everywhere, '/other/x': utf8('') }, { data: '/other' });
    expect((await failure('mnist', where)).message).toBe(
      '/other: no data for `mnist` in this folder',
    );
    const nowhere = places(everywhere, { data: '/no' });
    expect((await failure('mnist', nowhere)).message).toBe('/no: there is no such file or folder');
  });

  test('a file missing beside the others is named', async () => {
    const { [`/given/${idxFileNames.testLabels}`]: _, ...rest } = everywhere;
    expect((await failure('mnist', places(rest, { data: '/given' }))).message).toBe(
      '/given: t10k-labels-idx1-ubyte is missing beside the others',
    );
  });

  test('images and labels must belong together', async () => {
    const labels = { [`/given/${idxFileNames.trainLabels}`]: idxFile(8, [2], [0, 1]) };
    const where = places({ ...everywhere, ...labels }, { data: '/given' });
    expect((await failure('mnist', where)).message).toBe(
      '/given/train-labels-idx1-ubyte: 2 labels for the 3 images of /given/train-images-idx3-ubyte',
    );
    const swapped = { [`/given/${idxFileNames.trainImages}`]: idxFile(8, [3], [0, 1, 2]) };
    const other = places({ ...everywhere, ...swapped }, { data: '/given' });
    expect((await failure('mnist', other)).message).toContain('images have at least 2 dimensions');
  });
});

describe('other names', () => {
  const line = [...new Array(64).keys()].map((at) => at % 17).join(',');
  const contents = {
    '/cache/digits/digits.csv.gz': gzipped(utf8(`${line},7\n${line},8\n`)),
    '/env/digits.csv': utf8(`${line},3\n`),
    '/some/own.csv': utf8('x,y\n1,2\n'),
    '/some/images': idxFile(8, [1], [1]),
    '/some/bad.csv': Uint8Array.of(0xff, 0xfe, 0x31),
    ...mnistIn('/env', 5),
    ...mnistIn('/cache/fashion_mnist', 6),
  };

  test('digits: 64 pixels and a label, from a folder of its own or beside other files', async () => {
    const { train, test: tested } = await resolveDataset('digits', places(contents));
    expect(train.columns.map(({ name, dtype, rowShape }) => [name, dtype, rowShape])).toEqual([
      ['pixels', 'u8', [64]],
      ['label', 'u8', []],
    ]);
    expect(inMemory(train).columns[0]?.values[64 + 20]).toBe(3);
    expect(tested).toBeUndefined();
    expect(await firstLabel('digits', places(contents, { env: '/env' }))).toBe(3);
  });

  test('IDX files without a folder of their own are taken for MNIST only', async () => {
    const where = places(contents, { env: '/env' });
    expect(await firstLabel('mnist', where)).toBe(5);
    expect(await firstLabel('fashion_mnist', where)).toBe(6);
  });

  test('glyphs is built in, unless a path is given', async () => {
    expect((await resolveDataset('glyphs', places({}))).train.rows).toBe(12_000);
    expect(await firstLabel('glyphs', places(everywhere, { data: '/given' }))).toBe(1);
  });

  test('a path is read whatever the name, and a name may be a path', async () => {
    const given = await resolveDataset('mnist', places(contents, { data: '/some/own.csv' }));
    expect(given.train.columns.map((column) => column.name)).toEqual(['x', 'y']);
    const named = await resolveDataset('/some/own.csv', places(contents));
    expect(named.train.rows).toBe(1);
    const inFolder = await resolveDataset('own', places(contents, { data: '/some' }));
    expect(inFolder.train.rows).toBe(1);
  });

  test.each([
    ['nothing', {}, 'nothing: no data set of this name is known or found'],
    ['x', { data: '/some/bad.csv' }, '/some/bad.csv: the text is UTF-16, not UTF-8'],
    ['gone.csv', {}, 'gone.csv: there is no such file or folder'],
  ])('%s %o: %s', async (name, more, message) => {
    expect((await failure(name, places(contents, more))).message).toContain(message);
  });

  test('a file that cannot be read is a DataError', async () => {
    const files = memoryFiles(contents);
    const open = () => Promise.reject(new Error('EACCES: permission denied'));
    const where = { cacheFolder: '/cache', data: '/some/own.csv', files: { ...files, open } };
    expect((await failure('x', where)).message).toContain('cannot be read: EACCES');
  });
});

async function failure(name: string, where: DataPlaces): Promise<Error & { help?: string }> {
  const error = await resolveDataset(name, where).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof Error && error.name === 'DataError') return error;
  throw new Error(`a DataError was expected, not ${String(error)}`);
}
