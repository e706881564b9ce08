/** A compiled model as what its page shows. */
import { type CompileOptions, compile } from '../compiler/compile.ts';
import type { Trace } from '../compiler/elaborate/trace.ts';
import type { FusionTable } from '../compiler/fuse/explain-fusion.ts';
import type { KernelPlan } from '../compiler/fuse/plan-kernels.ts';
import { shapeText } from '../compiler/graph/dim.ts';
import { storageBits } from '../compiler/graph/dtype.ts';
import type { Graph } from '../compiler/graph/graph.ts';
import type { Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import { holderOf, type Tensor } from '../compiler/kernel/spec.ts';
import type { Model } from '../compiler/model.ts';
import type { PlacedKernel, ScheduledKernel } from '../compiler/plan/plan-builder.ts';
import { tensorPath } from '../compiler/plan/tensor-path.ts';
import { printSchedule } from '../compiler/schedule/schedule.ts';
import type { Source } from '../grammar/source.ts';
import type { Plan, PlanProgram } from '../runtime/plan.ts';
import { layOut } from './graph-layout.ts';
import type {
  InspectedBuffer,
  InspectedKernel,
  InspectedNode,
  InspectedProgram,
  InspectedRegion,
  Inspection,
  LineRef,
  Role,
} from './inspection.ts';
import { lineValues } from './line-values.ts';

export interface InspectTask {
  readonly model: Model;
  readonly options: CompileOptions;
  /** The model's own first, then those that it imports. */
  readonly sources: readonly Source[];
  readonly traces: readonly Trace[];
  /** The device, in words. */
  readonly device: string;
  /** Microseconds of the dispatches of a program, where they were measured. */
  readonly times?: ReadonlyMap<string, readonly number[]>;
}

export interface Inspected {
  readonly plan: Plan;
  /** `times` as in the task: they may be known only now. */
  inspection(times?: InspectTask['times']): Inspection;
}

/** Compiles the model, and puts together what is known of it. */
export function inspect({ model, options, sources, traces, device }: InspectTask): Inspected {
  const kernelPlans: KernelPlan[] = [];
  const compiled = compile(model, {
    ...options,
    onStage(stage) {
      if (stage.kind === 'kernels') kernelPlans.push(stage.plan);
    },
  });
  const { plan } = compiled;
  const lineOf = lineFinder(sources);
  return {
    plan,
    inspection: (times) => ({
      model: model.name,
      device,
      sources: sources.map((source) => ({
        name: source.name,
        lines: source.text.replace(/\n$/, '').split('\n'),
        values: lineValues(source, traces),
      })),
      texts: plan.kernels.map((kernel) => kernel.wgsl.trimEnd()),
      programs: plan.programs.flatMap((program, i) => {
        const kernelPlan = kernelPlans[i];
        if (kernelPlan === undefined) return [];
        const placed = compiled.placed[i] ?? [];
        const scheduled = compiled.kernels;
        const measured = times?.get(program.name);
        const parts = { plan, program, placed, scheduled, kernelPlan, measured };
        return [inspectProgram(model.graph, parts, lineOf)];
      }),
    }),
  };
}

type LineOf = (node: Node, graph: Graph) => readonly LineRef[];

/** The lines of a node's origins, in the sources that are shown. */
function lineFinder(sources: readonly Source[]): LineOf {
  const number = new Map(sources.map(({ name }, i) => [name, i]));
  return (node, graph) => {
    const lines = new Map<string, LineRef>();
    for (const { line } of graph.originsOf(node)) {
      const [, name, at] = /^(.*):(\d+)$/.exec(line ?? '') ?? [];
      const source = name === undefined ? undefined : number.get(name);
      if (source !== undefined) lines.set(`${source}:${at}`, [source, Number(at)]);
    }
    return [...lines.values()];
  };
}

interface ProgramParts {
  readonly plan: Plan;
  readonly program: PlanProgram;
  readonly placed: readonly PlacedKernel[];
  readonly scheduled: readonly ScheduledKernel[];
  readonly kernelPlan: KernelPlan;
  readonly measured: readonly number[] | undefined;
}

function inspectProgram(graph: Graph, parts: ProgramParts, lineOf: LineOf): InspectedProgram {
  const { program, placed, kernelPlan } = parts;
  const all = reachable(kernelPlan.results.map((result) => result.node));
  const shown = all.filter(isShown);
  const number = new Map(shown.map((node, i) => [node, i]));
  const computing = new Map<Node, number[]>();
  placed.forEach(({ spec }, kernel) => {
    for (const node of spec.nodes) {
      const own = computing.get(node) ?? [];
      own.push(kernel);
      computing.set(node, own);
    }
  });
  const inputs = shown.map((node) => shownInputs(node, number));
  const at = layOut(inputs);
  const nodes = shown.map((node, i): InspectedNode => {
    const [origin] = graph.originsOf(node);
    const name = node.op.lowering.kind === 'leaf' ? node.attrs['name'] : undefined;
    return {
      op: node.op.name,
      ...(typeof name === 'string' ? { name } : {}),
      type: `${node.type.dtype}${node.type.shape.length === 0 ? '' : shapeText(node.type.shape)}`,
      role: roleOf(graph, node),
      path: origin?.path ?? '',
      ...(origin?.rule === undefined ? {} : { rule: origin.rule }),
      lines: lineOf(node, graph),
      inputs: inputs[i] ?? [],
      kernels: computing.get(node) ?? [],
      at: at[i] ?? [0, 0],
    };
  });
  return {
    name: program.name,
    nodes,
    kernels: placed.map((kernel, i) => inspectKernel(graph, parts, kernel, i, number, lineOf)),
    buffers: buffersOf(graph, parts, lineOf),
    layers: Math.max(0, ...at.map(([layer]) => layer)) + 1,
  };
}

/** Views, constants and numbers stand in no kernel by themselves: the drawing leaves them out. */
function isShown(node: Node): boolean {
  const { kind } = node.op.lowering;
  if (kind === 'leaf') return node.op.lowering.leaf === 'input';
  return kind !== 'view' && !(kind === 'map' && node.inputs.every((input) => !leadsToShown(input)));
}

const leadsToShown = (node: Node): boolean => {
  const { kind } = node.op.lowering;
  if (kind === 'leaf') return node.op.lowering.leaf === 'input';
  return kind !== 'view' && kind !== 'map' ? true : node.inputs.some(leadsToShown);
};

function shownInputs(node: Node, number: ReadonlyMap<Node, number>): readonly number[] {
  const found = new Set<number>();
  const seen = new Set<Node>();
  const open = [...node.inputs];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const known = number.get(next);
    if (known === undefined) open.push(...next.inputs);
    else found.add(known);
  }
  return [...found].sort((a, b) => a - b);
}

