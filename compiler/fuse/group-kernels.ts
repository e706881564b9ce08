/**
 * Which kernels share a dispatch though they have nothing to do with each other: each gets workgroups of
 * its own. The sum of a bias' gradient runs beside the product of its weight's, small updates of
 * parameters beside each other. That saves launches and keeps devices busy; two large kernels gain nothing.
 */

export interface GroupOptions<K> {
  /** Kernels that have to be done before. */
  before(kernel: K): Iterable<K>;
  /** Keys of the buffers that it binds. */
  buffers(kernel: K): ReadonlySet<unknown>;
  readonly maxBindings: number;
  /** Microseconds beyond its launch, which takes `launch`. */
  work(kernel: K): number;
  readonly launch: number;
}

/** A kernel of at most so many launches' work, or a part of the others', may run beside them. */
const SMALL = 10;
const PART = 0.25;

/** Longer texts compile slowly, and none of it in parallel. */
const MOST_PARTS = 12;

/** Groups in order of execution. `order` is one in which the kernels could run. */
export function groupKernels<K>(order: readonly K[], options: GroupOptions<K>): readonly K[][] {
  const awaited = new Set(order.flatMap((k) => [...options.before(k)]));
  const open = order.filter((k) => !awaited.has(k));
  // What nobody waits for may take the room that the others leave, or come where the model has it: neither is always better.
  const asGiven = inGroups(order, options);
  const openLast = inGroups([...order.filter((k) => awaited.has(k)), ...open], options);
  return openLast.length < asGiven.length ? openLast : asGiven;
}

/** Each kernel in the group with which it shares most, one after another. */
function inGroups<K>(order: readonly K[], options: GroupOptions<K>): readonly K[][] {
  const groups: { readonly kernels: K[]; readonly buffers: Set<unknown> }[] = [];
  const placeOf = new Map<K, number>();
  for (const kernel of order) {
    const buffers = options.buffers(kernel);
    let earliest = 0;
    for (const b of options.before(kernel))
      earliest = Math.max(earliest, (placeOf.get(b) ?? -1) + 1);
    const place = bestGroup(earliest);
    const group = groups[place];
    if (group === undefined) groups.push({ kernels: [kernel], buffers: new Set(buffers) });
    else {
      group.kernels.push(kernel);
      for (const b of buffers) group.buffers.add(b);
    }
    placeOf.set(kernel, place);

    function bestGroup(from: number): number {
      let [best, mostShared] = [groups.length, -1];
      for (let i = from; i < groups.length; i++) {
        const candidate = groups[i];
        if (candidate === undefined || !suits(kernel, candidate.kernels)) continue;
        const shared = [...buffers].filter((b) => candidate.buffers.has(b)).length;
        const together = candidate.buffers.size + buffers.size - shared;
        if (together <= options.maxBindings && shared > mostShared)
          [best, mostShared] = [i, shared];
      }
      return best;
    }
  }
  return groups.map((g) => g.kernels);

  function suits(kernel: K, kernels: readonly K[]): boolean {
    const [one, most] = [options.work(kernel), Math.max(...kernels.map(options.work))];
    const small = Math.max(SMALL * options.launch, PART * Math.max(one, most));
    return kernels.length < MOST_PARTS && Math.min(one, most) <= small;
  }
}
