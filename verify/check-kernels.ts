/** Every kernel on the device, by itself, on values that it meets in the program, against the interpreter. */
import type { Compiled } from '../compiler/compile.ts';
import type { KernelPlan } from '../compiler/fuse/plan-kernels.ts';
import { type StorageDType, wholeRange } from '../compiler/graph/dtype.ts';
import type { NdArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import { interpret } from '../compiler/interpret/interpret.ts';
import type { Session } from '../runtime/index.ts';
import { arrayOf, type ElementArray, numbersOf } from '../train/element-arrays.ts';
import { type Comparison, compareNumbers, together } from './compare-numbers.ts';
import { boundedValues } from './error-bounds.ts';
import { kernelTrials, type Trial } from './kernel-trials.ts';
import { inMemory, inputName, type Values } from './values.ts';
import type { WithSession } from './with-session.ts';

export interface TrialResult extends Comparison {
  readonly trial: Trial;
  /** What the kernel was given, by node. */
  readonly given: ReadonlyMap<Node, NdArray>;
}

/** `plans`: of the compiled programs, in order. */
export async function checkKernels(
  compiled: Compiled,
  plans: readonly KernelPlan[],
  values: Values,
  withSession: WithSession,
): Promise<readonly TrialResult[]> {
  const { plan, trials } = kernelTrials(compiled, plans);
  const known = programValues(trials, values);
  return await withSession(plan, async (session) => {
    const results: TrialResult[] = [];
    for (const trial of trials) results.push(await runTrial(session, trial, known, values));
    return results;
  });
}

type KnownValues = (program: string, node: Node) => NdArray | undefined;

/** What the interpreter makes of every node that a kernel reads, program by program. */
function programValues(trials: readonly Trial[], values: Values): KnownValues {
  const byProgram = new Map<string, ReadonlyMap<Node, NdArray>>();
  for (const name of new Set(trials.map((trial) => trial.program))) {
    const own = trials.filter((trial) => trial.program === name);
    const nodes = [...new Set(own.flatMap((trial) => trial.reads.map((read) => read.node)))];
    const found = interpret(nodes, (node) => values.get(inputName(node) ?? ''));
    byProgram.set(name, new Map(nodes.flatMap((node, i) => (found[i] ? [[node, found[i]]] : []))));
  }
  return (program, node) => byProgram.get(program)?.get(node);
}

async function runTrial(
  session: Session,
  trial: Trial,
  known: KnownValues,
  values: Values,
): Promise<TrialResult> {
  const given = new Map<Node, NdArray>();
  for (const { name, storage, elements } of trial.writes)
    session.write(name, nothing(storage, elements));
  for (const { node, storage, name } of trial.reads) {
    const value = known(trial.program, node);
    if (value === undefined) continue;
    const kept = inMemory(value, storage);
    given.set(node, kept);
    session.write(name, arrayOf(storage, kept.data));
  }
  await session.runner(trial.name).run([{}]);
  const written = trial.writes.map((write) => write.node);
  // A simpler formula may do without an input that the graph still names.
  for (const node of reachable(written, (n) => given.has(n))) {
    const value = values.get(inputName(node) ?? '');
    if (value !== undefined && !given.has(node)) given.set(node, value);
  }
  const bounds = boundedValues(written, (node) => given.get(node));
  const comparisons: Comparison[] = [];
  for (const { node, storage, name } of trial.writes) {
    const bounded = bounds.get(node);
    const read = (await session.read([name])).get(name);
    if (bounded === undefined || read === undefined) continue;
    comparisons.push(compareNumbers(node, storage, bounded, numbersOf(storage, read)));
  }
  return { ...together(comparisons), trial, given };
}

/** What no kernel stores: so that elements which it leaves out are noticed. */
function nothing(storage: StorageDType, elements: number): ElementArray {
  const range = wholeRange(storage);
  const value = range === undefined ? Number.NaN : range[1];
  return arrayOf(storage, new Float64Array(elements).fill(value));
}
