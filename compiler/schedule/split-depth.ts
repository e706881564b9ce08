/**
 * A product with few elements and a long depth keeps few cores busy. Split, it is a batch of products over
 * parts of the depth, and a sum over the parts that ends with the stores of the whole: whatever the
 * product's epilogue was (an optimizer's step, a bias) is the sum's. It is a rewrite of specs rather than a
 * lowering, so that both halves have all schedules there are, and after fusion, so that nothing fuses
 * differently for it; whether it pays depends on the device and is asked of the cost model.
 */
import { explainAgain } from '../fuse/explain-fusion.ts';
import type { KernelPlan } from '../fuse/plan-kernels.ts';
import { add, flatten, type Index, scale, substitute, variable } from '../index/index-expr.ts';
import type { ContractSpec } from '../kernel/contraction-tile.ts';
import {
  type Axis,
  type KernelOperand,
  type KernelSpec,
  type SingleSpec,
  sizeOfAxes,
  type Tensor,
} from '../kernel/spec.ts';
import { type Value, Values, valuesBelow } from '../kernel/value.ts';
import { bestRanked } from './candidates.ts';
import type { DeviceProfile } from './device.ts';

const MOST_PARTS = 16;
/** Shorter depths than this a part are not worth a second kernel. */
const LEAST_DEPTH = 64;
/** Products with as many elements as this keep all cores busy. */
const BUSY_ELEMENTS = { cpu: 1024, gpu: 32_768 } as const;
/** Estimates are not exact, and a dispatch more is certain: a split must save so much. */
const GAIN = 1.5;

/** The plan with its products split where that is estimated to pay. */
export function splitDepths(plan: KernelPlan, device: DeviceProfile): KernelPlan {
  const ids = plan.kernels.flatMap((k) => k.operands.map((o) => o.tensor.id));
  let id = Math.max(-1, ...ids);
  const kernels = plan.kernels.flatMap((spec): readonly KernelSpec[] => {
    if (spec.kind !== 'contract') return [spec];
    const halves = splitDepth(spec, partsFor(spec, device), id + 1);
    if (halves === undefined) return [spec];
    const time = (s: SingleSpec): number => bestRanked(s, device).estimate.microseconds;
    const [products, sum] = halves;
    if (GAIN * (time(products) + time(sum)) > time(spec)) return [spec];
    id += 1;
    return halves;
  });
  return { ...plan, kernels, explain: () => explainAgain(plan.explain(), kernels) };
}

/** As many parts as keep the cores busy and as the depth has. */
function partsFor({ contraction, lines, blocks }: ContractSpec, device: DeviceProfile): number {
  const { batch, m, n, k, dtype } = contraction;
  if (lines !== undefined || blocks !== undefined || dtype !== 'f32') return 1;
  const elements = sizeOfAxes([...batch, ...m, ...n]);
  const outer = k[0]?.size ?? 1;
  let parts = 1;
  while (
    parts < MOST_PARTS &&
    parts * elements < BUSY_ELEMENTS[device.class] &&
    outer % (2 * parts) === 0 &&
    sizeOfAxes(k) >= 2 * parts * LEAST_DEPTH
  )
    parts *= 2;
  return parts;
}

