/** The reasons that a resumed run names for other kernels, and what it says to do. */
import { expect, test } from 'vitest';
import { otherKernels } from '../../cli/other-kernels.ts';
import type { KernelChoice, RunIdentity } from '../../train/index.ts';

const kernels: KernelChoice = { mark: 'a', schedules: {}, measured: false };
const run: RunIdentity & { readonly kernels: KernelChoice } = {
  model: 'm',
  data: { name: 'd', rows: 8, fingerprint: 'f' },
  batch: 4,
  seed: 1,
  shuffle: true,
  device: 'GPU one',
  kernels,
};

const others = 'r.ckpt: the run goes on with other kernels';

test.each<[string, Partial<RunIdentity>, Partial<KernelChoice>, readonly string[] | undefined]>([
  ['the same', {}, {}, undefined],
  ['options that led to the same', { kernels: { ...kernels, measured: true } }, {}, undefined],
  [
    'measured before',
    { kernels: { mark: 'b', schedules: {}, measured: true } },
    {},
    [others, '  --measured: given there, not here', 'for the same bits, give `--measured`'],
  ],
  [
    'both options',
    { kernels: { mark: 'b', schedules: { k01: 'rows=2' }, measured: false } },
    { measured: true },
    [
      others,
      '  --schedule: k01="rows=2" there, none here',
      '  --measured: not given there, but here',
      'for the same bits, give `--schedule k01="rows=2"`, and leave out `--measured`',
    ],
  ],
  [
    'the same in another order',
    { kernels: { mark: 'b', schedules: { k01: 'rows=2', k00: 'rows=1' }, measured: false } },
    { schedules: { k00: 'rows=1', k01: 'rows=2' } },
    [
      others,
      '  nnc is of another version',
      'for the same bits, go on with the version that it began with',
    ],
  ],
  [
    'measured twice',
    { kernels: { mark: 'b', schedules: {}, measured: true } },
    { measured: true },
    [
      others,
      '  the device was measured anew, or nnc is of another version',
      'for the same bits, begin and go on without `--measured`',
    ],
  ],
  [
    'another device, which has others',
    { device: 'CPU two', kernels: { ...kernels, mark: 'b' } },
    {},
    [
      others,
      '  device: CPU two there, GPU one here',
      'for the same bits, go on with the device that it began on',
    ],
  ],
])('%s', (_, there, here, says) => {
  const found = otherKernels(
    'r.ckpt',
    { ...run, ...there },
    { ...run, kernels: { ...kernels, ...here } },
  );
  if (found === undefined || says === undefined) return expect(found).toBe(says);
  const [head = '', ...causes] = found.message.split('\n');
  expect(found.code).toBe('NN0510');
  expect(head.startsWith(says[0] ?? '')).toBe(true);
  expect([...causes, found.help]).toEqual(says.slice(1));
});