function roleOf(graph: Graph, node: Node): Role {
  const kind = node.op.lowering.kind === 'leaf' ? node.attrs['kind'] : undefined;
  if (kind !== undefined) return 'data';
  return graph.originsOf(node)[0]?.role ?? 'forward';
}

function inspectKernel(
  graph: Graph,
  { plan, program, scheduled, kernelPlan, measured }: ProgramParts,
  { spec, dispatches }: PlacedKernel,
  index: number,
  number: ReadonlyMap<Node, number>,
  lineOf: LineOf,
): InspectedKernel {
  const [first = 0] = dispatches;
  const dispatch = program.dispatches[first];
  const kernel = plan.kernels.find((one) => one.id === dispatch?.kernel);
  const schedule = scheduled.find((one) => one.id === dispatch?.kernel)?.schedule;
  const roles = spec.nodes.map((node) => roleOf(graph, node));
  const role: Role = roles.includes('optimizer')
    ? 'optimizer'
    : roles.includes('gradient')
      ? 'gradient'
      : 'forward';
  const operands = spec.operands.map(({ tensor, access }) => ({
    access: { read: 'reads', write: 'writes', read_write: 'updates' }[access],
    name: tensorPath(tensor, graph),
    type: `${tensor.storage}${shapeText(tensor.node.type.shape)}`,
    bytes: bytesOf(tensor),
  }));
  const times = dispatches.flatMap((one) => measured?.[one] ?? []);
  return {
    name: kernel?.name ?? '',
    wgsl: kernel === undefined ? -1 : plan.kernels.indexOf(kernel),
    schedule: schedule === undefined ? '' : printSchedule(schedule),
    grid: `${dispatch?.grid.join(' × ') ?? ''}${dispatches.length > 1 ? `, ${dispatches.length} dispatches` : ''}`,
    role,
    lines: distinct(spec.nodes.flatMap((node) => lineOf(node, graph))),
    nodes: spec.nodes.flatMap((node) => number.get(node) ?? []),
    operands,
    bytes: operands.reduce((sum, one) => sum + one.bytes, 0),
    fusion: fusionLines(kernelPlan.explain(), index),
    ...(times.length === 0 ? {} : { microseconds: times.reduce((a, b) => a + b, 0) }),
  };
}

