/**
 * `npm run bench:tutorials -- --data DIR`: the tutorials' networks on full data, ours beside the published
 * figures and PyTorch's. DIR holds `mnist/` (IDX files) and `sklearn/` (digits.csv). Long: the last row alone
 * is a thousand steps over all 60,000 images.
 */
import { parseArgs } from 'node:util';
import { deviceText, withGpu } from '../cli/gpu.ts';
import { durationText } from '../cli/numbers.ts';
import { readReference } from './tutorials/reference.ts';
import { type TutorialRow, tutorialRows } from './tutorials/rows.ts';
import { rowData, type TutorialRun, trainRow } from './tutorials/train-row.ts';
import { largestLossDifference, markdownTable, verdicts } from './tutorials/verdict.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true },
    steps: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const names = tutorialRows.map((row) => row.name).join(', ');
if (options.help || options.data === undefined) {
  console.log(
    `npm run bench:tutorials -- --data DIR [--seeds 3] [--only NAME]… [--steps N]\nrows: ${names}`,
  );
  if (!options.help) process.exitCode = 2;
} else {
  process.exitCode = (await run(options.data)) ? 0 : 1;
}

async function run(folder: string): Promise<boolean> {
  const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed);
  const steps = options.steps === undefined ? {} : { steps: Number(options.steps) };
  const table = [['row', 'figure', 'published', 'PyTorch', 'nnc', 'asked', '']];
  const notes: string[] = [];
  let good = true;
  await withGpu({ env: process.env }, async (gpu) => {
    notes.push(`${new Date().toISOString().slice(0, 10)}, ${deviceText(gpu.opened)}`);
    for (const row of tutorialRows) {
      if (options.only !== undefined && !options.only.includes(row.name)) continue;
      const data = await rowData(row, folder);
      const runs: TutorialRun[] = [];
      for (const seed of row.stochastic ? seeds : [0]) {
        const say = (text: string): void => console.error(`${row.name}, seed ${seed}: ${text}`);
        const one = await trainRow(gpu, row, data, { seed, ...steps }, say);
        say(
          `test loss ${one.testLoss}, accuracy ${one.testAccuracy}, ${durationText(one.seconds)}`,
        );
        runs.push(one);
      }
      const reference = readReference(row.name);
      for (const [index, verdict] of verdicts(row, reference, runs).entries()) {
        good &&= verdict.good;
        const { figure, published, theirs, ours, asked } = verdict;
        const title = index === 0 ? row.title : '';
        const mark = asked === '' ? '' : verdict.good ? '✓' : '✗';
        table.push([title, figure, published, theirs, ours, asked, mark]);
      }
      notes.push(noteOf(row, runs));
    }
  });
  console.log(`${markdownTable(table)}\n\n${notes.join('\n')}`);
  return good;
}

function noteOf(row: TutorialRow, runs: readonly TutorialRun[]): string {
  const times = runs.map((one) => durationText(one.seconds)).join(', ');
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs, seeds 0 to ${runs.length - 1}`;
  const [first] = runs;
  const difference = first && largestLossDifference(readReference(row.name), first);
  const logged =
    difference === undefined
      ? ''
      : `; logged losses differ from PyTorch's by ${difference.toExponential(1)} at most`;
  return `${row.title}: ${count}, ${times} of training${logged}`;
}
