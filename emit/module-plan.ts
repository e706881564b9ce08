/** A compiled plan as the tables of a module: only the buffers in use, kernels with equal text once, tensors by the names that weights files have. */
import { initialValues } from '../compiler/initial-values.ts';
import { InternalError } from '../compiler/internal-error.ts';
import { type Model, type ModelTensor, persistentTensors } from '../compiler/model.ts';
import type { ProgramChoice } from '../compiler/program-choice.ts';
import { batchSymbol, metricNames, STEP } from '../compiler/programs.ts';
import type { Plan, PlanKernel, PlanProgram, PlanTensor } from '../runtime/plan.ts';
import type { BufferPlan, ProgramPlan, TensorPlan, TensorPlans } from './runtime/types.ts';

export interface ModulePlan {
  readonly buffers: readonly (BufferPlan & { readonly label: string })[];
  readonly kernels: readonly ModuleKernel[];
  readonly programs: readonly ModuleProgram[];
  /** Parameters and states of the model. */
  readonly weights: TensorPlans;
  /** What training needs besides: slots and the step counter, by the names that checkpoints have. */
  readonly training: TensorPlans;
  /** Sums of losses and metrics. */
  readonly sums: TensorPlans;
}

export interface ModuleKernel {
  readonly name: string;
  readonly bindings: readonly GPUBufferBindingType[];
  readonly wgsl: string;
  readonly origin: readonly string[];
}

export interface ModuleProgram {
  readonly kind: 'train' | 'predict';
  readonly name: string;
  readonly plan: ProgramPlan;
}

/** A program of the plan, and how many rows it takes. */
export interface SizedChoice extends ProgramChoice {
  readonly rows: number;
}

const SLOT = 'train/slot/';
const COUNTER = `train/${STEP}`;

/** `choices`: those that the plan was compiled for, in its order. */
export function modulePlan(
  model: Model,
  plan: Plan,
  choices: readonly SizedChoice[],
  train: boolean,
): ModulePlan {
  const named = namedTensors(model, plan, train);
  const used = usedBuffers(plan, [
    ...Object.values(named.weights),
    ...Object.values(named.training),
    ...Object.values(named.sums),
  ]);
  const buffers = plan.buffers.filter(({ id }) => used.has(id));
  const bufferAt = new Map(buffers.map(({ id }, index) => [id, index]));
  const buffer = (id: number): number =>
    bufferAt.get(id) ?? missing(`buffer ${id} is not among those in use`);
  const kernels = distinctKernels(plan.kernels);
  const tables = { buffer, kernel: (id: number) => kernels.indexOf.get(id) ?? missing('a kernel') };
  const placed = (tensors: TensorPlans): TensorPlans =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, one]) => [name, { ...one, buffer: buffer(one.buffer) }]),
    );
  return {
    buffers: buffers.map(({ bytes, data, label, class: kind }) => ({
      bytes,
      ...(data === undefined ? {} : { data }),
      label: kind === 'uniform' ? label : `${kind}, ${label}`,
    })),
    kernels: kernels.list,
    programs: plan.programs.map((program, index) =>
      moduleProgram(model, plan, program, choices[index] ?? missing(program.name), tables),
    ),
    weights: placed(named.weights),
    training: placed(named.training),
    sums: placed(named.sums),
  };
}

const missing = (what: string): never => {
  throw new InternalError('module', what);
};

function namedTensors(model: Model, plan: Plan, train: boolean) {
  const find = (name: string, ...roles: readonly PlanTensor['role'][]): PlanTensor =>
    plan.tensors.find((one) => one.name === name && roles.includes(one.role)) ??
    missing(`the plan has no ${name}`);
  const of = (tensors: readonly ModelTensor[], prefix: string, extra: (t: ModelTensor) => object) =>
    tensors.map((tensor): [string, TensorPlan] => [
      `${prefix}${tensor.path}`,
      { ...tensorPlan(find(tensor.path, 'param', 'state')), ...extra(tensor) },
    ]);
  const own = [...model.params, ...model.states];
  const slots = model.optimization?.slots ?? [];
  const counter: [string, TensorPlan] = [
    COUNTER,
    { ...tensorPlan(find(STEP, 'counter')), fill: 0 },
  ];
  const sums = metricNames(model, 'train').map((name): [string, TensorPlan] => [
    name,
    tensorPlan(find(name, 'metric')),
  ]);
  return {
    weights: Object.fromEntries(of(own, '', () => ({}))),
    training: Object.fromEntries(
      train ? [...of(slots, SLOT, (slot) => fillOf(model, slot)), counter] : [],
    ),
    sums: Object.fromEntries(train ? sums : []),
  };
}

/** Where a slot begins with the same number everywhere, a module needs no file to know it. */
function fillOf(model: Model, slot: ModelTensor): { readonly fill?: number } {
  const [value] = initialValues(model.graph, [slot]);
  const [first = 0] = value?.data ?? [];
  const same = value?.data.every((one) => Object.is(one, first)) === true;
  return same && (first === 0 || slot.node.attrs['storage'] === 'f32') ? { fill: first } : {};
}

