/**
 * What a dispatch binds. States in one buffer share a binding if any of them is written, since WebGPU
 * allows a buffer no second use beside a writing one; otherwise each has its own, so that equal layers
 * bind equal kernels to different places, unless the device allows too few.
 */
import { type StorageDType, storageBits } from '../graph/dtype.ts';
import type { OperandPlace } from '../kernel/kernel-builder.ts';
import type { KernelOperand } from '../kernel/spec.ts';
import { PART_ALIGNMENT } from './lay-out-state.ts';

/** Where an operand's tensor lies, and how many bytes of it there are. */
export interface Location {
  readonly buffer: number;
  readonly offset: number;
  readonly bytes: number;
  readonly storage: StorageDType;
  /**
   * Whether a kernel that writes into the buffer binds it as a whole: what an update writes together. Elsewhere
   * only operands of one place share a binding, so that kernels do not depend on the distances between others.
   */
  readonly merges: boolean;
}

export interface Bound {
  /** By operand. */
  readonly places: readonly OperandPlace[];
  /** By binding; offsets are ones that a bind group may have. */
  readonly binds: readonly {
    readonly buffer: number;
    readonly offset: number;
    readonly bytes: number;
  }[];
}

export function bindOperands(
  operands: readonly KernelOperand[],
  locations: readonly Location[],
  maxBindings: number,
): Bound {
  // Fusion counts on states that share a buffer, so these go together first; results in one page may have one of another
  // type between them, which a binding of both would overlap.
  const ways = [() => false, (location: Location) => location.merges, () => true].map((together) =>
    bindTogether(operands, locations, together),
  );
  const fits = ({ binds }: Bound): boolean => binds.length <= maxBindings;
  return ways.find(fits) ?? ways.at(-1) ?? { places: [], binds: [] };
}

function bindTogether(
  operands: readonly KernelOperand[],
  locations: readonly Location[],
  together: (location: Location) => boolean,
): Bound {
  const written = new Set(
    operands.flatMap(({ access }, i) => (access === 'read' ? [] : [locations[i]?.buffer])),
  );
  const groups = new Map<string, { members: Location[]; binding: number }>();
  const bindingOf = locations.map((location, i) => {
    const { buffer, offset, storage, merges } = location;
    const apart = !written.has(buffer) ? `${i}` : merges ? '' : `+${offset}`;
    const key = `${buffer} ${storage} ${together(location) ? '' : apart}`;
    const group = groups.get(key) ?? { members: [], binding: groups.size };
    groups.set(key, group);
    group.members.push(location);
    return group.binding;
  });
  const binds = [...groups.values()].map(({ members }) => rangeOf(members));
  const places = locations.map(({ offset, storage }, i): OperandPlace => {
    const binding = bindingOf[i] ?? 0;
    const bytes = offset - (binds[binding]?.offset ?? 0);
    return { binding, offset: (bytes * 8) / storageBits(storage) };
  });
  return { places, binds };
}

/** The least range that covers all of them and may be bound. */
function rangeOf(members: readonly Location[]): Bound['binds'][number] {
  const least = Math.min(...members.map((m) => m.offset));
  const offset = least - (least % PART_ALIGNMENT);
  const end = Math.max(...members.map((m) => m.offset + m.bytes));
  return { buffer: members[0]?.buffer ?? -1, offset, bytes: end - offset };
}
