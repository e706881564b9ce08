/** `nnc doctor`: which adapter was found and how, what it offers, and how to get a faster one. */
import type { Command } from 'commander';
import {
  type AdapterFacts,
  AdapterNotFoundError,
  type Attempt,
  describeAdapter,
  deviceTimes,
  type KeptTimes,
} from '../../host/node.ts';
import type { Context } from '../context.ts';
import { withGpu } from '../gpu.ts';
import { bytesText, grouped } from '../numbers.ts';
import { wrapped } from '../paragraph.ts';
import { tableLines } from '../table.ts';
import type { Output } from '../terminal.ts';
import { readVersion } from '../version.ts';

export function registerDoctor(program: Command, context: Context): void {
  program
    .command('doctor')
    .description(
      'what nnc runs on here: the adapter, its limits and features, how to get a faster one',
    )
    .action(async () => {
      const output = context.terminal.results;
      const { version, platform, arch } = process;
      output.line(`nnc ${readVersion()} on Node ${version}, ${platform} ${arch}`);
      try {
        await withGpu({ env: context.env }, async ({ opened }) => {
          const facts = describeAdapter(opened);
          printAttempts(facts.attempts, output);
          printFacts(facts, output);
          printTimes(await deviceTimes(opened), output);
          printFaster(facts, output);
        });
      } catch (error) {
        if (error instanceof AdapterNotFoundError) printAttempts(error.attempts, output);
        throw error;
      }
    });
}

function printAttempts(attempts: readonly Attempt[], output: Output): void {
  section('drivers, in the order they were tried', output);
  const rows = attempts.map(({ how, reason }) => [
    reason === undefined ? output.paint('✓', 'good') : '✗',
    how,
    reason ?? 'taken',
  ]);
  for (const line of tableLines(rows)) output.line(`  ${line}`);
}

function printFacts(facts: AdapterFacts, output: Output): void {
  section('adapter', output);
  const enabled = new Set(facts.enabledFeatures);
  const rows = [
    ['name', [facts.description, facts.device].filter((text) => text !== '').join(', ')],
    ['vendor', [facts.vendor, facts.architecture].filter((text) => text !== '').join(', ')],
    ['computes on', facts.deviceClass === 'cpu' ? 'the CPU' : 'a GPU'],
    ['subgroups', subgroupText(facts)],
    ['features in use', facts.enabledFeatures.join(', ') || 'none'],
  ];
  for (const line of tableLines(rows)) output.line(`  ${line}`);
  section('limits', output);
  const limits = Object.entries(facts.limits).map(([name, value]) => [
    name,
    limitText(name, value),
  ]);
  for (const line of tableLines(limits, ['left', 'right'])) output.line(`  ${line}`);
  section('further features of the adapter', output);
  const others = facts.features.filter((feature) => !enabled.has(feature));
  for (const line of wrapped(others.join(', '), output.columns - 2)) output.line(`  ${line}`);
}

/** What `--measured` goes by. */
function printTimes({ times, kept }: KeptTimes, output: Output): void {
  section(kept ? 'measured earlier, for --measured' : 'measured now, for --measured', output);
  const rows = [
    ['memory', `${short(times.bandwidth)} GB/s`, 'read and written by a copy'],
    ['a dispatch more', `${short(times.launch / 1000)} us`, ''],
    ['access', `${short(1000 * times.narrow)} ps`, 'of an invocation to one element'],
    ['', `${short(1000 * times.wide)} ps`, 'to four at once'],
    ['arithmetic', `${short(1 / times.operation)} GFLOP/s`, 'of one kernel'],
    ['a small kernel', `${short(times.compile)} ms`, 'until it has run for the first time'],
  ];
  for (const line of tableLines(rows, ['left', 'right'])) output.line(`  ${line}`);
}

const short = (value: number): string => Number(value.toPrecision(2)).toString();

function printFaster(facts: AdapterFacts, output: Output): void {
  section('for more speed', output);
  const faster = facts.faster.length > 0 ? facts.faster : ['nothing: this is a GPU'];
  for (const line of faster) output.line(`  ${line}`);
}

function subgroupText({ subgroupSizes }: AdapterFacts): string {
  if (subgroupSizes === undefined) return 'none';
  const [least, most] = subgroupSizes;
  return least === most ? `of ${least} invocations` : `of ${least} to ${most} invocations`;
}

const limitText = (name: string, value: number): string =>
  /Size$/.test(name) && value >= 1000 && !/Workgroup|Offset/.test(name)
    ? `${grouped(value)} (${bytesText(value)})`
    : grouped(value);

function section(title: string, output: Output): void {
  output.line();
  output.line(output.paint(title, 'strong'));
}
