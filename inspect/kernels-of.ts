/** The kernels of a program, in the order in which they run. */
import type { FusionRow, FusionTable } from '../compiler/fuse/explain-fusion.ts';
import { shapeText } from '../compiler/graph/dim.ts';
import { storageBits } from '../compiler/graph/dtype.ts';
import type { Graph } from '../compiler/graph/graph.ts';
import type { Node } from '../compiler/graph/node.ts';
import type { KernelSpec, Tensor } from '../compiler/kernel/spec.ts';
import type { PlacedKernel, ScheduledKernel } from '../compiler/plan/plan-builder.ts';
import { tensorPath } from '../compiler/plan/tensor-path.ts';
import { countFlops } from '../compiler/schedule/count-flops.ts';
import { boundBytes } from '../compiler/schedule/estimate.ts';
import { printSchedule } from '../compiler/schedule/schedule.ts';
import type { Plan, PlanProgram } from '../runtime/plan.ts';
import type {
  FusionNote,
  InspectedKernel,
  InspectedOperand,
  LineRef,
  MeasuredKernel,
  Role,
} from './inspection.ts';
import { type Peaks, reached } from './peaks.ts';
import { type LineOf, roleOf } from './roles.ts';

export interface KernelsTask {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly program: PlanProgram;
  readonly placed: readonly PlacedKernel[];
  readonly scheduled: readonly ScheduledKernel[];
  readonly fusion: FusionTable;
  /** Number of a node in the drawing. */
  readonly numberOf: ReadonlyMap<Node, number>;
  readonly lineOf: LineOf;
  /** Where a tensor lies that stands at `offset` of the buffer with this id. */
  regionOf(buffer: number, tensor: Tensor): InspectedOperand['region'];
  /** Microseconds of each dispatch. */
  readonly times?: readonly number[] | undefined;
  readonly peaks?: Peaks | undefined;
}

export const kernelsOf = (task: KernelsTask): readonly InspectedKernel[] => {
  const kernelById = new Map(
    task.plan.kernels.map((kernel, i) => [kernel.id, { kernel, wgsl: i }]),
  );
  const scheduleById = new Map(task.scheduled.map(({ id, schedule }) => [id, schedule]));
  return task.placed.map((placed, i): InspectedKernel => {
    const { spec, dispatches } = placed;
    const dispatch = task.program.dispatches[dispatches[0] ?? 0];
    const made = kernelById.get(dispatch?.kernel ?? -1);
    const schedule = scheduleById.get(dispatch?.kernel ?? -1);
    const grid = dispatch?.grid.join(' × ') ?? '';
    const bytes = boundBytes(spec);
    const flops = countFlops(spec);
    const measured = measuredKernel(task, dispatches, bytes, flops);
    return {
      name: made?.kernel.name ?? '',
      wgsl: made?.wgsl ?? -1,
      schedule: schedule === undefined ? '' : printSchedule(schedule),
      grid: dispatches.length > 1 ? `${grid}, ${dispatches.length} dispatches` : grid,
      role: roleOfKernel(task.graph, spec),
      lines: distinct(spec.nodes.flatMap(task.lineOf)),
      nodes: spec.nodes.flatMap((node) => task.numberOf.get(node) ?? []),
      operands: operandsOf(task, placed),
      bytes,
      flops,
      fusion: fusionNotes(task.fusion[i] ?? []),
      ...(measured === undefined ? {} : { measured }),
    };
  });
};

/** A kernel of several roles has that which comes last in a step. */
function roleOfKernel(graph: Graph, { nodes }: KernelSpec): Role {
  const roles = new Set(nodes.map((node) => roleOf(graph, node)));
  return (['optimizer', 'gradient'] as const).find((role) => roles.has(role)) ?? 'forward';
}

function operandsOf(
  { graph, regionOf }: KernelsTask,
  { spec, places }: PlacedKernel,
): readonly InspectedOperand[] {
  return spec.operands.map(({ tensor, access }, i) => {
    const place = places[i];
    const region = place === undefined ? undefined : regionOf(place.buffer, tensor);
    return {
      access: { read: 'reads', write: 'writes', read_write: 'updates' }[access],
      name: tensorPath(tensor, graph),
      type: `${tensor.storage}${shapeText(tensor.node.type.shape)}`,
      bytes: bytesOf(tensor),
      ...(region === undefined ? {} : { region }),
    };
  });
}

export const bytesOf = ({ elements, storage }: Tensor): number =>
  Math.ceil((elements * storageBits(storage)) / 8);

function measuredKernel(
  { times, peaks }: KernelsTask,
  dispatches: readonly number[],
  bytes: number,
  flops: number,
): MeasuredKernel | undefined {
  const own = dispatches.flatMap((one) => times?.[one] ?? []);
  if (own.length === 0) return undefined;
  const microseconds = own.reduce((a, b) => a + b, 0);
  const ofPeak =
    peaks === undefined ? undefined : reached({ bytes, flops }, microseconds, peaks)?.ofPeak;
  return { microseconds, ...(ofPeak === undefined ? {} : { ofPeak }) };
}

function distinct(lines: readonly LineRef[]): readonly LineRef[] {
  return [...new Map(lines.map((line) => [line.join(':'), line])).values()].sort(
    (a, b) => a[0] - b[0] || a[1] - b[1],
  );
}

function fusionNotes(rows: readonly FusionRow[]): readonly FusionNote[] {
  return rows.flatMap(({ nodes, saved, apart }, part): readonly FusionNote[] => [
    ...(rows.length > 1
      ? [{ text: `part ${part}: ${nodes.map((node) => node.op.name).join(' ')}` }]
      : []),
    ...(nodes.length > 1
      ? [{ text: `${nodes.length} operations in one`, saved: saved.bytes }]
      : []),
    ...apart.map(({ dispatch, reason }) => ({
      text: `apart from kernel ${dispatch}: ${reason}`,
      kernel: dispatch,
    })),
  ]);
}
