/** All built-in functions by name. */
import type { Builtin } from './builtin.ts';
import { gatheringBuiltins } from './gathering.ts';
import { gradientBuiltins } from './gradient.ts';
import { mathBuiltins } from './math.ts';
import { notYetBuiltins } from './not-yet.ts';
import { optionBuiltins } from './options.ts';
import { randomBuiltins } from './random.ts';
import { reductionBuiltins } from './reductions.ts';
import { valueBuiltins } from './values.ts';
import { viewBuiltins } from './views.ts';

export const builtins: ReadonlyMap<string, Builtin> = new Map(
  [
    ...mathBuiltins,
    ...reductionBuiltins,
    ...viewBuiltins,
    ...valueBuiltins,
    ...gatheringBuiltins,
    ...randomBuiltins,
    ...gradientBuiltins,
    ...optionBuiltins,
    ...notYetBuiltins,
  ].map((b) => [b.name, b]),
);
