/** Lowers a map: each invocation computes a few elements, neighbours as one vector. */
import { addConstant, scale, variable } from '../index/index-expr.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { placeOf } from './axes.ts';
import { emitStore, emitValue, scalarPlace, vectorPlace } from './emit-value.ts';
import { type KernelIr, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';
import { type KernelSpec, sizeOfAxes } from './spec.ts';

/**
 * The last vector may reach past the end: its stores fall into the padding that every tensor has up
 * to a multiple of 16 bytes, because a map stores at its own flat index.
 */
export function lowerMap(
  spec: KernelSpec & { kind: 'map' },
  s: Schedule & { kind: 'map' },
  options: BuilderOptions,
): KernelIr {
  const b = new KernelBuilder(spec, options);
  const vectors = Math.ceil(sizeOfAxes(spec.axes) / s.width);
  const invocations = Math.ceil(vectors / s.per);
  const workgroups = Math.ceil(invocations / s.workgroup);
  const gid = name('gid', u32);
  if (workgroups * s.workgroup !== invocations)
    b.push({
      kind: 'return-unless',
      condition: {
        kind: 'within',
        bounds: [{ index: gid, size: invocations }],
        type: { dtype: 'bool', width: 1 },
      },
    });
  const physical = new Map([['g', invocations === 1 ? u32Literal(0) : gid]]);
  for (let j = 0; j < s.per; j++) {
    const q = addConstant(scale(variable('g', invocations), s.per), j);
    const vars = (lane: number) =>
      new Map(placeOf(spec.axes, addConstant(scale(q, s.width), lane)));
    const at = s.width === 4 ? vectorPlace(vars, physical) : scalarPlace(vars(0), physical);
    const memo = new Map();
    const values = spec.stores.map((store) => emitValue(b, store.value, at, memo));
    spec.stores.forEach((store, i) => {
      const value = values[i];
      if (value !== undefined) emitStore(b, store.operand, store.index, value, at);
    });
  }
  return b.finish(s.workgroup, workgroups);
}
