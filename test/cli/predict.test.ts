/** `nnc predict`: rows in every form that is read, with and without labels, and outputs read back from every form that is written. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { type Column, npyHeader, residentRows } from '../../data/index.ts';
import { nodeFiles } from '../../data/node-files.ts';
import { readDataFile } from '../../data/read-file.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { createWorkplace, projectFolder, type Workplace } from './run-nnc.ts';

const model = `input x: f32[n, 3]
input label: u8[n]
param w: f32[3, 2] = [[1, 0], [0, 1], [0.5, 0.25]]
let y = x @ w
output y
output first = y[:, 0]
output class = argmax(y, axis=-1)
output large = y[:, 1] > 2
loss = softmax_crossentropy(y, label)
train { optimizer: sgd() }
`;
const rows = [
  [1, 2, 4],
  [3, 1, 0],
  [0.5, 0.25, 8],
  [-1, -2, -3],
  [10, 20, 30],
];
/** What the model makes of them. */
const expected = rows.map(([a = 0, b = 0, c = 0]) => [a + c / 2, b + c / 4]);

let place: Workplace;
const at = (name: string): string => path.join(place.folder, name);

beforeAll(async () => {
  place = createWorkplace();
  place.write('m.nn', model);
  place.write('table.nn', model.replace('train {', 'train { columns: {x: "a..c"} '));
  const numbers = Float32Array.from(rows.flat());
  const npy = Buffer.concat([npyHeader('f32', [5, 3]), Buffer.from(numbers.buffer)]);
  place.write('x.npy', npy);
  place.write('x.npy.gz', gzipSync(npy));
  const idx = Buffer.alloc(12 + 15 * 4);
  idx.set([0, 0, 13, 2, 0, 0, 0, 5, 0, 0, 0, 3]);
  for (const [place, value] of numbers.entries()) idx.writeFloatBE(value, 12 + 4 * place);
  place.write('x.idx', idx);
  place.write('x.json', JSON.stringify(rows.map((x) => ({ x }))));
  place.write('x.jsonl', rows.map((x) => JSON.stringify({ x })).join('\n'));
  const labelled = rows.map((x, row) => JSON.stringify({ x, label: row % 2 }));
  place.write('labelled.jsonl', labelled.join('\n'));
  place.write('x.csv', `a,b,c\n${rows.map((row) => row.join()).join('\n')}\n`);
  const words = ['m.nn', '--data', 'labelled.jsonl', '--steps', '1', '--lr', '1e-30', '-o', 'w.st'];
  expect((await place.nnc('train', ...words)).code).toBe(0);
});
afterAll(() => place.remove());

const words = (name: string): readonly string[] => [
  'predict',
  at(name),
  ...['--weights', at('w.st'), '--batch', '2'],
];

/** In this process, which is faster than one of its own; names of files are those of the workplace. */
async function predict(data: string, ...more: readonly string[]) {
  const terminal = memoryTerminal();
  const name = data.endsWith('.csv') ? 'table.nn' : 'm.nn';
  const all = [...words(name), '--data', at(data), ...more];
  const code = await runCommand(all, { env: {}, terminal, now: () => 0 });
  return { code, out: terminal.out(), err: terminal.err() };
}

