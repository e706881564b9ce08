/**
 * Which tensors that outlive a step share a buffer. WebGPU counts bindings, and follows reads and writes, by
 * whole buffers: what an update writes together should lie together, what is large should lie alone.
 */
import type { PlanTensor } from '../../runtime/plan.ts';
import type { StorageDType } from '../graph/dtype.ts';

export interface StateTensor {
  readonly name: string;
  readonly role: Exclude<PlanTensor['role'], 'input' | 'output'>;
  readonly storage: StorageDType;
  /** Padded to whole vectors. */
  readonly bytes: number;
  /** Changes places with a twin, hence shares its buffer with nothing. */
  readonly swapped?: boolean;
}

export interface StateBuffer<T extends StateTensor = StateTensor> {
  readonly label: string;
  readonly bytes: number;
  readonly parts: readonly { readonly tensor: T; readonly offset: number }[];
}

/** Where a part may begin so that a bind group can start there: WebGPU's portable alignment. */
export const PART_ALIGNMENT = 256;
/** Tensors below this share a buffer with others of their kind. */
const SMALL_BYTES = 64 * 1024;

/**
 * The parameter that a tensor belongs to: `dense.W` for `dense.W/m` and for `critic/dense.W/m`, which is
 * how optimizer slots are named; any other tensor belongs to itself.
 */
export const bundleOf = (name: string): string => name.split('/').at(-2) ?? name;

/**
 * A large parameter and its slots share a buffer; small ones all share one for each dtype, slots beside
 * their parameter, so that equal layers have equal distances and with them equal kernels. Metric sums
 * share one, packed, since no kernel reads one without writing it. The step counter lies alone: it is
 * read everywhere while it is written. No buffer passes `limit` bytes unless a single tensor does.
 */
export function layOutState<T extends StateTensor>(
  tensors: readonly T[],
  limit: number,
): readonly StateBuffer<T>[] {
  const buffers: OpenBuffer<T>[] = [];
  for (const bundle of groupBy(tensors, bundleKey)) {
    const [first] = bundle;
    if (first === undefined) continue;
    const alignment = first.role === 'metric' ? 16 : PART_ALIGNMENT;
    const need = bundle.reduce((sum, t) => roundUp(sum, alignment) + t.bytes, 0);
    const shared = poolKey(bundle);
    const room = buffers.find(
      (b) => b.pool === shared && roundUp(b.bytes, alignment) + need <= limit,
    );
    if (shared !== undefined && room !== undefined) append(room, bundle, alignment);
    else if (need <= limit) buffers.push(append(open(first, shared), bundle, alignment));
    else for (const tensor of bundle) buffers.push(append(open(tensor), [tensor], alignment));
  }
  return buffers.map(({ label, bytes, parts }) => ({
    label: parts.length > 1 ? `${label} and ${parts.length - 1} more` : label,
    bytes,
    parts,
  }));
}

interface OpenBuffer<T> {
  readonly label: string;
  /** Whose bundles it takes; undefined for one that takes no more. */
  readonly pool: string | undefined;
  bytes: number;
  readonly parts: { tensor: T; offset: number }[];
}

const open = <T extends StateTensor>({ name }: T, pool?: string): OpenBuffer<T> => ({
  label: name,
  pool,
  bytes: 0,
  parts: [],
});

function append<T extends StateTensor>(
  buffer: OpenBuffer<T>,
  bundle: readonly T[],
  alignment: number,
): OpenBuffer<T> {
  for (const tensor of bundle) {
    const offset = roundUp(buffer.bytes, alignment);
    buffer.parts.push({ tensor, offset });
    buffer.bytes = offset + tensor.bytes;
  }
  return buffer;
}

/** Elements of one binding have one type. */
function bundleKey({ role, name, storage, swapped }: StateTensor): string {
  if (swapped === true) return `swapped ${role} ${name}`;
  return role === 'metric' || role === 'counter' ? role : `${bundleOf(name)} ${storage}`;
}

function poolKey(bundle: readonly StateTensor[]): string | undefined {
  const [first] = bundle;
  const small = bundle.every((t) => t.bytes < SMALL_BYTES && t.swapped !== true);
  return small && first !== undefined && first.role !== 'metric' && first.role !== 'counter'
    ? first.storage
    : undefined;
}

function groupBy<T>(entries: readonly T[], keyOf: (entry: T) => string): readonly T[][] {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const group = groups.get(keyOf(entry));
    if (group === undefined) groups.set(keyOf(entry), [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
