/**
 * The report of a verification that found something: one Markdown file, read by people as it is and by a maintainer for
 * the blocks in it, which hold all that is needed to see it again. Pure.
 */
import type { NdArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { nodeText } from '../compiler/graph/origin-text.ts';
import { printSpec } from '../compiler/kernel/print-spec.ts';
import { printSchedule } from '../compiler/schedule/schedule.ts';
import type { AdapterFacts } from '../host/node.ts';
import type { Finding, Verification } from '../verify/verify.ts';
import { type FindingContext, findingText, kernelName } from './finding-text.ts';
import { verificationRows } from './verify-table.ts';

export interface ReportFacts extends FindingContext {
  readonly model: string;
  /** The words that were typed. */
  readonly command: string;
  /** nnc, Node, system. */
  readonly versions: string;
  readonly adapter: AdapterFacts;
  /** By name: the model's file, and those that it imports. */
  readonly texts: Readonly<Record<string, string>>;
}

export function reportText(facts: ReportFacts): string {
  const { model, command, versions, adapter, texts, verification } = facts;
  const { description, device, vendor, architecture, how, limits } = adapter;
  return [
    `# nnc verify ${model}`,
    '',
    'On this device nnc computes something else than its reference, an interpreter in double precision. This file says what, and how to see',
    'it again: please attach it to an issue. It holds the text of the model and none of your data or weights.',
    '',
    ...verification.findings.flatMap((finding, i) => [
      ...findingSection(finding, i + 1, facts),
      '',
    ]),
    '## All checks',
    '',
    '| | check | compared | largest error |',
    '| --- | --- | --- | --- |',
    ...verificationRows(verification).map(
      ([sound, ...cells]) => `| ${sound ? '✓' : '✗'} | ${cells.join(' | ')} |`,
    ),
    '',
    '## How to see it again',
    '',
    ...fenced('sh', command),
    '',
    '## Where',
    '',
    `- ${versions}`,
    `- adapter: ${[description, device].filter((t) => t !== '').join(', ') || 'without a name'} (${vendor} ${architecture}), ${how}, computes on ${adapter.deviceClass === 'cpu' ? 'the CPU' : 'a GPU'}`,
    `- subgroups: ${adapter.subgroupSizes?.join(' to ') ?? 'none'}`,
    `- features: ${adapter.enabledFeatures.join(', ') || 'none'}`,
    `- limits: ${Object.entries(limits)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    '',
    '## The model',
    '',
    ...Object.entries(texts).flatMap(([name, text]) => [
      `\`${name}\`:`,
      '',
      ...fenced('nn', text.trimEnd()),
      '',
    ]),
  ].join('\n');
}

function findingSection(finding: Finding, number: number, facts: ReportFacts): readonly string[] {
  const { title, facts: lines } = findingText(finding, facts);
  return [
    `## ${number}. ${title[0]?.toUpperCase()}${title.slice(1)}`,
    '',
    ...lines.map((line) => `- ${line}`),
    ...(finding.kind === 'kernel' ? kernelSection(finding, facts.verification) : []),
  ];
}

function kernelSection(
  { result, blame }: Extract<Finding, { readonly kind: 'kernel' }>,
  verification: Verification,
): readonly string[] {
  const { compiled } = verification;
  const kernels = result.trial.kernels.flatMap((id) => {
    const kernel = compiled.plan.kernels.find((one) => one.id === id);
    const scheduled = compiled.kernels.find((one) => one.id === id);
    if (kernel === undefined || scheduled === undefined) return [];
    return [
      '',
      `${kernelName(verification, id)}, schedule \`${printSchedule(scheduled.schedule)}\``,
      '',
      ...fenced('text', printSpec(scheduled.spec)),
      '',
      ...fenced('wgsl', kernel.wgsl.trimEnd()),
    ];
  });
  const values = [...blame.given].map(([node, value]) => valueEntry(node, value));
  return [
    '',
    'What the kernel was given (numbers of long tensors are cut off; the command below makes all of them again):',
    '',
    ...fenced('json', `[\n${values.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n')}\n]`),
    ...kernels,
  ];
}

/** Numbers of a tensor that are written out. */
const MOST_NUMBERS = 256;

function valueEntry(node: Node, { dtype, shape, data }: NdArray) {
  return {
    node: nodeText(node).replaceAll('`', ''),
    dtype,
    shape,
    // JSON has no numbers for what is not finite.
    values: [...data.slice(0, MOST_NUMBERS)].map((v) => (Number.isFinite(v) ? v : String(v))),
    ...(data.length > MOST_NUMBERS ? { of: data.length } : {}),
  };
}

/** With as many backticks as the text needs. */
function fenced(language: string, text: string): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text, fence];
}
