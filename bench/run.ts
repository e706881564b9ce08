/**
 * `npm run bench`: the MLP's training step and inference, compiled from a model's text, against the same
 * work in hand-written WGSL, in one process on one device; then all cases of the comparison with other
 * libraries, against hand-written kernels and against the last recorded run. Speed is measured here, never
 * asserted; results of the first part are checked against f64 first.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openDevice } from '../host/node.ts';
import { measureAllCases } from './all-cases.ts';
import { type Case, prepareCase } from './cases.ts';
import { measure, measureKernels } from './measure.ts';
import { adapterKey, comparedTable, readRecorded, writeRecorded } from './recorded.ts';
import { type KernelRow, type Report, type Row, reportText, rowsOf } from './report.ts';
import { aligned } from './table.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '24' },
    steps: { type: 'string', default: '5' },
    kernels: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  console.log('npm run bench -- [--rounds 24] [--steps 5] [--kernels] [--record] [--json FILE]');
} else {
  const rounds = count('rounds', options.rounds);
  const steps = count('steps', options.steps);
  const opened = await openDevice();
  const { now } = opened.host;
  const rows: Row[] = [];
  for (const kind of ['training', 'inference'] as const) {
    const prepared = await prepareCase(opened, kind);
    const contestants = prepared.entries.map((e) => e.contestant);
    // A first round, not counted, warms caches and the CPU's clock.
    await measure(contestants, { rounds: 1, steps, now });
    const times = await measure(contestants, { rounds, steps, now });
    const kernels = options.kernels ? await kernelRows(prepared, now) : [];
    rows.push(...rowsOf(prepared, times, kernels));
    for (const c of contestants) c.close();
  }
  const given = process.argv.slice(2).join(' ');
  const report: Report = {
    date: new Date().toISOString().slice(0, 10),
    command: `npm run bench${given === '' ? '' : ` -- ${given}`}`,
    adapter: `${opened.info.vendor} ${opened.info.architecture} ${opened.info.description}`.trim(),
    driver: opened.how,
    subgroupSize: opened.subgroupSize ?? null,
    node: process.versions.node,
    cpu: `${cpus().length} cores of ${cpus()[0]?.model.trim() ?? 'an unknown CPU'}`,
    rounds,
    steps,
    rows,
  };
  const key = adapterKey(opened);
  opened.close();
  console.log(reportText(report));
  const cases = await measureAllCases({ rounds, steps, now });
  const before = readRecorded(key);
  console.log(['', ...aligned(comparedTable(cases, before))].join('\n'));
  console.log(
    before === undefined
      ? `\nthere is no recorded run on ${key} yet (--record keeps this one)`
      : `\nof recorded: least time to that of ${before.date} (${before.adapter}; ${before.cpu}); ratio of recorded: the same of the ratios to the hand-written kernels`,
  );
  const { date, adapter, cpu, node } = report;
  if (options.record)
    console.log(
      `recorded in ${path.relative(process.cwd(), writeRecorded(key, { date, adapter, cpu, node, cases: Object.fromEntries(cases) }))}`,
    );
  if (options.json !== undefined)
    writeFileSync(
      options.json,
      `${JSON.stringify({ ...report, cases: Object.fromEntries(cases) }, null, 2)}\n`,
    );
  process.exit(0);
}

function count(name: string, text: string): number {
  const n = Number(text);
  if (Number.isInteger(n) && n > 0) return n;
  console.error(`--${name} takes a whole number above 0, not ${text}`);
  process.exit(2);
}

async function kernelRows({ entries }: Case, now: () => number): Promise<KernelRow[][]> {
  const all: KernelRow[][] = [];
  for (const { contestant } of entries) {
    const timings = await measureKernels(contestant, { rounds: 5, now });
    all.push(
      contestant.kernels.map((k, i) => ({ ...k, ms: timings[i] ?? { least: 0, median: 0 } })),
    );
  }
  return all;
}
