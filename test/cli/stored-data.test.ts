/** Data too large for memory through the command: a run over rows in files ends in the very weights of a run over rows in memory. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { crc32, npyHeader, zipDirectory, zipLocalHeader } from '../../data/index.ts';
import { memoryTerminal } from './memory-terminal.ts';
import {
  createWorkplace,
  pointsCsv,
  pointsModel,
  projectFolder,
  type Workplace,
} from './run-nnc.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
  place.write('points.nn', pointsModel);
  place.write('points.csv', pointsCsv);
  mkdirSync(path.join(place.folder, 'arrays'));
  const lines = pointsCsv.trim().split('\n').slice(1);
  const arrays = ['a', 'b', 'label'].map((name, field) => {
    const numbers = Float32Array.from(lines, (line) => Number(line.split(',')[field]));
    const bytes = name === 'label' ? Uint8Array.from(numbers) : new Uint8Array(numbers.buffer);
    const type = name === 'label' ? 'u8' : 'f32';
    const file = Buffer.concat([npyHeader(type, [numbers.length]), bytes]);
    place.write(path.join('arrays', `${name}.npy`), file);
    return { name: `${name}.npy`, file };
  });
  place.write('points.npz', archive(arrays));
  process.chdir(place.folder);
});
afterAll(() => {
  process.chdir(projectFolder);
  place.remove();
});

function archive(files: readonly { readonly name: string; readonly file: Buffer }[]): Buffer {
  let at = 0;
  const pieces: Uint8Array[] = [];
  const entries = files.map(({ name, file }) => {
    const entry = { name, size: file.length, checksum: crc32(file), header: at };
    const header = zipLocalHeader(name, file.length, entry.checksum);
    pieces.push(header, file);
    at += header.length + file.length;
    return entry;
  });
  return Buffer.concat([...pieces, zipDirectory(entries, at)]);
}

async function nnc(memory: string | undefined, ...words: readonly string[]) {
  const terminal = memoryTerminal();
  const env = memory === undefined ? {} : { NNC_MEMORY: memory };
  const code = await runCommand(words, { env, terminal, now: () => performance.now() });
  return { code, out: terminal.out(), err: terminal.err() };
}

/** The results without the times. */
const told = (out: string): string => out.replace(/[\d.,]+ (?:m?s|steps\/s|rows\/s)\b/g, '…');

describe.each(['points.csv', 'arrays', 'points.npz'])('%s', (data) => {
  // 48 rows, 12 set apart by the seed, batches of 16: the last one of an epoch has 4.
  const words = ['train', 'points.nn', '--data', data, '--validation', '0.25'];

  test('the same losses and weights, to the bit', async () => {
    const resident = await nnc(undefined, ...words, '-o', 'resident.safetensors');
    const stored = await nnc('150', ...words, '-o', 'stored.safetensors');
    expect([resident.code, stored.code, stored.err]).toEqual([0, 0, '']);
    const losses = (out: string) => out.match(/(?:loss|accuracy) \S+/g);
    expect(losses(stored.out)).toEqual(losses(resident.out));
    expect(readFileSync('stored.safetensors')).toEqual(readFileSync('resident.safetensors'));
  });

  test('eval and predict', async () => {
    for (const command of ['eval', 'predict']) {
      const run = (memory?: string) =>
        nnc(
          memory,
          command,
          'points.nn',
          '--data',
          data,
          '--weights',
          'stored.safetensors',
          '--batch',
          '20',
        );
      const [resident, stored] = [await run(), await run('150')];
      expect(stored.code).toBe(0);
      expect(told(stored.out)).toBe(told(resident.out));
    }
  });
});

test('validation rows from a file of their own, read as the others are', async () => {
  const [head = '', ...lines] = pointsCsv.trim().split('\n');
  place.write('first.csv', `${[head, ...lines.slice(0, 30)].join('\n')}\n`);
  place.write('last.csv', `${[head, ...lines.slice(30)].join('\n')}\n`);
  place.write('last.csv.gz', gzipSync(readFileSync('last.csv')));
  const run = (memory: string | undefined, validation: string) =>
    nnc(memory, 'train', 'points.nn', '--data', 'first.csv', '--validation', validation);
  const measured = async (memory: string | undefined, validation: string) => {
    const { code, out, err } = await run(memory, validation);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('first.csv: 30 rows to train on, 18 to validate (last.csv');
    return out.match(/validation loss \S+ +accuracy \S+/g);
  };
  const plain = await measured(undefined, 'last.csv');
  expect(plain).not.toBeNull();
  expect(await measured('150', 'last.csv')).toEqual(plain);
  expect(await measured(undefined, 'last.csv.gz')).toEqual(plain);
});

test('a text: the same weights, to the bit', async () => {
  place.write('words.txt', 'to be, or not to be: that is the question.\n'.repeat(12));
  place.write(
    'text.nn',
    `input text: u8[batch, 8]
    input next: u8[batch, 8]
    loss = softmax_crossentropy(text |> embedding(32, 8) |> dense(32), next)
    train { data: "words.txt"  optimizer: adam(lr=0.01)  batch: 16  epochs: 2  validation: 0.2  seed: 1 }`,
  );
  const resident = await nnc(undefined, 'train', 'text.nn', '-o', 'resident.safetensors');
  const stored = await nnc('100', 'train', 'text.nn', '-o', 'stored.safetensors');
  expect([resident.code, stored.code, stored.err]).toEqual([0, 0, '']);
  expect(readFileSync('stored.safetensors')).toEqual(readFileSync('resident.safetensors'));
});