/** The product over parts of the depth into a tensor of its own, and their sum; undefined where the depth has no such parts. */
export function splitDepth(
  spec: ContractSpec,
  parts: number,
  tensorId: number,
): readonly [SingleSpec, SingleSpec] | undefined {
  const { batch, m, n, k, a, b, dtype } = spec.contraction;
  const [outer, ...inner] = k;
  if (parts === 1 || outer === undefined || outer.size % parts !== 0) return undefined;
  const roots = [a, b, ...spec.stores.map((s) => s.value)];
  // What an index goes through would have to be rewritten with it.
  if (valuesBelow(roots).some((v) => 'through' in v && v.through.length > 0)) return undefined;

  const names = new Set([...batch, ...m, ...n, ...k].map((axis) => axis.name));
  let name = 'part';
  while (names.has(name)) name += '_';
  const part: Axis = { name, size: parts };
  const rest: Axis = { name: outer.name, size: outer.size / parts };
  const whole = [...batch, ...m, ...n];
  const node = spec.nodes.find((x) => x.op.lowering.kind === 'contract') ?? spec.nodes[0];
  if (node === undefined) return undefined;
  const elements = parts * sizeOfAxes(whole);
  const partial: Tensor = { id: tensorId, node, storage: 'f32', elements };
  const axes = [part, ...whole];
  const place = flatten(
    axes.map((axis) => variable(axis.name, axis.size)),
    axes.map((axis) => axis.size),
  );

  const depth = add(scale(variable(part.name, parts), rest.size), variable(rest.name, rest.size));
  const moved = (e: Index): Index => substitute(e, (v) => (v === outer.name ? depth : undefined));
  const product = new Rewriter(spec, moved);
  const [left, right] = [product.value(a), product.value(b)];
  const products: SingleSpec = {
    kind: 'contract',
    contraction: {
      batch: [part, ...batch],
      m,
      n,
      k: [...(rest.size === 1 ? [] : [rest]), ...inner],
      a: left,
      b: right,
      dtype,
    },
    operands: [...product.operands([]), { tensor: partial, access: 'write' }],
    stores: [
      {
        operand: product.count,
        index: place,
        value: product.values.reduced(0, dtype),
        over: 'full',
      },
    ],
    nodes: [node],
  };

  const total = new Rewriter(spec, (e) => e);
  const stores = spec.stores.map((s) => ({
    ...s,
    value: total.value(s.value),
    over: 'row' as const,
  }));
  const written = stores.map((s) => ({ ...s, operand: total.operand(s.operand) }));
  const sum: SingleSpec = {
    kind: 'row',
    axes: whole,
    reducedAxes: [part],
    reductions: [
      { combine: 'sum', body: total.values.load(total.count, 'f32', dtype, place), dtype },
    ],
    operands: [
      ...total.operands(written.map((s) => s.operand)),
      { tensor: partial, access: 'read' },
    ],
    stores: written,
    nodes: spec.nodes,
  };
  return [products, sum];
}

/** Values of a spec for another one, which binds only what they load. */
class Rewriter {
  readonly values = new Values();
  readonly #spec: KernelSpec;
  readonly #index: (e: Index) => Index;
  readonly #numbers = new Map<number, number>();
  readonly #loaded = new Set<number>();
  readonly #memo = new Map<Value, Value>();

  constructor(spec: KernelSpec, index: (e: Index) => Index) {
    this.#spec = spec;
    this.#index = index;
  }

  get count(): number {
    return this.#numbers.size;
  }

  operand(old: number): number {
    const number = this.#numbers.get(old) ?? this.count;
    this.#numbers.set(old, number);
    return number;
  }

  /** The operands so far; those of `written` are stored into. */
  operands(written: readonly number[]): KernelOperand[] {
    return [...this.#numbers].flatMap(([old, number]) => {
      const tensor = this.#spec.operands[old]?.tensor;
      if (tensor === undefined) return [];
      const read = this.#loaded.has(number);
      const access = !written.includes(number) ? 'read' : read ? 'read_write' : 'write';
      return [{ tensor, access }];
    });
  }

  value(v: Value): Value {
    const seen = this.#memo.get(v);
    if (seen !== undefined) return seen;
    const made = this.#rewritten(v);
    this.#memo.set(v, made);
    return made;
  }

  #rewritten(v: Value): Value {
    const { values } = this;
    switch (v.kind) {
      case 'load': {
        const number = this.operand(v.operand);
        this.#loaded.add(number);
        return values.load(number, v.storage, v.dtype, this.#index(v.index));
      }
      case 'literal':
        return values.literal(v.value, v.dtype);
      case 'index':
        return values.index(this.#index(v.index));
      case 'apply':
        return values.apply(
          v.fn,
          v.args.map((x) => this.value(x)),
          v.dtype,
        );
      case 'cast':
        return values.cast(this.value(v.arg), v.dtype);
      case 'guarded':
        return values.guarded(
          v.guards.map((g) => ({ ...g, index: this.#index(g.index) })),
          this.value(v.inside),
          this.value(v.outside),
        );
      case 'reduced':
        return values.reduced(v.reduction, v.dtype);
    }
  }
}
