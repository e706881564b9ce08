/** Buffers that a program uses, and what lies in them while it runs. */
import type { Graph } from '../compiler/graph/graph.ts';
import { holderOf, type Tensor } from '../compiler/kernel/spec.ts';
import type { PlacedKernel } from '../compiler/plan/plan-builder.ts';
import { tensorPath } from '../compiler/plan/tensor-path.ts';
import type { Plan } from '../runtime/plan.ts';
import type { InspectedBuffer, InspectedOperand } from './inspection.ts';
import { bytesOf } from './kernels-of.ts';
import type { LineOf } from './roles.ts';

export interface InspectedMemory {
  readonly buffers: readonly InspectedBuffer[];
  /** The numbers of a tensor's buffer among `buffers`, and of the tensor there. */
  regionOf(buffer: number, tensor: Tensor): InspectedOperand['region'];
}

interface Region {
  readonly holder: Tensor;
  offset: number;
  readonly kernels: Set<number>;
}

export function memoryOf(
  graph: Graph,
  plan: Plan,
  placed: readonly PlacedKernel[],
  lineOf: LineOf,
): InspectedMemory {
  const used = regionsOf(placed);
  const shown = plan.buffers.flatMap((buffer) => {
    const regions = [...(used.get(buffer.id)?.values() ?? [])];
    const first = ({ kernels: [kernel = 0] }: Region): number => kernel;
    regions.sort((a, b) => a.offset - b.offset || first(a) - first(b));
    return regions.length === 0 ? [] : [{ buffer, regions }];
  });
  const numbers = new Map(
    shown.flatMap(({ buffer, regions }, b) =>
      regions.map(({ holder }, t) => [`${buffer.id}:${holder.id}`, [b, t] as const] as const),
    ),
  );
  return {
    buffers: shown.map(({ buffer, regions }) => ({
      label: buffer.label,
      class: buffer.class,
      bytes: buffer.bytes,
      tensors: regions.map(({ holder, offset, kernels }) => ({
        name: tensorPath(holder, graph),
        lines: lineOf(holder.node),
        offset,
        bytes: bytesOf(holder),
        kernels: [...kernels],
        lasts: buffer.class !== 'scratch',
      })),
    })),
    regionOf: (buffer, tensor) => numbers.get(`${buffer}:${holderOf(tensor).id}`),
  };
}

/** By buffer, then by tensor: where it begins, and the kernels that use it, in order. */
function regionsOf(
  placed: readonly PlacedKernel[],
): ReadonlyMap<number, ReadonlyMap<number, Region>> {
  const buffers = new Map<number, Map<number, Region>>();
  placed.forEach(({ spec, places }, kernel) => {
    spec.operands.forEach(({ tensor }, operand) => {
      const place = places[operand];
      if (place === undefined) return;
      const holder = holderOf(tensor);
      const regions = buffers.get(place.buffer) ?? new Map<number, Region>();
      buffers.set(place.buffer, regions);
      const region = regions.get(holder.id) ?? { holder, offset: place.offset, kernels: new Set() };
      regions.set(holder.id, region);
      region.offset = Math.min(region.offset, place.offset);
      region.kernels.add(kernel);
    });
  });
  return buffers;
}
