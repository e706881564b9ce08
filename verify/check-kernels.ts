/** Every kernel on the device, by itself, on values that it meets in the program, against the interpreter. */
import type { Compiled } from '../compiler/compile.ts';
import type { KernelPlan } from '../compiler/fuse/plan-kernels.ts';
import { type StorageDType, wholeRange } from '../compiler/graph/dtype.ts';
import type { NdArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { interpret } from '../compiler/interpret/interpret.ts';
import type { Plan, Session } from '../runtime/index.ts';
import { arrayOf, numbersOf } from '../train/element-arrays.ts';
import { unitInLastPlace } from './accuracy.ts';
import { type Bounded, boundedValues } from './error-bounds.ts';
import { kernelTrials, type Trial, type TrialTensor } from './kernel-trials.ts';
import { inMemory, inputName, type Values } from './values.ts';

/** Gives a session on a plan to `body`, and closes it afterwards. */
export type WithSession = <T>(plan: Plan, body: (session: Session) => Promise<T>) => Promise<T>;

/** Numbers of a device beside what they should be. */
export interface Comparison {
  readonly compared: number;
  /** Of which nothing can be said: beyond the range of the type, or where rounding alone decides between two values. */
  readonly unknown: number;
  readonly wrong: number;
  /** Where the difference is largest in proportion to what is allowed. */
  readonly worst?: Worst;
}

export interface Worst {
  readonly node: Node;
  /** Flat index. */
  readonly element: number;
  readonly expected: number;
  readonly found: number;
  /** The difference that rounding may make. */
  readonly allowed: number;
  /** The difference, in proportion to that; infinite for what must be equal. */
  readonly share: number;
}

export interface TrialResult extends Comparison {
  readonly trial: Trial;
  /** What the kernel was given, by node. */
  readonly given: ReadonlyMap<Node, NdArray>;
}

/** The bound is of first order, and a compiler may write a formula in another way: twice of it is allowed. */
const MARGIN = 2;

export async function* checkKernels(
  compiled: Compiled,
  plans: readonly KernelPlan[],
  values: Values,
  withSession: WithSession,
): AsyncGenerator<TrialResult> {
  const { plan, trials } = kernelTrials(compiled, plans);
  const known = programValues(trials, values);
  const results: TrialResult[] = [];
  await withSession(plan, async (session) => {
    for (const trial of trials) results.push(await runTrial(session, trial, known, values));
  });
  yield* results;
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
  const bounds = boundedValues(
    trial.writes.map((write) => write.node),
    (node) => given.get(node) ?? values.get(inputName(node) ?? ''),
  );
  const comparisons: Comparison[] = [];
  for (const write of trial.writes) {
    const bounded = bounds.get(write.node);
    const read = (await session.read([write.name])).get(write.name);
    if (bounded === undefined || read === undefined) continue;
    comparisons.push(compareNumbers(write, bounded, numbersOf(write.storage, read)));
  }
  return { ...together(comparisons), trial, given };
}

/** What no kernel stores: so that elements which it leaves out are noticed. */
function nothing(storage: StorageDType, elements: number): ReturnType<typeof arrayOf> {
  const range = wholeRange(storage);
  return arrayOf(
    storage,
    new Float64Array(elements).fill(range === undefined ? Number.NaN : range[1]),
  );
}

export function compareNumbers(
  { node, storage }: Pick<TrialTensor, 'node' | 'storage'>,
  { value, error }: Bounded,
  found: ArrayLike<number>,
): Comparison {
  const rounding = storage === 'f16' ? unitInLastPlace('f16') : storage === 'bf16' ? 2 ** -8 : 0;
  let [compared, unknown, wrong] = [0, 0, 0];
  let worst: Worst | undefined;
  value.data.forEach((expected, element) => {
    const bound = error[element] ?? 0;
    if (!Number.isFinite(bound) || !Number.isFinite(expected)) {
      unknown += 1;
      return;
    }
    compared += 1;
    const allowed = MARGIN * (bound + rounding * Math.abs(expected));
    const number = found[element] ?? Number.NaN;
    const difference = Math.abs(number - expected);
    const share = difference === 0 ? 0 : Number.isNaN(difference) ? Infinity : difference / allowed;
    if (share > 1) wrong += 1;
    if (worst === undefined || share > worst.share)
      worst = { node, element, expected, found: number, allowed, share };
  });
  return { compared, unknown, wrong, ...(worst === undefined ? {} : { worst }) };
}

export function together(comparisons: readonly Comparison[]): Comparison {
  const sum = (of: (c: Comparison) => number): number => comparisons.reduce((n, c) => n + of(c), 0);
  const [worst] = comparisons.flatMap((c) => c.worst ?? []).sort((a, b) => b.share - a.share);
  return {
    compared: sum((c) => c.compared),
    unknown: sum((c) => c.unknown),
    wrong: sum((c) => c.wrong),
    ...(worst === undefined ? {} : { worst }),
  };
}
