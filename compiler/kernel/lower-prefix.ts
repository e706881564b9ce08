/** Lowers a running reduction: one invocation walks one line. */
import { addConstant, scale, variable } from '../index/index-expr.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { merge, startAccumulator } from './accumulate.ts';
import { placeOf } from './axes.ts';
import { emitStore, emitValue, scalarPlace } from './emit-value.ts';
import { boolean, type Expr, type KernelIr, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';
import { type KernelSpec, sizeOfAxes } from './spec.ts';

export function lowerPrefix(
  spec: KernelSpec & { kind: 'prefix' },
  s: Schedule & { kind: 'prefix' },
  options: BuilderOptions,
): KernelIr {
  const b = new KernelBuilder(spec, options);
  const lines = sizeOfAxes(spec.axes);
  const workgroups = Math.ceil(lines / s.workgroup);
  const gid = name('gid', u32);
  if (workgroups * s.workgroup !== lines)
    b.push({
      kind: 'return-unless',
      condition: { kind: 'within', bounds: [{ index: gid, size: lines }], type: boolean },
    });
  const n = spec.along.size;
  const running = startAccumulator(
    b,
    { combine: spec.combine, body: spec.body, dtype: spec.dtype },
    1,
  ).best;
  b.loop('t', n, (counter) => {
    const physical = new Map<string, Expr>([
      ['g', lines === 1 ? u32Literal(0) : gid],
      ['t', counter],
    ]);
    const step = variable('t', n);
    const along = spec.reverse ? addConstant(scale(step, -1), n - 1) : step;
    const vars = new Map([
      ...placeOf(spec.axes, variable('g', lines)),
      [spec.along.name, along] as const,
    ]);
    const at = scalarPlace(vars, physical);
    const value = emitValue(b, spec.body, at);
    const next = b.bind(merge(spec.combine, running, value), 'next', true);
    for (const store of spec.stores)
      emitStore(b, store.operand, store.index, spec.exclusive ? running : next, at);
    b.assign(running, next);
  });
  return b.finish(s.workgroup, workgroups);
}
