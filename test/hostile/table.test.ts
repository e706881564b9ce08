/**
 * Hostile files, and exactly what their readers say: one message, exit code 1, nothing of our insides, and no memory
 * taken on the word of a header.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { readPlan } from '../../runtime/index.ts';
import { memoryTerminal } from '../cli/memory-terminal.ts';
import { createWorkplace, pointsModel, projectFolder, type Workplace } from '../cli/run-nnc.ts';
import { arrayFiles } from './arrays.ts';
import { checkpointFiles } from './checkpoints.ts';
import type { HostileFile } from './hostile-file.ts';
import { type Bytes, safetensors } from './make-files.ts';
import { modelFiles } from './models.ts';
import { packedFiles } from './packed.ts';
import { planFiles } from './plans.ts';
import { tableFiles, textFiles } from './tables.ts';
import { largestAllocation } from './watch-allocations.ts';
import { weightsFiles } from './weights.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
  place.write('points.nn', pointsModel);
  place.write('points.csv', 'a,b,label\n1,2,0\n3,4,1\n');
  place.write('text.nn', textModel);
  process.chdir(place.folder);
});
afterAll(() => {
  process.chdir(projectFolder);
  place.remove();
});

const textModel = `input text: u8[batch, 8]
input next: u8[batch, 8]
loss = softmax_crossentropy(text |> embedding(256, 4) |> dense(256), next)
train { optimizer: sgd(lr=0.1)  batch: 2  epochs: 1 }
`;

/** Of a file and its parts; a folder in the table has bytes only in its files. */
function write(file: string, content: HostileFile[2]): number {
  rmSync(file, { recursive: true, force: true });
  if (content === undefined) return 0;
  if (content instanceof Uint8Array) {
    writeFileSync(file, content);
    return content.length;
  }
  mkdirSync(file);
  let bytes = 0;
  for (const [name, part] of Object.entries(content)) {
    if (part === null) mkdirSync(path.join(file, name));
    else if (part !== undefined) bytes += write(path.join(file, name), part);
  }
  return bytes;
}

/** So much is read of a file before it is known what it is, and so much the command itself needs. */
const ownNeed = 2 ** 20;

/** Runs the command on the file, and compares every line that it says. */
async function expectRefusal(
  words: string,
  size: number,
  memory: string,
  says: readonly string[],
): Promise<void> {
  const terminal = memoryTerminal();
  const began = performance.now();
  const env = { NNC_MEMORY: memory };
  let code = 0;
  const largest = await largestAllocation(async () => {
    const context = { env, terminal, now: () => performance.now() };
    code = await runCommand(words.split(' '), context);
  });
  // `nnc check` says it all on standard output.
  const text = terminal.err() === '' ? terminal.out() : terminal.err();
  expect(text.trimEnd().split('\n')).toEqual(says);
  expect(code).toBe(1);
  expect(largest).toBeLessThan(ownNeed + 4 * size);
  expect(performance.now() - began).toBeLessThan(10_000);
}

function check(kind: string, files: readonly HostileFile[], words: string): void {
  describe(kind, () => {
    for (const [wrong, file, content, ...says] of files)
      test(`${wrong}: ${file}`, async () => {
        const size = write(file, content);
        await expectRefusal(`${words} ${file}`, size, kind === 'packed' ? '1MB' : '1GB', says);
      });
  });
}

check('weights', weightsFiles, 'eval points.nn --weights');
check('arrays', arrayFiles, 'train points.nn --data');
check('packed', packedFiles, 'train points.nn --data');
check('tables', tableFiles, 'train points.nn --data');
check('texts', textFiles, 'train text.nn --data');
check('models', modelFiles, 'check');

describe('checkpoints', () => {
  let header: Readonly<Record<string, unknown>>;
  let data: Bytes;
  beforeAll(async () => {
    const context = { env: {}, terminal: memoryTerminal(), now: () => performance.now() };
    const words = 'train points.nn --steps 2 --checkpoint sound.ckpt';
    expect(await runCommand(words.split(' '), context)).toBe(0);
    const bytes = new Uint8Array(readFileSync('sound.ckpt'));
    const end = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, end))) as typeof header;
    data = bytes.slice(end);
  });

  for (const [wrong, change, ...says] of checkpointFiles)
    test(wrong, async () => {
      const bytes = safetensors(change(header), data);
      write('bad.ckpt', bytes);
      const words = 'train points.nn --steps 2 --resume bad.ckpt';
      await expectRefusal(words, bytes.length, '1GB', says);
    });
});

test.each(planFiles)('plans: %s', (_, json, says) => {
  const plan: unknown = JSON.parse(json);
  expect(said(() => readPlan(plan))).toBe(says);
});

/** The error that is thrown, as `Name: message`. */
function said(action: () => void): string {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  return 'nothing';
}

test('names of columns and classes cannot steer the terminal of a run that goes well', async () => {
  place.write('names.csv', 'a,b,label\n1,2,n\x1b[2Jo\n3,4,yes\n');
  const terminal = memoryTerminal();
  const context = { env: {}, terminal, now: () => performance.now() };
  const train = 'train points.nn --data names.csv --epochs 1 -o named.safetensors';
  expect(await runCommand(train.split(' '), context)).toBe(0);
  const predict = 'predict points.nn --data names.csv --weights named.safetensors --format table';
  expect(await runCommand(predict.split(' '), context)).toBe(0);
  expect(terminal.out()).toContain('the classes of `label`: 0 n␛[2Jo, 1 yes');
  expect(terminal.out() + terminal.err()).not.toContain('\x1b');
});
