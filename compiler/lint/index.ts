/**
 * Lints: warnings about programs that mean something, but hardly what was wanted. A new lint is a file
 * of its own, a line in the table below, and its sentences in `grammar/catalogue/`.
 */
import type { File } from '../../grammar/ast.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { Source } from '../../grammar/source.ts';
import type { Elaborated } from '../elaborate/elaborate.ts';
import { batchSoftmax } from './batch-softmax.ts';
import { branchPipe } from './branch-pipe.ts';
import { columnTarget } from './column-target.ts';
import { constantOutput } from './constant-output.ts';
import type { Lint } from './lint.ts';
import { lossInput } from './loss-input.ts';
import { rawScores } from './raw-scores.ts';
import { isAllowed } from './silence.ts';
import { similarSizes } from './similar-sizes.ts';
import { unstableForm } from './unstable-form.ts';
import { unusedParameter } from './unused-parameter.ts';
import { unusedValue } from './unused-value.ts';

export const lints: readonly Lint[] = [
  similarSizes,
  unusedValue,
  unusedParameter,
  constantOutput,
  branchPipe,
  unstableForm,
  batchSoftmax,
  lossInput,
  rawScores,
  columnTarget,
];

/** The warnings of a file, sorted by position; none while it has errors, which would cause most of them. */
export function lint(file: File, source: Source, elaborated: Elaborated): readonly Diagnostic[] {
  const { model, traces, declared } = elaborated;
  if (model === undefined) return [];
  const program = { file, source, model, traces, declared };
  const found = lints.flatMap((one) => one.find(program)).filter((d) => !isAllowed(d, source));
  const different = new Map(found.map((d) => [`${d.code} ${d.span.start} ${d.span.end}`, d]));
  return [...different.values()].sort(
    (a, b) => a.span.start - b.span.start || a.code.localeCompare(b.code),
  );
}
