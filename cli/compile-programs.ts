/** Which programs `nnc compile` makes of a model, and at which sizes. */

import { type ProgramChoice, withSections } from '../compiler/compile.ts';
import { isSymbolic, symbolsOf } from '../compiler/graph/dim.ts';
import type { Model } from '../compiler/model.ts';
import { metricNames, type ProgramKind, programResults } from '../compiler/programs.ts';
import { symbolsIn } from '../compiler/rewrite/bind.ts';
import { neededInputs, unknownSize } from '../train/index.ts';
import { EXIT, UserError } from './failure.ts';

/** Rows where neither `--batch` nor the file says how many. */
export const DEFAULT_ROWS = 32;
/** For `--bisect-passes`, whose reference is slow. */
export const BISECT_ROWS = 5;

/**
 * Training, evaluation and prediction, as far as the model has them, or those of `kinds`, all at one size. Throws UserError
 * for a size that is not known, and for one that the model has not.
 */
export function compilePrograms(
  model: Model,
  rows: number,
  sizes: Readonly<Record<string, number>>,
  kinds: readonly ProgramKind[] = programKinds(model),
): readonly ProgramChoice[] {
  const unknown = unknownSize(model, Object.keys(sizes));
  if (unknown !== undefined)
    throw new UserError(
      `--size: the model has no size \`${unknown.name}\``,
      unknown.help,
      EXIT.usage,
    );
  return kinds.flatMap((kind) =>
    withSections(model, { kind, dims: dimsFor(model, kind, rows, sizes) }),
  );
}

export function programKinds(model: Model): readonly ProgramKind[] {
  const params = new Set(model.params.map((param) => param.path));
  const trains =
    model.optimization !== undefined ||
    model.training.updates.some((update) => params.has(update.path));
  return [
    ...(trains ? (['train'] as const) : []),
    ...(metricNames(model, 'eval').length > 0 ? (['eval'] as const) : []),
    ...(model.evaluation.outputs.length > 0 ? (['predict'] as const) : []),
  ];
}

/**
 * The symbol of a leading axis is the number of rows, also where the program does not read that input;
 * every other one must have been given with `--size`.
 */
function dimsFor(
  model: Model,
  kind: ProgramKind,
  rows: number,
  sizes: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const dims: Record<string, number> = {};
  const needed = neededInputs(model, kind);
  const symbols = symbolsIn(programResults(model, kind).map((result) => result.node));
  for (const { name, shape } of [...needed, ...model.inputs]) {
    const own = needed.some((input) => input.name === name);
    for (const [axis, dim] of shape.entries()) {
      if (!isSymbolic(dim)) continue;
      for (const symbol of symbolsOf(dim)) {
        if (!own && !symbols.has(symbol)) continue;
        const size = sizes[symbol] ?? dims[symbol] ?? (axis === 0 ? rows : undefined);
        if (size === undefined)
          throw new UserError(
            `the size \`${symbol}\` of \`input ${name}\` is not known without data`,
            `give it: --size ${symbol}=64`,
            EXIT.usage,
          );
        dims[symbol] = size;
      }
    }
  }
  return dims;
}
