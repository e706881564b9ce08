/** A size that only data decide, such as `batch`: arithmetic on it gives sizes again. */
import {
  addDims,
  type Dim,
  dimText,
  floorDims,
  isSymbolic,
  modDims,
  mulDims,
  type SymbolicDim,
  subDims,
} from '../compiler/graph/dim.ts';
import { report } from '../grammar/index.ts';
import { callSite } from './call-site.ts';
import { ModelError } from './model-error.ts';

/** A number, or a size that becomes one when a session is opened. */
export type AnySize = number | Size;

/** A size that only data decide, such as `batch`. */
export class Size {
  readonly dim: SymbolicDim;

  constructor(dim: SymbolicDim) {
    this.dim = dim;
  }

  /** The sum. */
  add(other: AnySize): AnySize {
    return sizeOf(addDims(this.dim, dimOfSize(other)));
  }
  /** The difference. */
  sub(other: AnySize): AnySize {
    return sizeOf(subDims(this.dim, dimOfSize(other)));
  }
  /** The product. */
  mul(other: AnySize): AnySize {
    return sizeOf(mulDims(this.dim, dimOfSize(other)));
  }
  /** The quotient rounded down, `//` in a file. */
  floorDiv(other: AnySize): AnySize {
    return sizeOf(floorDims(this.dim, dimOfSize(other)));
  }
  /** The remainder. */
  mod(other: AnySize): AnySize {
    return sizeOf(modDims(this.dim, dimOfSize(other)));
  }
  /** As messages show it: `2 * n + 1`. */
  toString(): string {
    return dimText(this.dim);
  }
  /** Text in a template; an operator of TypeScript, which would give NaN, is ModelError NN0410. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    const { source, whole } = callSite();
    const diagnostic = report(
      'NN0410',
      {
        what: `the size \`${this}\``,
        help: "data decide it, and operators compute with numbers: write `n.mul(4)`, not 4 * n; an argument of a layer is then a 'size', not a 'dim'",
      },
      { file: source.name, span: whole.span },
    );
    throw new ModelError([diagnostic], [source]);
  }
}

export const sizeOf = (dim: Dim): AnySize => (isSymbolic(dim) ? new Size(dim) : dim);
export const dimOfSize = (size: AnySize): Dim => (typeof size === 'number' ? size : size.dim);