/** The command with a file at its standard input; its standard output as bytes. */
function piped(data: string, ...more: readonly string[]): Buffer {
  const name = data.endsWith('.csv') ? 'table.nn' : 'm.nn';
  const all = ['bin/nnc.js', ...words(name), '--data', '-', ...more];
  const options = { cwd: projectFolder, input: readFileSync(at(data)) };
  const { stdout, status, stderr } = spawnSync(process.execPath, all, options);
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const records = (text: string): readonly Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('rows in', () => {
  test.each(['x.npy', 'x.npy.gz', 'x.json', 'x.jsonl', 'x.idx', 'x.csv', 'labelled.jsonl'])(
    '%s',
    async (file) => {
      const { out, err } = await predict(file, '--only', 'y');
      expect(err).toBe('');
      expect(records(out).map((one) => one['y'])).toEqual(expected);
    },
  );

  test.each(['x.npy', 'x.jsonl', 'x.csv'])('%s, piped', (file) => {
    const found = records(piped(file, '--only', 'y').toString());
    expect(found).toEqual(expected.map((y, row) => ({ row, y })));
  });

  test('a label that is there goes along, and one that is not is not missed', async () => {
    const labelled = records((await predict('labelled.jsonl', '--only', 'class')).out);
    expect(labelled[1]).toEqual({ row: 1, label: 1, class: 0 });
    const plain = records((await predict('x.jsonl', '--only', 'class')).out);
    expect(plain[1]).toEqual({ row: 1, class: 0 });
  });
});

describe('outputs back', () => {
  const read = async (file: string): Promise<readonly Column[]> => {
    const { train } = await readDataFile(at(file), { files: nodeFiles, memory: 1e9 });
    return (await residentRows(train)).columns;
  };

  test.each([
    ['y', [2], expected.flat()],
    ['first', [], expected.map(([a]) => a)],
    ['class', [], expected.map(([a = 0, b = 0]) => (b > a ? 1 : 0))],
    ['large', [], expected.map(([, b = 0]) => (b > 2 ? 1 : 0))],
  ])('NPY of `%s`', async (name, rowShape, values) => {
    const file = at(`${name}.npy`);
    const { code, out, err } = await predict('x.npy', '--only', name, '-o', file);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: `${file}: 5 rows\n` });
    const [column] = await read(`${name}.npy`);
    expect(column).toMatchObject({ name, rowShape });
    expect([...(column?.values ?? [])]).toEqual(values);
  });

  test('NPY on standard output is the same file', async () => {
    await predict('x.npy', '--only', 'y', '-o', at('y.npy'));
    const bytes = piped('x.npy', '--only', 'y', '--format', 'npy');
    expect(bytes.equals(readFileSync(at('y.npy')))).toBe(true);
  });

  test('`-o -` is standard output', async () => {
    const plain = await predict('x.npy', '--only', 'y');
    expect(await predict('x.npy', '--only', 'y', '-o', '-')).toEqual(plain);
    expect(plain.out).toContain('{"row":0,"y":[');
  });

  test('NPZ holds all outputs', async () => {
    await predict('x.npy', '-o', at('all.npz'));
    const columns = await read('all.npz');
    expect(columns.map(({ name, rowShape }) => [name, rowShape])).toEqual([
      ['y', [2]],
      ['first', []],
      ['class', []],
      ['large', []],
    ]);
    expect([...(columns[0]?.values ?? [])]).toEqual(expected.flat());
  });

  test.each(['back.csv', 'back.jsonl'])('%s is data again', async (file) => {
    await predict('labelled.jsonl', '-o', at(file));
    const columns = await read(file);
    const valuesOf = (name: string): readonly number[] => [
      ...(columns.find((column) => column.name === name)?.values ?? []),
    ];
    expect(valuesOf('first')).toEqual(expected.map(([a]) => a));
    expect(valuesOf('label')).toEqual([0, 1, 0, 1, 0]);
  });
});

describe('what cannot be', () => {
  test('an archive on standard output', async () => {
    expect(await predict('x.npy', '--format', 'npz')).toEqual({
      code: 2,
      out: '',
      err: 'error: --format npz is no text: it goes into a file\nhelp: -o predictions.npz\n',
    });
  });

  test('several outputs in one array', async () => {
    const { code, err } = await predict('x.npy', '-o', at('several.npy'));
    expect(code).toBe(2);
    expect(err).toContain('there are 4 outputs, and an .npy file holds one array');
  });

  test('rows of another width', async () => {
    place.write('narrow.jsonl', '{"x": [1, 2]}\n');
    const { code, err } = await predict('narrow.jsonl');
    expect(code).toBe(1);
    expect(err).toContain('error[NN0504]');
  });
});

test('a reader that has seen enough is no mistake', () => {
  place.write('many.jsonl', `${JSON.stringify({ x: [1, 2, 3] })}\n`.repeat(20_000));
  const all = [process.execPath, 'bin/nnc.js', ...words('m.nn'), '--data', at('many.jsonl')];
  const script = '"$@" | head -1; exit $PIPESTATUS';
  const shell = ['-c', script, '-', ...all, '--batch', '256'];
  const { stdout, stderr, status } = spawnSync('bash', shell, { cwd: projectFolder });
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
  expect(records(stdout.toString())).toHaveLength(1);
});
