/** Runs a plan without a device: an interval map for each buffer says which tensor lies where. */
import { expect } from 'vitest';
import type { Compiled } from '../../compiler/compile.ts';
import type { KernelPlan } from '../../compiler/fuse/plan-kernels.ts';
import { storageBits } from '../../compiler/graph/dtype.ts';
import type { KernelSpec, Tensor } from '../../compiler/kernel/spec.ts';

interface Interval {
  readonly from: number;
  readonly to: number;
  readonly tensor: number;
}

/** What was written last into each range of a buffer. */
class Contents {
  #intervals: Interval[] = [];

  write(from: number, to: number, tensor: number): void {
    const kept = this.#intervals.flatMap((one) =>
      one.to <= from || to <= one.from
        ? [one]
        : [
            ...(one.from < from ? [{ ...one, to: from }] : []),
            ...(to < one.to ? [{ ...one, from: to }] : []),
          ],
    );
    this.#intervals = [...kept, { from, to, tensor }];
  }

  /** The tensors that the bytes of the range belong to; undefined for bytes that nobody wrote. */
  within(from: number, to: number): readonly (number | undefined)[] {
    const found = this.#intervals.filter((one) => one.from < to && from < one.to);
    const covered = found.reduce(
      (n, one) => n + Math.min(one.to, to) - Math.max(one.from, from),
      0,
    );
    return [
      ...new Set([
        ...found.map((one) => one.tensor),
        ...(covered === to - from ? [] : [undefined]),
      ]),
    ];
  }
}

/** Throws where a kernel would find something else than what it is meant to read. `plans` as the programs of the plan. */
export function replay(
  { plan, kernels }: Pick<Compiled, 'plan' | 'kernels'>,
  plans: readonly KernelPlan[],
): void {
  expect(plans.length).toBe(plan.programs.length);
  plan.programs.forEach((program, p) => {
    const kernelPlan = plans[p];
    if (kernelPlan === undefined) return;
    const memory = new Map<number, Contents>();
    const contents = (buffer: number): Contents => {
      const known = memory.get(buffer) ?? new Contents();
      memory.set(buffer, known);
      return known;
    };
    const swaps = new Map(program.swaps.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));
    const written = new Set<number>();
    const partsOf = new Map<number, Set<number>>();
    for (const { id, part } of kernelPlan.kernels.flatMap((k) => k.operands.map((o) => o.tensor)))
      if (part !== undefined)
        partsOf.set(part.of.id, (partsOf.get(part.of.id) ?? new Set()).add(id));
    program.dispatches.forEach((dispatch, at) => {
      const spec = kernelPlan.kernels[at];
      const made = kernels.find((one) => one.id === dispatch.kernel);
      const bindings = plan.kernels.find((one) => one.id === dispatch.kernel)?.bindings;
      if (spec === undefined || made === undefined || bindings === undefined)
        throw new Error(`${program.name} has no kernel ${at}`);
      const what = `${program.name} dispatch ${at}, ${made.name}`;
      checkBindings(dispatch.binds, bindings, what);
      const ranges = spec.operands.map(({ tensor, access }, operand) => {
        const { binding, offset } = made.places[operand] ?? { binding: -1, offset: 0 };
        const bind = dispatch.binds[binding];
        if (bind === undefined) throw new Error(`${what}: operand ${operand} is not bound`);
        if (access !== 'read') expect(bindings[binding]?.access).toBe('read_write');
        const from = bind.offset + (offset * storageBits(tensor.storage)) / 8;
        const to = from + bytesOf(tensor);
        expect(to, what).toBeLessThanOrEqual(bind.offset + bind.bytes);
        return { tensor, access, buffer: bind.buffer, from, to };
      });
      for (const { tensor, access, buffer, from, to } of ranges) {
        if (access === 'write' || !isRead(spec, tensor)) continue;
        const found = contents(buffer).within(from, to);
        const parts = partsOf.get(tensor.id);
        // What came from outside was written before the step.
        if (tensor.node.op.lowering.kind === 'leaf' && !written.has(tensor.id))
          expect(found, `${what} reads ${tensor.id}`).toEqual([undefined]);
        else if (parts !== undefined)
          expect(new Set(found), `${what} reads ${tensor.id}`).toEqual(parts);
        else expect(found, `${what} reads ${tensor.id}`).toEqual([tensor.id]);
      }
      for (const { tensor, access, buffer, from, to } of ranges) {
        if (access === 'read') continue;
        contents(buffer).write(from, to, tensor.id);
        written.add(tensor.id);
      }
    });
    // What the step leaves: results at the places where the plan says that they lie.
    for (const { node, target } of kernelPlan.results) {
      const name = target.kind === 'output' ? target.name : String(target.input.attrs['name']);
      const role = target.kind === 'output' ? 'output' : String(target.input.attrs['kind']);
      const place = plan.tensors.find(
        (t) =>
          t.name === name &&
          t.role === role &&
          (t.program === undefined || t.program === program.name),
      );
      if (place === undefined) throw new Error(`${name} lies nowhere`);
      const tensor = kernelPlan.tensorOf(node);
      const swapped = kernelPlan.swaps.some((swap) => swap.next.id === tensor.id);
      const buffer = swapped ? (swaps.get(place.buffer) ?? -1) : place.buffer;
      const found = contents(buffer).within(place.offset, place.offset + bytesOf(tensor));
      expect(found, `${program.name} leaves ${name}`).toEqual([tensor.id]);
    }
  });
}

type Binds = readonly {
  readonly buffer: number;
  readonly offset: number;
  readonly bytes: number;
}[];

/** A buffer that a dispatch writes has no reading binding beside, and no other writing one over the same bytes. */
function checkBindings(binds: Binds, bindings: readonly { access: string }[], what: string): void {
  binds.forEach((bind, i) => {
    if (bindings[i]?.access !== 'read_write') return;
    binds.forEach((other, j) => {
      if (i === j || other.buffer !== bind.buffer) return;
      expect(bindings[j]?.access, what).toBe('read_write');
      const apart =
        bind.offset + bind.bytes <= other.offset || other.offset + other.bytes <= bind.offset;
      expect(apart, `${what} writes one place twice`).toBe(true);
    });
  });
}

/** Operands that are only written need not have been written before. */
const isRead = (spec: KernelSpec, tensor: Tensor): boolean =>
  spec.operands.some((o) => o.tensor.id === tensor.id && o.access !== 'write');

const bytesOf = ({ storage, elements }: Tensor): number => (elements * storageBits(storage)) / 8;
