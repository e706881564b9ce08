/**
 * Small valid files of every format with bytes flipped, cut, doubled and put in: a reader gives rows, or throws its own
 * error, and makes no array beyond a small multiple of what it was given. About 5 seconds from a fixed seed, which is
 * printed; NNC_FUZZ_SECONDS and NNC_FUZZ_SEED make it longer or another.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { DataError, encodeSafetensors, isStored } from '../../data/index.ts';
import { createRandom, pick, type Random } from '../../data/random.ts';
import { readDataFile } from '../../data/read-file.ts';
import { decodeSafetensors } from '../../data/safetensors.ts';
import { PlanError, readPlan } from '../../runtime/index.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../train/index.ts';
import { idxFile, memoryFiles } from '../data/fixtures.ts';
import { archive, fortran, packedArchive, version2 } from '../data/numpy-files.ts';
import { smallPlan } from '../fixtures/small-plan.ts';
import { type Bytes, npy, text, zip } from '../hostile/make-files.ts';
import { largestAllocation } from '../hostile/watch-allocations.ts';

const seconds = Number(process.env['NNC_FUZZ_SECONDS'] ?? 5);
const first = Number(process.env['NNC_FUZZ_SEED'] ?? 20261129);

interface Format {
  readonly name: string;
  readonly bytes: Bytes;
  /** Throws nothing but what its reader promises. */
  read(bytes: Bytes): Promise<void> | void;
}

const expectedErrors = [DataError, PlanError] as const;

function dataFile(name: string, bytes: Bytes, memory = 1e6): Format {
  const read = async (changed: Bytes): Promise<void> => {
    const files = memoryFiles({ [name]: changed });
    const { train, test: tested } = await readDataFile(name, { files, memory, window: 4 });
    for (const { rows, columns } of tested === undefined ? [train] : [train, tested])
      for (const column of columns)
        if (isStored(column)) await column.stored.read(Uint32Array.of(0, rows - 1));
        else expect(column.values.length % rows).toBe(0);
  };
  return { name: memory < 1e6 ? `${name} (stored)` : name, bytes, read };
}

/** Read once as a whole, and once row by row. */
const bothWays = (name: string, bytes: Bytes): readonly Format[] => [
  dataFile(name, bytes),
  dataFile(name, bytes, 16),
];

