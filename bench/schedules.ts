/**
 * `npm run bench:schedules -- softmax`: every candidate of the kernels of a case, measured in interleaved
 * rounds beside what the cost model says of it. A case is a name out of `kernel-cases.ts`, or a model's
 * file and one of its kernels (`models/mnist.nn k03`).
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compilePrograms } from '../cli/compile-programs.ts';
import { compile } from '../compiler/compile.ts';
import { elaborate } from '../compiler/elaborate/elaborate.ts';
import { printSpec } from '../compiler/kernel/print-spec.ts';
import { partsOfSpec, type SingleSpec } from '../compiler/kernel/spec.ts';
import { type Ranked, ranking } from '../compiler/schedule/candidates.ts';
import { type DeviceProfile, deviceProfile } from '../compiler/schedule/device.ts';
import { boundBytes } from '../compiler/schedule/estimate.ts';
import { printSchedule } from '../compiler/schedule/schedule.ts';
import { parse } from '../grammar/index.ts';
import { openDevice } from '../host/node.ts';
import { kernelCases, kernelsOf } from './kernel-cases.ts';
import { timedKernel } from './kernel-timer.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '8' },
    top: { type: 'string', default: '100' },
    only: { type: 'string' },
  },
});
const [subject = '', wanted = ''] = positionals;
const opened = await openDevice();
const profile = deviceProfile({ ...opened, limits: opened.device.limits });
for (const spec of specs(subject, wanted, profile)) {
  console.log(printSpec(spec));
  const candidates = ranking(spec, profile)
    .filter((r) => printSchedule(r.schedule).includes(options.only ?? ''))
    .slice(0, Number(options.top));
  await measureAll(spec, candidates);
}
opened.close();

function specs(subject: string, wanted: string, device: DeviceProfile): readonly SingleSpec[] {
  const found = kernelCases[subject];
  if (found !== undefined) return kernelsOf(found, device).flatMap(partsOfSpec);
  const source = { name: subject, text: readFileSync(subject, 'utf8') };
  const { model } = elaborate(parse(source).file, { source });
  if (model === undefined) throw new Error(`${subject} has errors; nnc check tells them`);
  const programs = compilePrograms(model, 128, {});
  const { kernels } = compile(model, { device, programs });
  return kernels.filter((k) => k.name.startsWith(wanted)).flatMap((k) => partsOfSpec(k.spec));
}

async function measureAll(spec: SingleSpec, candidates: readonly Ranked[]): Promise<void> {
  const kernels = [];
  for (const { schedule } of candidates)
    kernels.push(await timedKernel(opened, profile, spec, schedule));
  const least = kernels.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < Number(options.rounds); round++)
    for (const [i, kernel] of kernels.entries())
      least[i] = Math.min(least[i] ?? 0, await kernel.run((least[i] ?? 0) < 2 ? 8 : 1));
  const bytes = boundBytes(spec);
  console.log('  estimate us   least us    GB/s  first ms  schedule');
  for (const [i, { schedule, estimate }] of candidates.entries()) {
    const us = 1000 * (least[i] ?? 0);
    const cells = [
      estimate.microseconds.toFixed(0).padStart(13),
      us.toFixed(0).padStart(10),
      (bytes / us / 1000).toFixed(2).padStart(7),
      (kernels[i]?.firstMs ?? 0).toFixed(0).padStart(9),
    ];
    console.log(`${cells.join(' ')}  ${printSchedule(schedule)}`);
  }
  for (const kernel of kernels) kernel.close();
}
