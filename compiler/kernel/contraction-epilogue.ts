/** How four elements of a product end together: values first, then stores, masked at the edges of the product. */
import { divide, type Index } from '../index/index-expr.ts';
import { type ContractSpec, type Product, pointOf } from './contraction-tile.ts';
import {
  component,
  emitIndex,
  emitValue,
  indexAt,
  type Place,
  placed,
  splat,
  vectorIndex,
} from './emit-value.ts';
import { boolean, type Expr, literal } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import type { Store } from './spec.ts';

/** Four elements of an invocation's tile that are ended and stored together. */
export interface Quad {
  readonly place: QuadPlace;
  /** The product and what is reduced over its lines, by number: four lanes each, or one value for all. */
  readonly reduced: ReadonlyMap<number, Expr>;
}

/** Where the four lie, and the iteration variables there. */
export interface QuadPlace {
  readonly elements: readonly Element[];
  readonly vars: readonly ReadonlyMap<string, Index>[];
}
interface Element {
  readonly row: Index;
  readonly column: Index;
}

const four = [0, 1, 2, 3] as const;

export function quadPlace(p: Product, batch: Index, at: (lane: number) => Element): QuadPlace {
  const elements = four.map(at);
  return { elements, vars: elements.map((e) => pointOf(p, { batch, ...e })) };
}

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

/** The vector that a store of a quad is, if it is one. */
function storedVector(p: Product, place: QuadPlace, s: Store): Index | undefined {
  // A group that reaches past the last column would write into the next row.
  if (!sharesMask(p, place)) return undefined;
  return vectorIndex(place.vars.map((vars) => indexAt(s.index, vars)));
}

/** Whether some store of a quad is four stores. */
export const storesFallApart = (spec: ContractSpec, p: Product, place: QuadPlace): boolean =>
  spec.stores.some((s) => s.over === 'full' && storedVector(p, place, s) === undefined);

/** Whether the four elements are all inside the product or all outside. */
function sharesMask(p: Product, { elements }: QuadPlace): boolean {
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
      elements.map((x) => x.row),
      p.rowCount,
    ) &&
    shared(
      elements.map((x) => x.column),
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
  const { elements, vars } = quad.place;
  const place: Place = { lanes: vars, physical, reduced: quad.reduced };
  const memo = new Map();
  const stores = spec.stores
    .filter((s) => s.over === over)
    .map((s) => ({ ...s, emitted: emitValue(b, s.value, place, memo) }));
  const inside = ({ row, column }: Element): Expr =>
    withinProduct(
      b,
      [
        { index: row, size: p.rowCount },
        { index: column, size: p.columnCount },
      ],
      physical,
    );
  return () => {
    for (const s of stores) {
      const vector = storedVector(p, quad.place, s);
      for (const [lane, element] of elements.entries()) {
        const index = emitIndex(b, vector ?? placed(s.index, place, lane), place);
        const value = splat(s.emitted);
        whenInside(b, inside(element), () =>
          b.store(s.operand, index, vector === undefined ? component(value, lane) : value),
        );
        if (vector !== undefined) break;
      }
    }
  };
}
