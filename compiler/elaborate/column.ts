/** A column of a data set beside an input of a model: whether one can feed the other. */
import { isSymbolic, substitute, symbolsOf } from '../graph/dim.ts';
import { isFloat, loadedAs } from '../graph/dtype.ts';
import type { ModelInput } from '../model.ts';

/** A column; `rowShape` is the shape of one row, `[28, 28]`. */
export interface Column {
  readonly name: string;
  readonly rowShape: readonly number[];
  readonly kind: 'integer' | 'float';
  readonly dtype: string;
  /** The names of the classes that its numbers stand for. */
  readonly classes?: readonly string[];
}

/** Sizes that the columns bound so far have given to symbols. */
export type KnownSizes = Map<string, number>;

/**
 * Whether rows of the column can feed the input. The leading symbol is the row; other symbols take the
 * sizes of the first column that has them. Integers may feed a float input that asks for them by name.
 */
export function fits(
  input: ModelInput,
  column: Column,
  sizes: KnownSizes,
  sameKind: boolean,
): boolean {
  const [rows, ...rest] = input.shape;
  if (rows === undefined || !isSymbolic(rows) || rest.length !== column.rowShape.length)
    return false;
  const kind = kindOf(input);
  if (kind !== column.kind && (sameKind || kind === 'integer')) return false;
  return rest.every((d, i) => {
    const actual = column.rowShape[i] ?? -1;
    const known = substitute(d, (name) => sizes.get(name));
    if (!isSymbolic(known)) return known === actual;
    const [name] = symbolsOf(known);
    if (name === undefined || known.key !== name) return false;
    sizes.set(name, actual);
    return true;
  });
}

export const kindOf = ({ storage }: ModelInput): Column['kind'] =>
  isFloat(loadedAs(storage)) ? 'float' : 'integer';