const weights = new Map([
  ['W', { dtype: 'f32', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ['step', { dtype: 'i32', shape: [], values: Int32Array.of(7) }],
] as const);

const checkpoint = encodeCheckpoint({
  record: {
    run: {
      model: 'm',
      data: { name: 'd', rows: 3, fingerprint: 'f' },
      batch: 2,
      seed: 1,
      shuffle: true,
      device: 'x',
    },
    state: { step: 2, monitor: { best: { value: 0.5, step: 2, epoch: 1 }, waited: 0 } },
    complete: false,
  },
  weights,
  slots: weights,
  best: weights,
});

const table = 'a,b,kind\r\n1,2.5,x\r\n-3,"4e2","y ""z"""\r\n';
const formats: readonly Format[] = [
  ...bothWays('x.idx', idxFile(0x0b, [3, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])),
  ...bothWays('x.npy', npy({ descr: "'<i8'", shape: '(3,)' }, new Uint8Array(24))),
  ...bothWays('x2.npy', version2),
  dataFile('x3.npy', fortran),
  ...bothWays('x.npz', archive),
  dataFile('x2.npz', packedArchive),
  dataFile('x3.npz', zip([{ name: 'x.npy', bytes: npy({}, new Uint8Array(8)), deflated: true }])),
  ...bothWays('x.csv', text(table)),
  ...bothWays('x2.csv', text('2,2,no,yes\n1,2,0\n4,5,1\n')),
  dataFile('x.csv.gz', new Uint8Array(gzipSync(text(table)))),
  dataFile('x.npy.gz', new Uint8Array(gzipSync(version2))),
  dataFile('x.json', text('[{"a": [1, 2.5], "b": "x"}, {"a": [3, 4], "b": "y"}]')),
  dataFile('x.jsonl', text('{"a": [[1], [2]], "b": true}\n{"a": [[3], [4]], "b": false}\n')),
  ...bothWays('x.txt', text('to be, or not to bé 🙂\n')),
  dataFile('x.safetensors', encodeSafetensors(new Map([['x', weights.get('W') ?? never()]]))),
  {
    name: 'weights',
    bytes: encodeSafetensors(weights, { model: 'm' }),
    read: (bytes) => void decodeSafetensors(bytes, 'weights'),
  },
  {
    name: 'checkpoint',
    bytes: encodeSafetensors(checkpoint.tensors, checkpoint.metadata),
    read: (bytes) => {
      const { tensors, metadata } = decodeSafetensors(bytes, 'checkpoint');
      decodeCheckpoint('checkpoint', tensors, metadata);
    },
  },
  {
    name: 'plan',
    bytes: text(JSON.stringify(smallPlan)),
    read: (bytes) => {
      const plan = parsed(new TextDecoder().decode(bytes));
      if (plan !== undefined) readPlan(plan);
    },
  },
];

/** JSON's own mistakes are those of `JSON.parse`. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function never(): never {
  throw new Error('there is such a tensor');
}

/** Numbers that headers are made of, and what divides fields. */
const scraps: readonly (readonly number[])[] = [
  [0, 0, 0, 0],
  [255, 255, 255, 255],
  [255, 255, 255, 127],
  [0, 0, 0, 128],
  [1],
  [...text('"')],
  [...text(',')],
  [...text('\n')],
  [...text('{[')],
  [...text('999999999')],
  [...text('-1')],
  [...text('1e999')],
  [0xff, 0xfe],
  [0x1f, 0x8b, 8],
];

/** One to four edits. */
function mutated(random: Random, bytes: Bytes): Bytes {
  let all = [...bytes];
  const edits = 1 + pick(random, 4);
  for (let edit = 0; edit < edits; edit++) {
    const at = pick(random, all.length + 1);
    const count = 1 + pick(random, 8);
    switch (pick(random, 7)) {
      case 0:
        all[at] = (all[at] ?? 0) ^ (1 << pick(random, 8));
        break;
      case 1:
        all[at] = pick(random, 256);
        break;
      case 2:
        all = all.slice(0, at);
        break;
      case 3:
        all.splice(at, count);
        break;
      case 4:
        all.splice(at, 0, ...all.slice(at, at + count * 8));
        break;
      case 5:
        all.splice(at, 0, ...(scraps[pick(random, scraps.length)] ?? []));
        break;
      default: {
        const scrap = scraps[pick(random, scraps.length)] ?? [];
        all.splice(at, scrap.length, ...scrap);
      }
    }
  }
  return Uint8Array.from(all);
}

/** Both packed formats change more when what is in them is changed before it is packed. */
const changed = (random: Random, { name, bytes }: Format): Bytes =>
  name.includes('.gz') && pick(random, 2) === 0
    ? new Uint8Array(gzipSync(mutated(random, new Uint8Array(gunzipSync(bytes)))))
    : mutated(random, bytes);

/** Of a file of `size` bytes: its head is read at once, and half a kilobyte for each number of a table. */
const allowance = (size: number): number => 2 ** 17 + 600 * size;

test.each(formats)('$name is read as it is', async ({ bytes, read }) => {
  await read(bytes);
});

test(
  'readers of changed files give rows or their own errors, and take no more memory than the files are worth',
  async () => {
    const end = Date.now() + seconds * 1000;
    const refused = new Map<string, number>();
    let seed = first;
    let slowest = 0;
    for (; Date.now() < end; seed++)
      for (const [at, format] of formats.entries()) {
        const bytes = changed(createRandom(seed, 0x66696c65, at), format);
        const began = performance.now();
        const largest = await largestAllocation(async () => {
          try {
            await format.read(bytes);
          } catch (error) {
            if (!expectedErrors.some((kind) => error instanceof kind))
              throw reported(error, bytes, format, seed);
            refused.set(format.name, (refused.get(format.name) ?? 0) + 1);
          }
        });
        slowest = Math.max(slowest, performance.now() - began);
        if (largest > allowance(bytes.length))
          throw reported(`an array of ${largest} bytes`, bytes, format, seed);
      }
    const rounds = seed - first;
    console.log(
      `file fuzzer: seeds ${first} to ${seed - 1}, ${rounds * formats.length} files, slowest ${slowest.toFixed(0)} ms`,
    );
    expect(slowest).toBeLessThan(2000);
    // What changes without being noticed is numbers and letters, not most of a file.
    for (const { name } of formats) expect(refused.get(name) ?? 0).toBeGreaterThan(rounds / 20);
  },
  (seconds + 60) * 1000,
);

function reported(cause: unknown, bytes: Bytes, { name }: Format, seed: number): Error {
  const what = cause instanceof Error ? cause.stack : String(cause);
  const hex = Buffer.from(bytes.subarray(0, 2000)).toString('base64');
  return new Error(`${name}, seed ${seed}: ${what}\nthe file (${bytes.length} bytes): ${hex}`);
}
