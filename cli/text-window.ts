/** How many characters of a text make a row. Pure. */
import { isSymbolic, symbolsOf } from '../compiler/graph/dim.ts';
import { isFloat } from '../compiler/graph/dtype.ts';
import type { Model } from '../compiler/model.ts';
import { EXIT, UserError } from './failure.ts';

/** Where neither the file nor the command line says. */
const DEFAULT_WINDOW = 64;

/**
 * The second size of the first whole-number input of two axes, `u8[batch, 64]`; where it is a symbol,
 * `--window`, `window:` in the file, its largest value (`dim t <= 256`), or 64. Undefined for a model
 * that takes no windows. Throws UserError where option and file disagree.
 */
export function textWindow(model: Model, option: number | undefined): number | undefined {
  const input = model.inputs.find(
    ({ node, shape }) => shape.length === 2 && !isFloat(node.type.dtype),
  );
  const size = input?.shape[1];
  if (input === undefined || size === undefined) return undefined;
  const wanted = option ?? model.train.window;
  if (isSymbolic(size)) return wanted ?? largest(model, symbolsOf(size)[0]) ?? DEFAULT_WINDOW;
  if (wanted === undefined || wanted === size) return size;
  throw new UserError(
    `a window of ${wanted} characters does not fit \`input ${input.name}\`, whose rows have ${size}`,
    `leave --window out, or declare \`input ${input.name}: ${input.storage}[batch, t]\``,
    EXIT.usage,
  );
}

/** What a fact like `dim t <= 256` allows. */
function largest({ guards }: Model, name: string | undefined): number | undefined {
  for (const { holds } of guards) {
    const { left, relation, right } = holds;
    const isBare = isSymbolic(left) && left.key === name;
    if (isBare && relation === '<=' && typeof right === 'number') return right;
  }
  return undefined;
}
