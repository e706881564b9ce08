/**
 * Operations on floats that a kernel's result asks for, whatever its schedule: the numerator of GFLOP/s. Each function of a scalar
 * counts once, a multiply-add twice; indices, whole numbers and casts do not count.
 */
import { isFloat } from '../graph/dtype.ts';
import { type KernelSpec, partsOfSpec, type SingleSpec, sizeOfAxes } from '../kernel/spec.ts';
import { type Value, valuesBelow } from '../kernel/value.ts';

export const countFlops = (spec: KernelSpec): number =>
  partsOfSpec(spec).reduce((sum, part) => sum + flopsOfPart(part), 0);

function flopsOfPart(spec: SingleSpec): number {
  const stores = (over: 'row' | 'full' | 'block'): number =>
    flopsOf(spec.stores.filter((store) => store.over === over).map((store) => store.value));
  switch (spec.kind) {
    case 'map':
      return sizeOfAxes(spec.axes) * flopsOf(spec.stores.map(({ value }) => value));
    case 'row': {
      const rows = sizeOfAxes(spec.axes);
      const each = reducing(spec.reductions) + stores('full');
      return rows * (sizeOfAxes(spec.reducedAxes) * each + stores('row'));
    }
    case 'prefix': {
      const elements = sizeOfAxes(spec.axes) * spec.along.size;
      return (
        elements *
        ((isFloat(spec.dtype) ? 1 : 0) +
          flopsOf([spec.body, ...spec.stores.map(({ value }) => value)]))
      );
    }
    case 'contract': {
      const { batch, m, n, k, a, b, dtype } = spec.contraction;
      const [batches, rows, columns, depth] = [batch, m, n, k].map(sizeOfAxes) as [
        number,
        number,
        number,
        number,
      ];
      const product = isFloat(dtype) ? 2 * batches * rows * columns * depth : 0;
      const operands = batches * depth * (rows * flopsOf([a]) + columns * flopsOf([b]));
      const results = batches * rows * columns;
      const { lines, blocks } = spec;
      const reduced = reducing([...(lines?.reductions ?? []), ...(blocks?.reductions ?? [])]);
      // Without lines, one element of the product is a row.
      const rowStores =
        lines === undefined ? results : results / (lines.over === 'm' ? rows : columns);
      const blockStores = blocks === undefined ? 0 : results / (blocks.m * blocks.n);
      return (
        product +
        operands +
        results * (reduced + stores('full')) +
        rowStores * stores('row') +
        blockStores * stores('block')
      );
    }
  }
}

/** For each element: what is reduced, and the reducing. */
const reducing = (reductions: readonly { readonly body: Value; readonly dtype: string }[]) =>
  flopsOf(reductions.map(({ body }) => body)) +
  reductions.filter(({ dtype }) => dtype === 'f32' || dtype === 'f16').length;

const flopsOf = (values: readonly Value[]): number =>
  valuesBelow(values).filter(({ kind, dtype }) => kind === 'apply' && isFloat(dtype)).length;
