/**
 * Finds the first stage of the compiler after which a program computes something else than the
 * interpreter does before any pass: graph passes are judged by the interpreter, kernels by the device.
 */
import { testValues } from '../compiler/elaborate/expectations.ts';
import { type NdArray, ndArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { interpret } from '../compiler/interpret/interpret.ts';
import type { Model } from '../compiler/model.ts';
import { type ProgramKind, programResults } from '../compiler/programs.ts';
import { bindSizes } from '../compiler/rewrite/bind.ts';
import { type GraphPass, graphPasses } from '../compiler/rewrite/passes.ts';
import type { SectionSet } from '../compiler/train-step.ts';

export interface BisectOptions {
  readonly model: Model;
  readonly kind: ProgramKind;
  readonly dims: Readonly<Record<string, number>>;
  /** Of a training step: the `train` sections that run in it, unless all do. */
  readonly sections?: SectionSet;
  readonly seed: number;
  /** In place of seeded data and initial values, by name. */
  readonly values?: ReadonlyMap<string, NdArray>;
  /** Passes and rules to leave out. */
  readonly off: ReadonlySet<string>;
  /** In place of the compiler's own. */
  readonly passes?: readonly GraphPass[];
  /** Runs the compiled program on the device, unfused or fused; without it only the passes are looked at. */
  runKernels?(fuse: boolean, values: ReadonlyMap<string, NdArray>): Promise<readonly NdArray[]>;
}

export interface StageReport {
  /** A pass, or `kernels` (one for each node), or `fuse`. */
  readonly stage: string;
  /** The largest difference in proportion to the largest value of its result. */
  readonly difference: number;
  /** Set where that is too much. */
  readonly deviation?: Deviation;
  /** Rules of the pass without any one of which it would agree. */
  readonly suspects?: readonly string[];
}

export interface Deviation {
  /** `loss'` is the next value of `loss`. */
  readonly result: string;
  /** Flat index. */
  readonly element: number;
  readonly expected: number;
  readonly found: number;
}

/** f64 against f64, and f32 on a device against f64. Gradients of many terms and optimizers lose some digits. */
const TOLERANCE = { passes: 1e-9, kernels: 2e-3 } as const;
/**
 * Some elements lose all digits: Adam makes ± its learning rate of a gradient that is 0 but for rounding. How much an
 * element may lose is measured: so many times what rounding to f32 changes it in the interpreter.
 */
const ROUNDING = { runs: 3, times: 64 } as const;

/** Ends with the first stage that deviates. The model's inputs are filled with seeded random data. */
export async function* bisectPasses(options: BisectOptions): AsyncGenerator<StageReport> {
  const { model, kind, dims, seed, off, passes = graphPasses } = options;
  const { graph } = model;
  const symbolic = programResults(model, kind, options.sections);
  const names = symbolic.map(({ target }) =>
    target.kind === 'output' ? target.name : `${String(target.input.attrs['name'])}'`,
  );
  let nodes: readonly Node[] = bindSizes(
    graph,
    symbolic.map((result) => result.node),
    dims,
  );
  const values = options.values ?? singles(testValues(model, nodes, seed, dims));
  const valuesOf = (results: readonly Node[]) =>
    interpret(results, (node) => inputValue(node, values));
  const reference = valuesOf(nodes);

  for (const pass of passes) {
    if (off.has(pass.name)) continue;
    const before = nodes;
    const judge = (without: ReadonlySet<string>): [StageReport, readonly Node[]] => {
      const results = pass.run(graph, before, without);
      // Equal nodes are one object: there is nothing to compute again.
      if (results.every((node, i) => node === before[i]))
        return [{ stage: pass.name, difference: 0 }, results];
      return [compare(pass.name, names, reference, valuesOf(results), TOLERANCE.passes), results];
    };
    const [report, results] = judge(off);
    if (report.deviation !== undefined) {
      const mends = (rule: string): boolean =>
        judge(new Set([...off, rule]))[0].deviation === undefined;
      yield { ...report, suspects: (pass.rules ?? []).filter(mends) };
      return;
    }
    yield report;
    nodes = results;
  }
  if (options.runKernels === undefined) return;
  for (const fuse of off.has('fuse') ? [false] : [false, true]) {
    const found = await options.runKernels(fuse, values);
    const report = compareOnDevice(fuse ? 'fuse' : 'kernels', names, nodes, values, {
      reference,
      found,
    });
    yield report;
    if (report.deviation !== undefined) return;
  }
}

/**
 * Results of a device beside those of the interpreter; how much rounding changes them is measured only where they
 * differ by too much.
 */
export function compareOnDevice(
  stage: string,
  names: readonly string[],
  nodes: readonly Node[],
  values: ReadonlyMap<string, NdArray>,
  { reference, found }: Readonly<Record<'reference' | 'found', readonly NdArray[]>>,
): StageReport {
  const report = compare(stage, names, reference, found, TOLERANCE.kernels);
  if (report.deviation === undefined) return report;
  const allowed = roundingErrors(nodes, values, reference);
  return compare(stage, names, reference, found, TOLERANCE.kernels, allowed);
}

/** Both sides begin with numbers that an f32 can hold. */
function singles(values: ReadonlyMap<string, NdArray>): ReadonlyMap<string, NdArray> {
  return new Map(
    [...values].map(([name, { dtype, shape, data }]) => [
      name,
      ndArray(dtype, shape, dtype === 'f32' ? data.map(Math.fround) : data),
    ]),
  );
}

/**
 * What single precision changes each element by: the most in several runs where every number on the way is rounded
 * to f32 and then, as by a device's functions, wrong by up to one unit in its last place.
 */
function roundingErrors(
  nodes: readonly Node[],
  values: ReadonlyMap<string, NdArray>,
  reference: readonly NdArray[],
): Float64Array[] {
  const errors = reference.map(({ data }) => new Float64Array(data.length));
  // Numerical Recipes' linear congruential generator: any cheap one will do.
  let state = 1;
  const round = (v: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(v) * (1 + ((state >>> 8) / 2 ** 23 - 1) * 2 ** -23);
  };
  for (let run = 0; run < ROUNDING.runs; run++) {
    const found = interpret(nodes, (node) => inputValue(node, values), { round });
    errors.forEach((most, i) => {
      found[i]?.data.forEach((v, at) => {
        const error = Math.abs(v - (reference[i]?.data[at] ?? 0));
        if (error > (most[at] ?? 0)) most[at] = error;
      });
    });
  }
  return errors;
}

function inputValue(node: Node, values: ReadonlyMap<string, NdArray>): NdArray | undefined {
  const { lowering } = node.op;
  if (lowering.kind !== 'leaf' || lowering.leaf !== 'input') return undefined;
  return values.get(String(node.attrs['name']));
}

/** Elements that the reference has no finite value for say nothing: stable forms are there to mend them. */
export function compare(
  stage: string,
  names: readonly string[],
  reference: readonly NdArray[],
  found: readonly NdArray[],
  tolerance: number,
  allowed: readonly Float64Array[] = [],
): StageReport {
  let difference = 0;
  let worst: Deviation | undefined;
  for (const [index, { data }] of reference.entries()) {
    const scale = Math.max(1e-6, largest(data));
    for (const [element, expected] of data.entries()) {
      const value = found[index]?.data[element] ?? Number.NaN;
      if (!Number.isFinite(expected)) continue;
      const share = Number.isFinite(value) ? Math.abs(value - expected) / scale : Infinity;
      const lost = ((allowed[index]?.[element] ?? 0) * ROUNDING.times) / scale;
      if (share <= difference || (share > tolerance && share <= lost)) continue;
      difference = share;
      worst = { result: names[index] ?? '', element, expected, found: value };
    }
  }
  if (worst === undefined || difference <= tolerance) return { stage, difference };
  return { stage, difference, deviation: worst };
}

function largest(data: Float64Array): number {
  let most = 0;
  for (const value of data) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
}
