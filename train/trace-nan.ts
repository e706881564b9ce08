/**
 * Which node is the first to be infinite or NaN: a step, or a batch of an evaluation or a prediction, is computed again
 * by the interpreter, from the tensors before it, every number rounded as the device rounds it.
 */
import { bindProgram } from '../compiler/compile.ts';
import type { DType } from '../compiler/graph/dtype.ts';
import { half, halfBits } from '../compiler/graph/narrow-floats.ts';
import { type NdArray, ndArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import { interpret } from '../compiler/interpret/interpret.ts';
import { type Model, persistentTensors } from '../compiler/model.ts';
import { CapacityError } from '../compiler/plan/capacity-error.ts';
import { metricNames, type ProgramKind } from '../compiler/programs.ts';
import type { SectionSet } from '../compiler/train-step.ts';
import type { Session } from '../runtime/index.ts';
import { createChannel } from './channel.ts';
import { watchedNames } from './check-finite.ts';
import { type ElementArray, numbersOf } from './element-arrays.ts';
import type { Feed } from './feed.ts';
import { findNonFinite, type NonFinite } from './find-non-finite.ts';
import { createScratch, gather, rowsInPlace, type TakenRows } from './gather.ts';
import { dimsOf } from './prepare.ts';
import type { StepDone } from './run-options.ts';
import { readTensors, type Weights } from './weights.ts';

export interface NanTrace {
  /** What is not finite at the end: `loss`, `dense.W`, an output. */
  readonly names: readonly string[];
  /** Absent where the interpreter's numbers are all finite. */
  readonly found?: NonFinite;
  /** The program is too large for the interpreter. */
  readonly tooLarge: boolean;
}

/** To be called after every step, alone; the first step that is not finite gives a trace. */
export interface NanWatch {
  after(step: StepDone): Promise<NanTrace | undefined>;
}

/** Keeps the tensors before each step; so it is slow, and asked for. Begins with those on the device now. */
export async function createNanWatch(session: Session, model: Model): Promise<NanWatch> {
  const tensors = persistentTensors(model);
  const read = (): Promise<Weights> => readTensors(session, model, tensors);
  let before = await read();
  // What was infinite to begin with is meant so.
  const meant = new Set(notFinite(before));
  const watched = [...new Set(watchedNames(model))];
  return {
    async after({ step, sections, ...rows }) {
      const after = await read();
      const sums = await session.metrics.read();
      const losses = watched.filter((name) => !Number.isFinite(sums.get(name) ?? 0));
      const names = [...losses, ...notFinite(after).filter((name) => !meant.has(name))];
      if (names.length === 0) {
        before = after;
        return undefined;
      }
      const program = { kind: 'train', sections } as const;
      return await traceNan(model, program, rows, { before, step, names });
    },
  };
}

const notFinite = (tensors: Weights): readonly string[] =>
  [...tensors].flatMap(([path, { values }]) => (values.every(Number.isFinite) ? [] : [path]));

/** `before`: the tensors on the device; `step`: its counter; `names`: the results that are not finite. */
export async function traceNan(
  model: Model,
  program: { readonly kind: ProgramKind; readonly sections?: SectionSet },
  rows: TakenRows,
  known: { readonly before: Weights; readonly step: number; readonly names: readonly string[] },
): Promise<NanTrace> {
  const { before, step, names } = known;
  const dims = dimsOf(rows.feed, rows.rows);
  const { results } = bindProgram(model, { ...program, dims });
  const batch = await batchOf(rows);
  const storage = new Map(model.inputs.map((input) => [input.name, input.storage]));
  const inputAt = ({ attrs, type }: Node): NdArray | undefined => {
    const name = String(attrs['name']);
    const shape = type.shape.map(Number);
    if (attrs['kind'] === 'counter') return ndArray('f32', [], [step]);
    if (attrs['kind'] === 'metric') return ndArray('f32', [], [0]);
    const data =
      attrs['kind'] === 'data'
        ? batch[name] && numbersOf(storage.get(name) ?? 'f32', batch[name])
        : before.get(name)?.values;
    return data === undefined ? undefined : ndArray(type.dtype, shape, data);
  };
  const values = valuesOf(
    results.map((result) => result.node),
    inputAt,
  );
  if (values === undefined) return { names, tooLarge: true };
  const valueAt = (node: Node): NdArray | undefined => values.get(node);
  const bad = results.flatMap(({ node, target }) => {
    const name = target.kind === 'output' ? target.name : String(target.input.attrs['name']);
    return names.includes(name) && valueAt(node)?.data.some((v) => !Number.isFinite(v))
      ? [{ name, node }]
      : [];
  });
  // A loss comes before what is made of its gradient.
  const losses = new Set(program.kind === 'predict' ? [] : metricNames(model, program.kind));
  const sums = bad.filter(({ name }) => losses.has(name));
  const found = findNonFinite(
    (sums.length > 0 ? sums : bad).map(({ node }) => node),
    valueAt,
  );
  return { names, tooLarge: false, ...(found === undefined ? {} : { found }) };
}

async function batchOf({
  feed,
  rows,
  start,
  order,
}: TakenRows): Promise<Readonly<Record<string, ElementArray>>> {
  if (order === undefined)
    return (await rowsInPlace(feed, start, rows)) as Record<string, ElementArray>;
  const scratch = createScratch(feed, rows);
  await gather(feed, order, start, scratch);
  return scratch.batch;
}

/** Of every node; undefined where that is more than the interpreter holds. */
function valuesOf(
  results: readonly Node[],
  inputAt: (node: Node) => NdArray | undefined,
): ReadonlyMap<Node, NdArray> | undefined {
  const nodes = reachable(results);
  const isInput = ({ op: { lowering } }: Node): boolean =>
    lowering.kind === 'leaf' && lowering.leaf === 'input';
  const round = (value: number, dtype: DType): number =>
    dtype === 'f16' ? half(halfBits(value)) : Math.fround(value);
  try {
    const found = interpret(nodes, (node) => (isInput(node) ? inputAt(node) : undefined), {
      round,
    });
    return new Map(nodes.flatMap((node, i) => (found[i] ? [[node, found[i]]] : [])));
  } catch (error) {
    if (error instanceof CapacityError) return undefined;
    throw error;
  }
}

/** The first batch of an evaluation whose sums are not finite, with its trace; undefined where all are. */
export async function traceEvaluation(
  session: Session,
  model: Model,
  feed: Feed,
  batch: number,
): Promise<(TakenRows & { readonly trace: NanTrace }) | undefined> {
  const names = metricNames(model, 'eval');
  for (let start = 0; start < feed.rows; start += batch) {
    const rows = Math.min(batch, feed.rows - start);
    session.metrics.reset();
    await createChannel(session, 'eval', feed, rows).run(undefined, start, 1);
    const sums = await session.metrics.read();
    const bad = names.filter((name) => !Number.isFinite(sums.get(name) ?? 0));
    if (bad.length === 0) continue;
    const traced = { feed, rows, start };
    return { ...traced, trace: await traceRows(session, model, 'eval', traced, bad) };
  }
  return undefined;
}

/** The trace of a batch of an evaluation or a prediction, on the tensors that are on the device. */
export async function traceRows(
  session: Session,
  model: Model,
  kind: 'eval' | 'predict',
  rows: TakenRows,
  names: readonly string[],
): Promise<NanTrace> {
  const before = await readTensors(session, model, persistentTensors(model));
  return await traceNan(model, { kind }, rows, { before, step: 0, names });
}
