/** What is said of a run that goes on with other kernels, or on another device, than it began with. Pure. */
import type { KernelChoice, RunIdentity } from '../train/index.ts';
import type { Warning } from './warnings.ts';

/** What differs, and what brings the bits back. */
interface Reason {
  readonly cause: string;
  readonly way: string;
}

/**
 * Undefined where the run ends with the bits that it would have without the cut, as far as the checkpoint tells:
 * those of earlier versions say nothing of kernels.
 */
export function otherKernels(
  file: string,
  there: RunIdentity,
  here: RunIdentity & { readonly kernels: KernelChoice },
): Warning | undefined {
  const began = there.kernels;
  const differ = began !== undefined && began.mark !== here.kernels.mark;
  const found = [
    ...deviceReason(there.device, here.device),
    ...(differ ? wishReasons(began, here.kernels) : []),
  ];
  const reasons = differ && found.length === 0 ? [unseenReason(here.kernels)] : found;
  if (reasons.length === 0) return undefined;
  const what = differ ? 'goes on with other kernels' : 'goes on with another device';
  return {
    code: 'NN0510',
    message: [
      `${file}: the run ${what}, so that its last bits may not be those of a run without the cut`,
      ...reasons.map(({ cause }) => `  ${cause}`),
    ].join('\n'),
    help: `for the same bits, ${reasons.map(({ way }) => way).join(', and ')}`,
  };
}

const deviceReason = (there: string, here: string): readonly Reason[] =>
  there === here
    ? []
    : [
        {
          cause: `device: ${there} there, ${here} here`,
          way: 'go on with the device that it began on',
        },
      ];

function wishReasons(there: KernelChoice, here: KernelChoice): readonly Reason[] {
  const reasons: Reason[] = [];
  const one = settingTexts(there.schedules);
  const other = settingTexts(here.schedules);
  if (one.join() !== other.join())
    reasons.push({
      cause: `--schedule: ${one.join(' ') || 'none'} there, ${other.join(' ') || 'none'} here`,
      way:
        one.length === 0
          ? 'leave out `--schedule`'
          : `give \`${one.map((text) => `--schedule ${text}`).join(' ')}\``,
    });
  if (there.measured !== here.measured)
    reasons.push(
      there.measured
        ? { cause: '--measured: given there, not here', way: 'give `--measured`' }
        : { cause: '--measured: not given there, but here', way: 'leave out `--measured`' },
    );
  return reasons;
}

const settingTexts = (schedules: KernelChoice['schedules']): readonly string[] =>
  Object.entries(schedules)
    .map(([kernel, settings]) => `${kernel}="${settings}"`)
    .toSorted();

/** Where device and options are the same. */
const unseenReason = ({ measured }: KernelChoice): Reason =>
  measured
    ? {
        cause: 'the device was measured anew, or nnc is of another version',
        way: 'begin and go on without `--measured`',
      }
    : { cause: 'nnc is of another version', way: 'go on with the version that it began with' };
