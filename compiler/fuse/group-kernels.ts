/**
 * Which kernels share a dispatch though they have nothing to do with each other: each gets workgroups of
 * its own. The sum of a bias' gradient runs beside the product of its weight's, small updates of
 * parameters beside each other. That saves launches and keeps devices busy; two large kernels gain nothing.
 * A sum of columns inside the product that reads them was the alternative. Every row of tiles would add it up, for one of them to
 * store; here the operand is read once more (0.26 MB in a step of the MLP), and the dispatch with a bias' gradient and both weights'
 * updates takes less than the larger of these products alone by hand (3.62 ms against 3.80, bench/RESULTS.md).
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
  /** Bytes of intermediate results in use at once where kernels run in these groups, and how many may be. */
  liveBytes(groups: readonly (readonly K[])[]): number;
  readonly mostLive: number;
}

/** A kernel of at most so many launches' work, or a part of the others', may run beside them. */
const SMALL = 10;
const PART = 0.25;

/** Longer texts compile slowly, and none of it in parallel. */
const MOST_PARTS = 12;

/**
 * Groups in order of execution. `order` is one in which the kernels could run. What shares a dispatch is alive together: where
 * that is more than may be, and more than one after another, a kernel goes only into groups that keep it below.
 */
export function groupKernels<K>(order: readonly K[], options: GroupOptions<K>): readonly K[][] {
  const { mostLive, liveBytes } = options;
  const groups = fewestGroups(order, options, () => true);
  if (liveBytes(groups) <= mostLive) return groups;
  const allowed = Math.max(mostLive, liveBytes(order.map((kernel) => [kernel])));
  return fewestGroups(order, options, (proposed) => liveBytes(proposed) <= allowed);
}

type Fits<K> = (groups: readonly (readonly K[])[]) => boolean;

function fewestGroups<K>(
  order: readonly K[],
  options: GroupOptions<K>,
  fits: Fits<K>,
): readonly K[][] {
  const awaited = new Set(order.flatMap((k) => [...options.before(k)]));
  const open = order.filter((k) => !awaited.has(k));
  // What nobody waits for may take the room that the others leave, or come where the model has it: neither is always better.
  const asGiven = inGroups(order, options, fits);
  const openLast = inGroups([...order.filter((k) => awaited.has(k)), ...open], options, fits);
  return openLast.length < asGiven.length ? openLast : asGiven;
}

/** Each kernel in the group with which it shares most, one after another. */
function inGroups<K>(order: readonly K[], options: GroupOptions<K>, fits: Fits<K>): readonly K[][] {
  const groups: { readonly kernels: K[]; readonly buffers: Set<unknown> }[] = [];
  const placeOf = new Map<K, number>();
  order.forEach((kernel, at) => {
    const buffers = options.buffers(kernel);
    let earliest = 0;
    for (const b of options.before(kernel))
      earliest = Math.max(earliest, (placeOf.get(b) ?? -1) + 1);
    const place = places(earliest).find((i) => fits(withKernel(i))) ?? groups.length;
    const chosen = groups[place];
    if (chosen === undefined) groups.push({ kernels: [kernel], buffers: new Set(buffers) });
    else {
      chosen.kernels.push(kernel);
      for (const b of buffers) chosen.buffers.add(b);
    }
    placeOf.set(kernel, place);

    /** Groups that it may join; first where it shares most buffers, of equals the earliest. */
    function places(from: number): readonly number[] {
      const found = groups.flatMap((candidate, i) => {
        if (i < from || !suits(kernel, candidate.kernels)) return [];
        const shared = [...buffers].filter((b) => candidate.buffers.has(b)).length;
        const together = candidate.buffers.size + buffers.size - shared;
        return together <= options.maxBindings ? [{ i, shared }] : [];
      });
      return found.sort((a, b) => b.shared - a.shared).map(({ i }) => i);
    }

    /** All groups if it went there, and what is still to be placed on its own. */
    function withKernel(place: number): readonly (readonly K[])[] {
      const rest = order.slice(at + 1).map((k) => [k]);
      const placed = groups.map(({ kernels }, i) => (i === place ? [...kernels, kernel] : kernels));
      return [...placed, ...rest];
    }
  });
  return groups.map((g) => g.kernels);

  function suits(kernel: K, kernels: readonly K[]): boolean {
    const [one, most] = [options.work(kernel), Math.max(...kernels.map(options.work))];
    const small = Math.max(SMALL * options.launch, PART * Math.max(one, most));
    return kernels.length < MOST_PARTS && Math.min(one, most) <= small;
  }
}