/** Slots whose first values a module cannot know without a file, by the names in it. */
export const storedSlots = (model: Model): readonly (readonly [string, ModelTensor])[] =>
  (model.optimization?.slots ?? []).flatMap((slot) =>
    'fill' in fillOf(model, slot) ? [] : [[`${SLOT}${slot.path}`, slot] as const],
  );

/** Everything that lives from step to step, for whoever fills a module's weights file. */
export const moduleTensors = (model: Model): readonly (readonly [string, ModelTensor])[] => {
  const slots = new Set(model.optimization?.slots ?? []);
  const own = persistentTensors(model).filter((tensor) => !slots.has(tensor));
  return [...own.map((tensor) => [tensor.path, tensor] as const), ...storedSlots(model)];
};

const tensorPlan = ({ dtype, shape, buffer, offset }: PlanTensor): TensorPlan => ({
  dtype,
  shape,
  buffer,
  offset,
});

function usedBuffers(plan: Plan, tensors: readonly TensorPlan[]): ReadonlySet<number> {
  return new Set([
    ...tensors.map(({ buffer }) => buffer),
    ...plan.tensors
      .filter(({ role }) => role === 'input' || role === 'output')
      .map(({ buffer }) => buffer),
    ...plan.programs.flatMap(({ dispatches, copies, swaps }) => [
      ...dispatches.flatMap(({ binds }) => binds.map(({ buffer }) => buffer)),
      ...copies.flatMap(({ from, to }) => [from, to]),
      ...swaps.flat(),
    ]),
  ]);
}

const bindingTypes = {
  read: 'read-only-storage',
  read_write: 'storage',
  uniform: 'uniform',
} as const;

function distinctKernels(kernels: readonly PlanKernel[]): {
  readonly list: readonly ModuleKernel[];
  readonly indexOf: ReadonlyMap<number, number>;
} {
  const byText = new Map<string, { index: number; kernel: ModuleKernel }>();
  const indexOf = new Map<number, number>();
  for (const { id, name, wgsl, bindings, origin } of kernels) {
    const types = bindings.map(({ access }) => bindingTypes[access]);
    const text = `${types.join()} ${wgsl}`;
    const same = byText.get(text);
    const index = same?.index ?? byText.size;
    const lines = [...new Set([...(same?.kernel.origin ?? []), ...origin])];
    const kernel = { name: same?.kernel.name ?? name, bindings: types, wgsl, origin: lines };
    byText.set(text, { index, kernel });
    indexOf.set(id, index);
  }
  return { list: [...byText.values()].map(({ kernel }) => kernel), indexOf };
}

function moduleProgram(
  model: Model,
  plan: Plan,
  program: PlanProgram,
  { rows, sections, kind }: SizedChoice,
  tables: { buffer(id: number): number; kernel(id: number): number },
): ModuleProgram {
  const { buffer, kernel } = tables;
  if (kind === 'eval') return missing('a module evaluates nothing');
  const tensors = (role: 'input' | 'output') =>
    Object.fromEntries(
      plan.tensors
        .filter((one) => one.role === role && one.program === program.name)
        .map((one) => [
          one.name,
          {
            ...tensorPlan(one),
            buffer: buffer(one.buffer),
            ...(role === 'input' ? boundsOf(model, one.name) : {}),
          },
        ]),
    );
  const several = (model.optimization?.sections.length ?? 0) > 1;
  const all = (model.optimization?.sections ?? []).map(({ name = '' }) => name);
  const counted = batchSymbol(model) !== undefined;
  return {
    kind,
    name: program.name,
    plan: {
      rows,
      ...(kind === 'train' && !counted ? { weight: 1 } : {}),
      ...(kind === 'train' && several ? { sections: sections ?? all } : {}),
      inputs: tensors('input'),
      outputs: tensors('output'),
      dispatches: program.dispatches.map(({ kernel: id, binds, grid }) => ({
        kernel: kernel(id),
        binds: binds.map((bind) => [buffer(bind.buffer), bind.offset, bind.bytes] as const),
        grid,
      })),
      ...(program.copies.length === 0
        ? {}
        : {
            copies: program.copies.map(
              (one) =>
                [
                  buffer(one.from),
                  one.fromOffset,
                  buffer(one.to),
                  one.toOffset,
                  one.bytes,
                ] as const,
            ),
          }),
      ...(program.swaps.length === 0
        ? {}
        : { swaps: program.swaps.map(([a, b]) => [buffer(a), buffer(b)] as const) }),
    },
  };
}

/** Of an input that numbers classes or rows. */
function boundsOf(model: Model, name: string): Pick<TensorPlan, 'below' | 'besides'> {
  const { below, besides = [] } = model.inputs.find((input) => input.name === name) ?? {};
  // A bound that is itself a symbol depends on the sizes; it stays with the data loader.
  if (typeof below !== 'number') return {};
  return { below, ...(besides.length === 0 ? {} : { besides }) };
}
