/** What was checked, and how close it came: the table of `nnc verify`. Pure. */
import type { Verification } from '../verify/verify.ts';
import { kernelName } from './finding-text.ts';
import { counted, grouped } from './numbers.ts';

/** Mark, check, what was compared, how large the largest error is. */
export type Row = readonly [sound: boolean, check: string, compared: string, largest: string];

export function verificationRows(verification: Verification): readonly Row[] {
  const { kernels, stages, gradients, deviceGradients, findings } = verification;
  const clean = (kind: string): boolean => findings.every((finding) => finding.kind !== kind);
  const compared = kernels.reduce((n, one) => n + one.compared, 0);
  const unknown = kernels.reduce((n, one) => n + one.unknown, 0);
  const [closest] = [...kernels].sort((a, b) => (b.worst?.share ?? 0) - (a.worst?.share ?? 0));
  const share = closest?.worst?.share ?? 0;
  const kernel =
    closest === undefined ? '' : kernelName(verification, closest.trial.kernels[0] ?? 0);
  const rows: Row[] = [
    [
      kernels.every((one) => one.wrong === 0),
      'kernels, each alone',
      `${grouped(kernels.length)} dispatch${kernels.length === 1 ? '' : 'es'}, ${counted(compared, 'number')}${unknown === 0 ? '' : ` (${grouped(unknown)} undecidable)`}`,
      share === 0 ? 'equal' : `${times(share)} what rounding explains, in ${kernel}`,
    ],
    [
      clean('stage'),
      'passes, unfused, fused',
      counted(new Set(stages.map((one) => one.program)).size, 'program'),
      largest(stages.map((one) => one.report.difference)),
    ],
  ];
  const params = gradients.results.flatMap((one) => one.params).length;
  if (params > 0)
    rows.push([
      clean('gradient'),
      'gradients, by differences',
      counted(params, 'parameter'),
      `${times(Math.max(...gradients.results.map((one) => one.share)))} what differences explain`,
    ]);
  if (deviceGradients.length > 0)
    rows.push([
      clean('device gradient'),
      'gradients, on the device',
      counted(
        deviceGradients.reduce((n, one) => n + one.parameters, 0),
        'parameter',
      ),
      largest(deviceGradients.map((one) => one.difference)),
    ]);
  return rows;
}

const largest = (differences: readonly number[]): string => {
  const most = Math.max(0, ...differences);
  return most === 0 ? 'equal' : `${most.toExponential(1)} of the largest value`;
};

const times = (share: number): string =>
  share === Number.POSITIVE_INFINITY
    ? 'infinitely many times'
    : share >= 10
      ? `${grouped(share)} times`
      : share >= 1
        ? `${share.toFixed(1)} times`
        : `${Math.max(1, Math.round(share * 100))} % of`;
