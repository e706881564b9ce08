/** How four elements of a product end together: values first, then stores, masked at the edges of the product. */
import { divide, type Index } from '../index/index-expr.ts';
import { type ContractSpec, type Product, pointOf } from './contraction-tile.ts';
import {
  component,
  emitIndex,
  emitValue,
  type Place,
  placed,
  splat,
  vectorIndex,
  vectorPlace,
} from './emit-value.ts';
import { boolean, type Expr, literal } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import type { Store } from './spec.ts';

/** Four elements of an invocation's tile that are ended and stored together. */
export interface Quad {
  readonly batch: Index;
  at(lane: number): { readonly row: Index; readonly column: Index };
  /** The product and what is reduced over its lines, by number: four lanes each, or one value for all. */
  reduced(): ReadonlyMap<number, Expr>;
}

const four = [0, 1, 2, 3] as const;

/** Runs where the condition holds; one that is known costs nothing. */
export function whenInside(b: KernelBuilder, condition: Expr, body: () => void): void {
  if (condition.kind !== 'literal') b.when(condition, body);
  else if (condition.value !== 0) body();
}

/** Whether a place lies inside the product; a literal where that is known. */
export function withinProduct(
  b: KernelBuilder,
  bounds: readonly { readonly index: Index; readonly size: number }[],
  physical: ReadonlyMap<string, Expr>,
): Expr {
  if (bounds.some((g) => g.index.lo >= g.size)) return literal(0, boolean);
  const open = bounds.filter((g) => g.index.hi >= g.size);
  return open.length === 0
    ? literal(1, boolean)
    : b.bind({
        kind: 'within',
        bounds: open.map((g) => ({ index: emitIndex(b, g.index, { physical }), size: g.size })),
        type: boolean,
      });
}

const placeOfQuad = (
  p: Product,
  { batch, at }: Quad,
  physical: ReadonlyMap<string, Expr>,
  reduced: ReadonlyMap<number, Expr>,
): Place => vectorPlace((lane) => pointOf(p, { batch, ...at(lane) }), physical, reduced);

/** The vector that a store of the quad is, if it is one. */
function storedVector(p: Product, quad: Quad, s: Store, place: Place): Index | undefined {
  // A group that reaches past the last column would write into the next row.
  if (!sharesMask(p, quad)) return undefined;
  return vectorIndex(four.map((lane) => placed(s.index, place, lane)));
}

/** Whether some store of the quad is four stores. */
export function storesFallApart(spec: ContractSpec, p: Product, quad: Quad): boolean {
  const place = placeOfQuad(p, quad, new Map(), new Map());
  return spec.stores.some(
    (s) => s.over === 'full' && storedVector(p, quad, s, place) === undefined,
  );
}

/** Whether the four elements are all inside the product or all outside. */
function sharesMask(p: Product, { at }: Quad): boolean {
  const places = four.map(at);
  const shared = (indices: readonly Index[], size: number): boolean => {
    const same = (of: (e: Index) => Index): boolean =>
      new Set(indices.map((e) => of(e).key)).size === 1;
    return (
      indices.every((e) => e.hi < size) ||
      same((e) => e) ||
      (size % 4 === 0 && same((e) => divide(e, 4)))
    );
  };
  return (
    shared(
      places.map((x) => x.row),
      p.rowCount,
    ) &&
    shared(
      places.map((x) => x.column),
      p.columnCount,
    )
  );
}

/** Emits the values of a quad's stores (of elements, or of lines); what is returned emits the stores. */
export function emitEpilogue(
  b: KernelBuilder,
  spec: ContractSpec,
  p: Product,
  quad: Quad,
  over: Store['over'],
  physical: ReadonlyMap<string, Expr>,
): () => void {
  const place = placeOfQuad(p, quad, physical, quad.reduced());
  const memo = new Map();
  const stores = spec.stores
    .filter((s) => s.over === over)
    .map((s) => ({ ...s, emitted: emitValue(b, s.value, place, memo) }));
  const inside = (lane: number): Expr => {
    const { row, column } = quad.at(lane);
    return withinProduct(
      b,
      [
        { index: row, size: p.rowCount },
        { index: column, size: p.columnCount },
      ],
      physical,
    );
  };
  return () => {
    for (const s of stores) {
      const vector = storedVector(p, quad, s, place);
      if (vector !== undefined) {
        const index = emitIndex(b, vector, place);
        whenInside(b, inside(0), () => b.store(s.operand, index, splat(s.emitted)));
        continue;
      }
      for (const lane of four) {
        const index = emitIndex(b, placed(s.index, place, lane), place);
        whenInside(b, inside(lane), () =>
          b.store(s.operand, index, component(splat(s.emitted), lane)),
        );
      }
    }
  };
}
