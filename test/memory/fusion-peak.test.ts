/**
 * Fusion needs hardly more memory than kernels apart, for every example with batches so large that it matters. Small peaks are
 * not watched: the evaluation of `gan` and steps of `pinn` need up to a quarter more, mostly for kernels side by side.
 */
import { describe, expect, test } from 'vitest';
import { bindProgram, type ProgramChoice } from '../../compiler/compile.ts';
import type { FusionOptions } from '../../compiler/fuse/merging.ts';
import { planKernels } from '../../compiler/fuse/plan-kernels.ts';
import { blocksOf, liveBytes, scratchOf } from '../../compiler/memory/blocks.ts';
import { orderKernels } from '../../compiler/memory/order-kernels.ts';
import { paddedBytes } from '../../compiler/plan/buffer-table.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { exampleModel, exampleNames } from '../support/example-models.ts';

const devices: Readonly<Record<string, DeviceProfile>> = {
  portable,
  'more bindings': { ...portable, maxBindings: 16 },
  'a GPU': { ...portable, class: 'gpu' },
};
const MIB = 2 ** 20;
/** What `formClusters` does not watch, and what it lets pass. */
const [SMALL, SLACK] = [16 * MIB, 1.05];
const TIMES = 32;

/** Bytes of intermediate results in use at once in each program, as planned. */
function peaksOf(
  example: string,
  device: DeviceProfile,
  fusion: Partial<FusionOptions>,
): readonly number[] {
  const { model, programs } = exampleModel(example);
  return programs.map((choice) => {
    const program = bindProgram(model, withMoreRows(choice));
    const { maxBindings, class: deviceClass } = device;
    const options = { fuse: true, maxBindings, deviceClass, ...fusion };
    const plan = orderKernels(planKernels(program, options));
    const blocks = blocksOf(plan.kernels, scratchOf(plan), ({ storage, elements }) =>
      paddedBytes(storage, elements),
    );
    return Math.max(0, ...liveBytes(blocks, plan.kernels.length));
  });
}

/** Lengths of lines and widths stay. */
const withMoreRows = (choice: ProgramChoice): ProgramChoice => ({
  ...choice,
  dims: Object.fromEntries(
    Object.entries(choice.dims).map(([name, size]) => [
      name,
      ['batch', 'n'].includes(name) ? size * TIMES : size,
    ]),
  ),
});

describe.each(Object.entries(devices))('%s', (_, device) => {
  test.each(exampleNames)('%s', (example) => {
    const apart = peaksOf(example, device, { fuse: false });
    peaksOf(example, device, {}).forEach((bytes, i) => {
      expect(bytes).toBeLessThanOrEqual(SLACK * Math.max(SMALL, apart[i] ?? 0));
    });
    // Where memory is short, all are watched.
    peaksOf(example, device, { mostLive: 0 }).forEach((bytes, i) => {
      expect(bytes).toBeLessThanOrEqual(SLACK * (apart[i] ?? 0));
    });
  });
});
