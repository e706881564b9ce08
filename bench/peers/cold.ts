/**
 * `node bench/peers/cold.ts`: from the start of a process to the first result of each contestant. Every
 * measurement is a new process: with Mesa's shader cache off, and on, after a run that has filled it.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { aligned } from '../table.ts';
import { IDS, NODE_FLAGS, PEERS } from './contestant.ts';
import { machineLock } from './machine-lock.ts';
import { contestantsFrom, environmentFor, machineText, positive } from './options.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: IDS.filter((id) => !id.startsWith('ort-node')).join() },
    cases: { type: 'string', default: 'mlp-train-sgd' },
    runs: { type: 'string', default: '3' },
    adapter: { type: 'string', default: 'system' },
    lock: { type: 'string' },
  },
});
const env = await environmentFor(options.adapter);
const runs = positive('runs', options.runs);
const lock = machineLock(options.lock);

interface Cold {
  readonly dawn: number;
  readonly start: number;
  readonly setup: number;
  readonly first: number;
  readonly second: number;
  readonly total: number;
  readonly pipelines: number;
}

const caches = [
  ['off', { MESA_SHADER_CACHE_DISABLE: 'true' }],
  ['on', {}],
] as const;

console.log(
  `${new Date().toISOString().slice(0, 10)}, ${machineText()}; least of ${runs} processes`,
);
for (const name of options.cases.split(',')) {
  const table = [
    [name, 'shader cache', 'modules ms', 'setup', 'first', 'second', 'total', 'pipelines', ''],
  ];
  for (const [cache, setting] of caches) {
    const totals = new Map<string, number>();
    for (const id of contestantsFrom(options.only)) {
      await lock.take();
      const one = { ...env, ...setting };
      if (cache === 'on') measure(id, name, one);
      const times = Array.from({ length: runs }, () => measure(id, name, one));
      await lock.breathe();
      const [best] = times.filter((t) => t !== undefined).toSorted((a, b) => a.total - b.total);
      if (best === undefined) {
        table.push([id, cache, '-', '-', '-', '-', '-', '-', 'failed, or not supported']);
        continue;
      }
      totals.set(id, best.total);
      const { start, setup, first, second, total, pipelines } = best;
      const texts = [start, setup, first, second, total].map((ms) => ms.toFixed(0));
      table.push([id, cache, ...texts, String(pipelines), '']);
    }
    await lock.release();
    const best = Math.min(...PEERS.map((id) => totals.get(id) ?? Number.POSITIVE_INFINITY));
    const ours = totals.get('nnc');
    if (ours !== undefined && best < Number.POSITIVE_INFINITY)
      table.push([
        'nnc of the best library',
        cache,
        ...Array<string>(4).fill(''),
        `${(ours / best).toFixed(2)}x`,
        '',
        ours / best <= 0.5 ? 'PASS (at most 0.50x)' : 'short (at most 0.50x)',
      ]);
  }
  console.log(['', ...aligned(table)].join('\n'));
}
console.log(
  '\ntotal: from the start of the process to the first loss on the CPU, without the making of the numbers; modules: all of it until the library is loaded.',
);

function measure(id: string, name: string, env: NodeJS.ProcessEnv): Cold | undefined {
  const worker = new URL('worker.mjs', import.meta.url).pathname;
  const { stdout } = spawnSync(
    process.execPath,
    [...(NODE_FLAGS[id] ?? []), worker, id, '--cold', name],
    { env, encoding: 'utf8', timeout: 110_000 },
  );
  const [, json] = /^COLD (.*)$/m.exec(stdout ?? '') ?? [];
  return json === undefined ? undefined : (JSON.parse(json) as Cold);
}
