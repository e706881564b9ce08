/** The tables of a run, as they are printed. */
import { aligned } from '../table.ts';
import { CASES, isTraining } from './cases.ts';
import type { Hello } from './messages.ts';
import type { CaseResult, Row } from './run-case.ts';

export function caseText({ name, rows }: CaseResult, hellos: ReadonlyMap<string, Hello>): string[] {
  const spec = CASES[name];
  if (spec === undefined) return [];
  const unit = isTraining(spec.op) ? 'per step' : 'per run, one value read back';
  const size = spec.flop === undefined ? '' : `, ${(spec.flop / 1e9).toFixed(3)} GFLOP`;
  const rate = (row: Row): string => {
    const { least } = row.timing ?? { least: Number.NaN };
    if (spec.flop !== undefined) return number(spec.flop / least / 1e6);
    return spec.bytes === undefined ? '-' : number(spec.bytes / least / 1e6);
  };
  const table = [
    [
      `${name} (${unit}${size})`,
      'ms least',
      'median',
      'CPU ms',
      spec.flop === undefined ? 'GB/s' : 'GFLOP/s',
      'dispatches',
      'submits',
      'buffers',
      'MiB live',
      'MiB peak',
      'first ms',
      'error',
      '',
    ],
    ...rows.map((row) => {
      const hello = hellos.get(row.id);
      const label = hello?.name ?? row.id;
      if (row.timing === undefined)
        return [label, ...Array<string>(11).fill('-'), row.problem ?? ''];
      const counted = (text: string): string => (hello?.native ? '-' : text);
      return [
        label,
        number(row.timing.least),
        number(row.timing.median),
        number(row.cpuMs),
        rate(row),
        counted(number(row.counts?.['dispatches'])),
        counted(number(row.counts?.['submits'])),
        counted(number(row.counts?.['buffers'])),
        counted(mebibytes(row.liveBytes)),
        counted(mebibytes(row.peakBytes)),
        number(row.firstMs),
        row.relativeError === undefined ? '-' : row.relativeError.toExponential(0),
        row.problem ?? '',
      ];
    }),
  ];
  return aligned(table);
}

export function legend(): string[] {
  return [
    "ms: wall time, least and median. CPU ms: of the process, a CPU adapter's threads included; least. GFLOP/s and GB/s: of the least time.",
    'dispatches, submits, buffers created: of a step in the steady state, without the read-back; nnc and the hand-written one put several steps into a submit.',
    'MiB: of GPU buffers held since the case was prepared, inputs included. first: the first run, compilation of shaders included.',
    'error: of the first results against f64. Training of ort-web and ort-node: gradients derived by hand, written as one ONNX graph.',
    "Dawn's switches are at their defaults for all. nnc and the hand-written one wait with short sleeps; the libraries wait as they do, by Dawn's polling.",
  ];
}

function number(x: number | undefined): string {
  if (x === undefined || Number.isNaN(x)) return '-';
  return x.toFixed(x >= 100 ? 0 : x >= 10 ? 1 : 2);
}

const mebibytes = (bytes: number | undefined): string =>
  bytes === undefined ? '-' : (bytes / 2 ** 20).toFixed(1);
