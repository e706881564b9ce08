/** What a verification has found, said once for the terminal and for the report. Pure. */
import type { Graph } from '../compiler/graph/graph.ts';
import { nodeText, originTexts } from '../compiler/graph/origin-text.ts';
import type { SourceLookup } from '../grammar/index.ts';
import type { Finding, Verification } from '../verify/verify.ts';
import { counted, grouped } from './numbers.ts';

export interface FindingText {
  /** A sentence. */
  readonly title: string;
  readonly facts: readonly string[];
}

export interface FindingContext {
  readonly graph: Graph;
  readonly verification: Verification;
  readonly sources: SourceLookup;
  /** The line in which a `fn` of the file is declared, if it is. */
  declaredAt(fn: string): string | undefined;
}

export function findingText(finding: Finding, context: FindingContext): FindingText {
  switch (finding.kind) {
    case 'kernel':
      return kernelText(finding, context);
    case 'stage': {
      const { program, report } = finding.stage;
      const suspects = (report.suspects ?? []).map((rule) => `it agrees without the rule ${rule}`);
      return {
        title: `${program}: ${stageText(report.stage)} computes something else than the interpreter`,
        facts: [...deviationFacts(report.deviation), ...suspects],
      };
    }
    case 'gradient':
      return gradientText(finding.result, context);
    case 'device gradient':
      return {
        title: `the device computes other ${finding.report.stage} than the interpreter`,
        facts: deviationFacts(finding.report.deviation),
      };
  }
}

const wrongHow = {
  alone: 'it is wrong in a kernel of its own too, so fusion has nothing to do with it',
  together:
    'it is right in a kernel of its own, and wrong in one with the nodes that it is made of',
  kernel: 'every node is right by itself: it is wrong only in this kernel as a whole',
} as const;

function kernelText(
  { result, blame }: Extract<Finding, { readonly kind: 'kernel' }>,
  { graph, verification, sources }: FindingContext,
): FindingText {
  const names = result.trial.kernels.map((id) => kernelName(verification, id));
  const { worst, node } = blame;
  return {
    title: `kernel ${names.join(' with ')} of ${result.trial.program} computes something else than the interpreter`,
    facts: [
      `${grouped(result.wrong)} of ${counted(result.compared, 'number')} are wrong`,
      `the first wrong node is ${nodeText(node)}: ${wrongHow[blame.wrong]}`,
      ...originTexts(graph, node, sources).map((text) => `from ${text}`),
      `element ${worst.element} should be ${worst.expected}, is ${worst.found}; rounding explains ${worst.allowed.toExponential(1)}`,
    ],
  };
}

export const kernelName = ({ compiled }: Verification, id: number): string =>
  compiled.plan.kernels.find((kernel) => kernel.id === id)?.name ?? `k${id}`;

type Deviation = Extract<Finding, { readonly kind: 'stage' }>['stage']['report']['deviation'];

const deviationFacts = (deviation: Deviation): readonly string[] =>
  deviation === undefined
    ? []
    : [
        `${deviation.result}[${deviation.element}] should be ${deviation.expected}, is ${deviation.found}`,
      ];

export const stageText = (stage: string): string =>
  stage === 'kernels'
    ? 'one kernel for each node'
    : stage === 'fuse'
      ? 'the program of fused kernels'
      : `the pass ${stage}`;

/** A mistake of the file, not of nnc or the device. */
export const isOwnRule = (finding: Finding): boolean =>
  finding.kind === 'gradient' && finding.result.blame?.ownRule !== undefined;

function gradientText(
  { loss, params, analytic, numeric, blame }: Extract<Finding, { kind: 'gradient' }>['result'],
  { graph, sources, declaredAt }: FindingContext,
): FindingText {
  const title = `the gradient of ${loss} by ${params.join(', ')} is not its derivative`;
  const facts = [
    `in a random direction it gives ${short(analytic)}, and differences give ${short(numeric)}`,
  ];
  if (blame === undefined) return { title, facts };
  const { node, ownRule } = blame;
  const numbers = `by itself it gives ${short(blame.analytic)}, and differences give ${short(blame.numeric)}`;
  const origins = originTexts(graph, node, sources).map((text) => `from ${text}`);
  if (ownRule === undefined)
    return {
      title,
      facts: [...facts, `the first wrong rule is that of ${nodeText(node)}`, ...origins, numbers],
    };
  const declared = declaredAt(ownRule);
  return {
    title,
    facts: [
      ...facts,
      `the \`vjp\` of \`${ownRule}\` is not the derivative of its body${declared === undefined ? '' : `: ${declared}`}`,
      ...origins,
      numbers,
      'where that is meant (a surrogate, a reversed gradient), `--trust-vjp` leaves such rules alone',
    ],
  };
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
