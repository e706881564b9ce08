/**
 * Every plan of `models/` replayed: each read finds exactly what was written, whole; no dispatch reads and
 * writes one buffer under two bindings; and activations take hardly more than what must live at once.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import type { KernelPlan } from '../../compiler/fuse/plan-kernels.ts';
import { blocksOf, liveBytes, scratchOf } from '../../compiler/memory/blocks.ts';
import { paddedBytes } from '../../compiler/plan/buffer-table.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { exampleModel, exampleNames } from '../support/example-models.ts';
import { replay } from './replay.ts';

const devices: Readonly<Record<string, DeviceProfile>> = {
  portable,
  'subgroups of 8': { ...portable, subgroupSize: 8, maxBindings: 16 },
  'a GPU': { ...portable, class: 'gpu', subgroupSize: 32 },
};
/** Below this the alignment of parts counts, not the packing. */
const LARGE = 2 ** 20;
const rows: string[] = [];

/** The most that is live in any kernel of the program, a result in its operand's memory counted once. */
function leastScratch(plan: KernelPlan): number {
  const { kernels } = plan;
  const blocks = blocksOf(kernels, scratchOf(plan), ({ storage, elements }) =>
    paddedBytes(storage, elements),
  );
  return Math.max(0, ...liveBytes(blocks, kernels.length));
}

describe.each(Object.entries(devices))('%s', (name, device) => {
  test.each(exampleNames)('%s', (example) => {
    const { model, programs } = exampleModel(example);
    const plans: KernelPlan[] = [];
    const compiled = compile(model, {
      device,
      programs,
      onStage: (stage) => void (stage.kind === 'kernels' && plans.push(stage.plan)),
    });
    replay(compiled, plans);
    const pages = compiled.plan.buffers.filter((b) => b.class === 'scratch').map((b) => b.bytes);
    const peak = pages.reduce((sum, bytes) => sum + bytes, 0);
    const least = Math.max(0, ...plans.map(leastScratch));
    rows.push(`${example} (${name}): ${peak} bytes in ${pages.length} pages, at least ${least}`);
    if (peak > LARGE) expect(peak / least).toBeLessThanOrEqual(1.05);
  });
});

afterAll(() => console.log(rows.join('\n')));
