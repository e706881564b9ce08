/**
 * `node bench/epoch.ts --data DIR`: what an epoch of MNIST costs beside its bare steps. The network is 784-512-10 at batch
 * 128, on the bytes of the images. An epoch gathers rows in a random order, uploads them, sums metrics
 * and reports progress; the bare steps run the same program, in submits of the same length, on the rows that are there.
 */
import { parseArgs } from 'node:util';
import { deviceText, withGpu, withSession } from '../cli/gpu.ts';
import { loadData } from '../cli/load-data.ts';
import { loadFile } from '../cli/load-model.ts';
import { take } from '../data/index.ts';
import { createFeed, fit as fitModel, initialise, prepare, stepsOf } from '../train/index.ts';
import { timingOf } from './measure.ts';

const BATCH = 128;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    rows: { type: 'string', default: '60000' },
  },
});
const loaded = loadFile(new URL('mnist-mlp.nn', import.meta.url).pathname, {});
const { model } = loaded;
const { train } = await loadData(loaded, { data: options.data }, process.env);
const feed = createFeed(model.inputs, take(train, Number(options.rows)), {});
const steps = stepsOf(feed.rows, BATCH, 1);
const now = () => performance.now();

await withGpu({ env: process.env }, async (gpu) => {
  const { plan } = await prepare(model, [{ kind: 'train', feed, batch: BATCH }], {
    device: gpu.profile,
  });
  await withSession(gpu, plan, async (session) => {
    initialise(session, model);
    const epoch = async (seed: number): Promise<void> => {
      const settings = { batch: BATCH, steps, seed, shuffle: true };
      await fitModel(session, { model, feed, ...settings, now, on: () => undefined });
    };
    const runner = session.runner(plan.programs[0]?.name ?? '');
    const bare = async (): Promise<void> => {
      for (let left = steps; left > 0; ) {
        const count = Math.min(left, runner.steps);
        await runner.run(Array<null>(count).fill(null));
        left -= count;
      }
      await session.settle();
    };
    await epoch(0);
    const times = { epoch: [] as number[], bare: [] as number[] };
    const cpu = { epoch: [] as number[], bare: [] as number[] };
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const [name, work] of [
        ['bare', bare],
        ['epoch', () => epoch(round + 1)],
      ] as const) {
        const before = process.cpuUsage();
        const began = now();
        await work();
        times[name].push(now() - began);
        const { user, system } = process.cpuUsage(before);
        cpu[name].push((user + system) / 1000);
      }
    }
    const line = (what: string, of: typeof times): string => {
      const [e, b] = [timingOf(of.epoch), timingOf(of.bare)];
      return `${what}  epoch ${e.least.toFixed(0)} (median ${e.median.toFixed(0)})  bare steps ${b.least.toFixed(0)} (median ${b.median.toFixed(0)})  ratio ${(e.least / b.least).toFixed(3)} (median ${(e.median / b.median).toFixed(3)})`;
    };
    console.log(
      `${deviceText(gpu.opened)}: ${feed.rows} rows in ${steps} steps, ${runner.steps} a submit, ${options.rounds} rounds`,
    );
    console.log(line('ms       ', times));
    console.log(line('CPU ms   ', cpu));
    console.log('goal: ratio at most 1.10');
  });
});
