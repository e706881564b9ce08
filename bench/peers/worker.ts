/**
 * One contestant in a process of its own, driven by messages; or, with `--cold CASE`, one case from the
 * start of the process to the second result, told on standard output.
 */
import { writeSync } from 'node:fs';
import { CASES, type Case } from './cases.ts';
import { type Contestant, type Job, loadContestant } from './contestant.ts';
import type { Answer, Hello, Question, Reply, Run } from './messages.ts';
// Before the contestant's library is loaded.
import { adapterName, counts, deviceErrors } from './page-gpu.ts';

const [, , id = '', mode, coldCase = ''] = process.argv;
const began = performance.now();
const contestant = await loadContestant(id);
const imported = performance.now();
await contestant.setup?.();
const ready = performance.now();

if (mode === '--cold') await runCold(coldCase);

let job: Job | undefined;
process.on('message', (question: Question) => {
  answer(question).then(
    (ok) => send({ id: question.id, ok }),
    (error: unknown) =>
      send({
        id: question.id,
        error: String(error instanceof Error ? error.stack : error).slice(0, 1500),
      }),
  );
});
send({ id: 0, ok: null });

function send(reply: Reply): void {
  process.send?.(reply);
}

async function answer(question: Question): Promise<Answer> {
  switch (question.kind) {
    case 'hello':
      return await hello(contestant);
    case 'prepare': {
      counts.peakBytes = counts.liveBytes;
      const base = counts.liveBytes;
      job = await prepare(contestant, question.case);
      return { base };
    }
    case 'run':
      return await timed(question.count);
    case 'output': {
      const output = await job?.output?.();
      return output === undefined ? null : Array.from(output);
    }
    case 'dispose':
      await job?.dispose?.();
      job = undefined;
      return { liveBytes: counts.liveBytes, errors: deviceErrors.splice(0) };
    default:
      return question satisfies never;
  }
}

async function hello({ name, version, adapter, note, cases }: Contestant): Promise<Hello> {
  const supported = Object.entries(CASES).filter(([, { op }]) => cases[op] !== undefined);
  return {
    name,
    version,
    adapter: adapter ?? (await adapterName()),
    native: adapter !== undefined,
    ...(note === undefined ? {} : { note }),
    cases: supported.map(([caseName]) => caseName),
  };
}

async function prepare({ cases, layout }: Contestant, name: string): Promise<Job> {
  const spec = CASES[name];
  const open = spec && (cases[spec.op] as ((spec: Case, data: unknown) => Job) | undefined);
  if (spec === undefined || open === undefined) throw new Error(`${name} is not supported`);
  return await open(spec, spec.data(layout));
}

async function timed(count: number): Promise<Run> {
  const before = { ...counts };
  const cpu = process.cpuUsage();
  const started = performance.now();
  await job?.run(count);
  const value = (await job?.sync()) ?? Number.NaN;
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const difference = Object.entries(counts).map(([k, n]) => [k, n - before[k as keyof Counts]]);
  return {
    ms,
    cpuMs: (user + system) / 1000,
    value,
    counts: Object.fromEntries(difference),
    liveBytes: counts.liveBytes,
    peakBytes: counts.peakBytes,
  };
}
type Counts = typeof counts;

/** Ends the process: where V8 still compiles ort-web's module, `exit` would wait for that. */
async function runCold(name: string): Promise<never> {
  const { layout } = contestant;
  const spec = CASES[name];
  // Making the numbers is no part of it.
  const numbersBegan = performance.now();
  const data = spec?.data(layout);
  const numbersMs = performance.now() - numbersBegan;
  const open = spec && (contestant.cases[spec.op] as ((s: Case, d: unknown) => Job) | undefined);
  if (spec === undefined || open === undefined) process.exit(3);
  const first = performance.now();
  const job = await open(spec, data);
  await job.run(1);
  const value = await job.sync();
  const second = performance.now();
  await job.run(1);
  await job.sync();
  const times = {
    start: imported,
    setup: ready - imported,
    first: second - first,
    second: performance.now() - second,
    /** Since the process began; `began` is after Node and Dawn were there. */
    total: second - numbersMs,
    dawn: began,
    value,
    pipelines: counts.pipelines,
    errors: deviceErrors,
  };
  writeSync(1, `COLD ${JSON.stringify(times)}\n`);
  process.kill(process.pid, 'SIGKILL');
  return await new Promise(() => undefined);
}
