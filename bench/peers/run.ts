/**
 * `npm run bench:peers`: nnc beside other libraries and hand-written WGSL on one adapter, over the same
 * data. Each lives in a process of its own, and only one computes at a time, in interleaved rounds.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { aligned } from '../table.ts';
import { CASES } from './cases.ts';
import { type Verdict, verdictOf, verdictTable } from './goals.ts';
import { machineLock } from './machine-lock.ts';
import type { Hello } from './messages.ts';
import { contestantsFrom, environmentFor, machineText, namesFrom, positive } from './options.ts';
import { startWorker, type Worker } from './process.ts';
import { caseText, legend } from './report.ts';
import { type CaseResult, runCase } from './run-case.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    cases: { type: 'string' },
    rounds: { type: 'string', default: '30' },
    steps: { type: 'string', default: '10' },
    check: { type: 'boolean', default: false },
    adapter: { type: 'string', default: 'system' },
    json: { type: 'string' },
    lock: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(`npm run bench:peers -- [--check] [--adapter system|swiftshader] [--rounds 30] [--steps 10]
                       [--only nnc,tfjs,…] [--cases mlp-train-sgd,…] [--json FILE] [--lock FILE]`);
  process.exit(0);
}
const names = namesFrom(options.cases, Object.keys(CASES));
const rounds = positive('rounds', options.rounds);
const steps = positive('steps', options.steps);
const env = await environmentFor(options.adapter);
const lock = machineLock(options.lock);

const given = process.argv.slice(2).join(' ');
console.log(`${new Date().toISOString().slice(0, 10)}, ${machineText()}`);
console.log(
  `npm run bench:peers${given === '' ? '' : ` -- ${given}`}: ${rounds} interleaved rounds; in training, of ${steps} steps`,
);
const workers: Worker[] = [];
for (const id of contestantsFrom(options.only))
  try {
    const worker = await startWorker(id, env);
    workers.push(worker);
    const { name, version, adapter, note } = worker.hello;
    console.log(`${name} ${version} on ${adapter}${note === undefined ? '' : ` (${note})`}`);
  } catch (error) {
    console.log(
      `${id} cannot start: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    );
  }
const hellos = new Map<string, Hello>(workers.map((worker) => [worker.id, worker.hello]));

const results: CaseResult[] = [];
for (const name of names) {
  await lock.take();
  const result = await runCase(name, workers, {
    rounds,
    steps,
    check: options.check,
    breathe: lock.breathe,
  });
  await lock.release();
  results.push(result);
  console.log(['', ...caseText(result, hellos)].join('\n'));
}
const verdicts = results.map(verdictOf).filter((one): one is Verdict => one !== undefined);
console.log(['', ...aligned(verdictTable(verdicts)), '', ...legend()].join('\n'));
if (options.json !== undefined) {
  const report = {
    date: new Date().toISOString(),
    machine: machineText(),
    given,
    results,
    verdicts,
  };
  writeFileSync(options.json, `${JSON.stringify(report, null, 1)}\n`);
}
for (const worker of workers) worker.kill();
process.exit(0);
