/** The result as data (`--json`) and as text tables. */
import type { Case, FirstAndLeast } from './cases.ts';
import type { Bytes } from './contestant.ts';
import { pairedRatio, type Timing, timingOf } from './measure.ts';
import { aligned } from './table.ts';

export interface Report {
  readonly date: string;
  readonly command: string;
  readonly adapter: string;
  readonly driver: string;
  readonly subgroupSize: number | null;
  readonly node: string;
  readonly cpu: string;
  readonly rounds: number;
  readonly steps: number;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly case: string;
  readonly contestant: string;
  readonly msPerStep: Timing;
  /** To the hand-written one: of the least times, and the median of the ratios round by round; null where it did not run. */
  readonly ratio: { readonly least: number; readonly paired: number } | null;
  readonly gflops: number;
  readonly dispatches: number;
  readonly bytes: Bytes;
  readonly compileMs: FirstAndLeast | null;
  readonly firstMs: number;
  readonly relativeError: number;
  readonly kernels?: readonly KernelRow[];
}

export interface KernelRow {
  readonly name: string;
  readonly note: string;
  readonly ms: Timing;
}

export function rowsOf(
  { name, flop, entries }: Case,
  times: readonly (readonly number[])[],
  kernels: readonly (readonly KernelRow[])[],
): Row[] {
  const baseline = times[entries.findIndex((e) => e.compileMs === undefined)];
  return entries.map(({ name: contestant, contestant: c, compileMs, error }, i) => {
    const own = times[i] ?? [];
    const msPerStep = timingOf(own);
    const ofKernels = kernels[i];
    return {
      case: name,
      contestant,
      msPerStep,
      ratio:
        baseline === undefined
          ? null
          : {
              least: msPerStep.least / timingOf(baseline).least,
              paired: pairedRatio(own, baseline),
            },
      gflops: flop / msPerStep.least / 1e6,
      dispatches: c.kernels.length,
      bytes: c.bytes,
      compileMs: compileMs ?? null,
      firstMs: c.firstMs,
      relativeError: error,
      ...(ofKernels === undefined ? {} : { kernels: ofKernels }),
    };
  });
}

export function reportText(report: Report): string {
  const { rows, subgroupSize } = report;
  const cases = [...new Set(rows.map((r) => r.case))];
  return [
    `MLP 784-512-10, batch 128, f32, SGD. ${report.date}`,
    `${report.adapter} (${report.driver}), subgroups ${subgroupSize === null ? 'not of one size' : `of ${subgroupSize}`}; ${report.cpu}; Node ${report.node}`,
    `${report.command}: ${report.rounds} interleaved rounds of ${report.steps} steps`,
    ...(rows.some((r) => r.ratio === null)
      ? ['The hand-written kernels need subgroups of 4 or of 8 lanes: they did not run.']
      : []),
    ...cases.flatMap((name) => [
      '',
      ...caseText(
        name,
        rows.filter((r) => r.case === name),
      ),
    ]),
    '',
    'ms: one step, least and median. ratio: to the hand-written one, of the least times; by round: the median of the ratios of each round.',
    'error: of the first results, against f64.',
    'compile: text to plan, the first time in this process and the least of the repeats.',
    'first: from the finished plan to the first result on the CPU; Dawn keeps pipelines, so those of rows above are not compiled again.',
  ].join('\n');
}

function caseText(name: string, rows: readonly Row[]): string[] {
  const table = [
    [
      name,
      'ms least',
      'median',
      'ratio',
      'by round',
      'GFLOP/s',
      'dispatches',
      'MB working',
      'MB input',
      'compile ms',
      'first ms',
      'error',
    ],
    ...rows.map((r) => [
      r.contestant,
      r.msPerStep.least.toFixed(2),
      r.msPerStep.median.toFixed(2),
      r.ratio?.least.toFixed(2) ?? '-',
      r.ratio?.paired.toFixed(2) ?? '-',
      r.gflops.toFixed(1),
      String(r.dispatches),
      megabytes(r.bytes.working),
      megabytes(r.bytes.input),
      r.compileMs === null ? '-' : bothText(r.compileMs),
      r.firstMs.toFixed(0),
      r.relativeError.toExponential(0),
    ]),
  ];
  return [
    ...aligned(table),
    ...rows.flatMap((r) => (r.kernels === undefined ? [] : ['', ...kernelText(r)])),
  ];
}

function kernelText({ case: name, contestant, kernels = [], msPerStep }: Row): string[] {
  const sum = kernels.reduce((s, k) => s + k.ms.least, 0);
  const table = [
    [`${name}, ${contestant}: each kernel alone`, 'ms least', 'median', 'share'],
    ...kernels.map((k) => [
      `${k.name}  ${k.note}`,
      k.ms.least.toFixed(2),
      k.ms.median.toFixed(2),
      `${((100 * k.ms.least) / sum).toFixed(0)} %`,
    ]),
    ['sum (a whole step beside it)', sum.toFixed(2), msPerStep.least.toFixed(2), ''],
  ];
  return aligned(table);
}

const bothText = ({ first, least }: FirstAndLeast): string =>
  `${first.toFixed(0)}, ${least.toFixed(0)}`;

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2);