const bytesOf = ({ elements, storage }: Tensor): number =>
  Math.ceil((elements * storageBits(storage)) / 8);

function distinct(lines: readonly LineRef[]): readonly LineRef[] {
  return [...new Map(lines.map((line) => [line.join(':'), line])).values()].sort(
    (a, b) => a[0] - b[0] || a[1] - b[1],
  );
}

function fusionLines(table: FusionTable, index: number): readonly string[] {
  const rows = table[index] ?? [];
  return rows.flatMap(({ nodes, saved, apart }, part) => [
    ...(rows.length > 1 ? [`part ${part}: ${nodes.map((node) => node.op.name).join(' ')}`] : []),
    ...(nodes.length > 1
      ? [`${nodes.length} operations in one: ${saved.bytes} bytes less moved in each step`]
      : []),
    ...apart.map((one) => `apart from kernel ${one.dispatch}: ${one.reason}`),
  ]);
}

/** Buffers that the program uses, and what lies in them while it runs. */
function buffersOf(
  graph: Graph,
  { plan, placed }: ProgramParts,
  lineOf: LineOf,
): readonly InspectedBuffer[] {
  const regions = new Map<number, Map<string, InspectedRegion>>();
  placed.forEach(({ spec, places }, kernel) => {
    spec.operands.forEach(({ tensor }, operand) => {
      const place = places[operand];
      if (place === undefined) return;
      const holder = holderOf(tensor);
      const own = regions.get(place.buffer) ?? new Map<string, InspectedRegion>();
      regions.set(place.buffer, own);
      const key = `${holder.id}`;
      const before = own.get(key);
      const kind = plan.buffers.find((buffer) => buffer.id === place.buffer)?.class;
      const lasts = kind !== 'scratch';
      own.set(key, {
        name: tensorPath(holder, graph),
        lines: lineOf(holder.node, graph),
        offset: Math.min(before?.offset ?? place.offset, place.offset),
        bytes: bytesOf(holder),
        from: lasts ? 0 : (before?.from ?? kernel),
        to: lasts ? placed.length - 1 : kernel,
        kernels: [...new Set([...(before?.kernels ?? []), kernel])],
        lasts,
      });
    });
  });
  return plan.buffers.flatMap(({ id, label, bytes, class: kind }): readonly InspectedBuffer[] => {
    const tensors = [...(regions.get(id)?.values() ?? [])].sort(
      (a, b) => a.offset - b.offset || a.from - b.from,
    );
    return tensors.length === 0 ? [] : [{ label, bytes, class: kind, tensors }];
  });
}
