/** What users get wrong on the command line, and what they are told: exit code and text. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
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
  place.write('points.csv', pointsCsv);
  place.write('bad.csv', pointsCsv.replace(',1\n', ',2\n'));
  place.write('other.csv', 'u,v\n0.5,1\n0.25,2\n');
  place.write('points.nn', pointsModel);
  place.write('mnist.nn', pointsModel.replace('points.csv', 'mnist'));
  place.write('chain.nn', 'dense(2, 3) |> relu\n');
  place.write('plain.nn', 'input x: f32[n]\nparam w: f32 = 1\nloss = mse(x * w, x)\n');
  place.write('hand.nn', 'param w: f32 = 1\nupdate w = w - 0.1 * w\nmetric size = w\n');
  place.write('text.safetensors', 'this is no weights file');
  place.write('latin.nn', Uint8Array.of(0x23, 0xe9, 0x0a));
  mkdirSync(path.join(place.folder, 'folder'));
  process.chdir(place.folder);
});
afterAll(() => {
  process.chdir(projectFolder);
  place.remove();
});

type Case = readonly [args: string, code: number, texts: readonly string[]];

const cases: readonly Case[] = [
  ['', 2, ['Usage: nnc [options] [command]', 'train [options] <file>']],
  ['trian points.nn', 2, ["unknown command 'trian'", 'Did you mean train?']],
  ['train', 2, ["missing required argument 'file'"]],
  ['train points.nn extra', 2, ['too many arguments']],
  ['train points.nn --epoch 3', 2, ["unknown option '--epoch'", 'Did you mean --epochs?']],
  ['train points.nn --batch 0', 2, ['It takes a whole number from 1 on, or `all`.']],
  ['train points.nn --lr fast', 2, ['It takes a number above 0.']],
  ['train points.nn --set width', 2, ['NAME=VALUE']],
  ['train points.nn --epochs 1 --steps 2', 2, ['give --epochs or --steps, not both']],
  ['train point.nn', 1, ['there is no file point.nn', 'did you mean points.nn?']],
  ['train points', 1, ['there is no file points', 'did you mean points.nn?']],
  ['train folder', 1, ['folder is a folder', 'give the path of a .nn file']],
  ['train latin.nn', 1, ['latin.nn is not UTF-8 text']],
  ['train points.nn --set widht=3', 1, ['NN0301', '`width`']],
  ['train points.nn --set width=0', 1, ['error']],
  ['train points.nn --data nowhere.csv', 1, ['nowhere.csv: there is no such file or folder']],
  [
    'train mnist.nn',
    1,
    [
      'mnist: the data set is not on this machine',
      'train-images-idx3-ubyte.gz',
      '--data FOLDER',
      'NNC_DATA',
    ],
  ],
  [
    'train plain.nn',
    1,
    ['has a loss, but nothing says how to minimise it', '--optimizer "adam(lr=1e-3)"'],
  ],
  ['train plain.nn --optimizer adam()', 1, ['does not say which data to use', '--data']],
  ['train plain.nn --optimizer adma()', 1, ['`adma`', '--optimizer']],
  ['train points.nn --data other.csv', 1, ['NN0504', 'a f32[batch]', 'u f32[row]', 'columns: {']],
  ['train points.nn --data bad.csv', 1, ['NN0505', '`label` has 2 at row', 'one of 2 (0 to 1)']],
  ['train points.nn --validation test', 1, ['no rows set apart for testing', '--validation 0.1']],
  ['train points.nn --validation dev', 1, ['are called `dev`']],
  ['train points.nn --validation 0.999', 1, ['leaves one side']],
  [
    'train points.nn -o nowhere/w.safetensors',
    1,
    ['there is no folder nowhere', 'mkdir -p nowhere'],
  ],
  ['train points.nn -o folder', 1, ['-o: folder is a folder']],
  ['train chain.nn', 1, ['NN0501', 'nothing to train']],
  ['train hand.nn --clip 1', 1, ['--clip has no effect', 'updates its parameters by hand']],
  ['train points.nn --clip -1', 1, ['NN0501', '--clip:1:', '`clip` takes a positive number']],
  ['train points.nn --columns c=a', 2, ['--columns: points.nn has no input `c`']],
  ['train points.nn --columns a', 2, ['INPUT=COLUMN']],
  ['train hand.nn --lr 0.1', 1, ['--lr has no effect', 'updates its parameters by hand']],
  [
    'eval points.nn',
    2,
    ['nnc eval needs the trained weights', 'nnc train points.nn -o points.safetensors'],
  ],
  [
    'eval points.nn --weights nothing.safetensors',
    1,
    ['there is no weights file nothing.safetensors'],
  ],
  ['eval points.nn --weights folder', 1, ['folder is a folder']],
  ['eval points.nn --weights text.safetensors', 1, ['text.safetensors']],
  ['eval chain.nn', 1, ['neither a `loss` nor a `metric`', 'nnc predict']],
  ['predict plain.nn', 1, ['has no `output`']],
  ['predict points.nn --format xml', 2, ['Allowed choices are json, csv, npy, npz, table']],
  ['check', 2, ["missing required argument 'files'"]],
  ['check nothing.nn', 1, ['there is no file nothing.nn']],
  ['compile points.nn', 2, ['-o FOLDER', '--emit=STAGE', 'gradient']],
  ['compile points.nn --emit=kernel', 2, ['Allowed choices are ast, graph,']],
  [
    'compile points.nn --emit=plan --no-pass simplfy',
    2,
    ['There is no such pass. Did you mean simplify?'],
  ],
  ['compile chain.nn --emit=gradient', 1, ['trains nothing']],
  ['compile points.nn -o points.csv --portable', 1, ['points.csv is a file, not a folder']],
  ['data show nothing', 1, ['no data set of this name', 'glyphs']],
  ['help nothing', 2, ['Usage: nnc']],
];

test.each(cases)('nnc %s: exit code %i', async (line, code, texts) => {
  const terminal = memoryTerminal();
  const words = line.split(' ').filter((word) => word !== '');
  const ended = await runCommand(words, { env: {}, terminal, now: () => performance.now() });
  const output = terminal.out() + terminal.err();
  expect({ code: ended, output }).toMatchObject({ code });
  for (const text of texts) expect(output).toContain(text);
  // A user's mistake never shows our insides.
  expect(output).not.toMatch(/^\s+at .*\(/m);
  expect(output).not.toContain('bug in nnc');
});

test('the process ends with that exit code, and its mistakes go to standard error', async () => {
  const [usage, user] = [
    await place.nnc('train', '--epoch', '3'),
    await place.nnc('train', 'no.nn'),
  ];
  expect(usage).toMatchObject({ code: 2, stdout: '' });
  expect(user).toMatchObject({ code: 1, stdout: '', stderr: 'error: there is no file no.nn\n' });
});

test('--help and --version end well', async () => {
  const help = await place.nnc('train', '--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('--log-every <n>');
  const version = await place.nnc('--version');
  expect(version).toMatchObject({ code: 0, stderr: '' });
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('weights of another model: each tensor that does not fit', async () => {
  expect((await place.nnc('train', 'points.nn', '--epochs', '1', '-o', 'w.safetensors')).code).toBe(
    0,
  );
  const { code, stderr } = await place.nnc(
    'eval',
    'points.nn',
    '--set',
    'width=5',
    '--weights',
    'w.safetensors',
  );
  expect(code).toBe(1);
  expect(stderr).toBe(
    [
      'error[NN0507]: w.safetensors does not hold the weights of this model:',
      '  `dense.W` is f32[2, 4]; the model has f32[2, 5]',
      '  `dense.b` is f32[4]; the model has f32[5]',
      '  `dense_1.W` is f32[4, 2]; the model has f32[5, 2]',
      'help: weights fit the file that they were trained with, at the same `--set` values',
      '',
    ].join('\n'),
  );
});
