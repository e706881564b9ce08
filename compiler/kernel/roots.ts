/** Where a walk over all values of a spec begins. */
import type { SingleSpec } from './spec.ts';
import type { Value } from './value.ts';

/** Every value that a kernel has to compute, from the top. */
export function rootsOf(spec: SingleSpec): Value[] {
  const stores = spec.stores.map((s) => s.value);
  switch (spec.kind) {
    case 'map':
      return stores;
    case 'row':
      return [...spec.reductions.map((r) => r.body), ...stores];
    case 'contract':
      return [
        spec.contraction.a,
        spec.contraction.b,
        ...[spec.lines, spec.blocks].flatMap((x) => x?.reductions.map((r) => r.body) ?? []),
        ...stores,
      ];
    case 'prefix':
      return [spec.body, ...stores];
  }
}
