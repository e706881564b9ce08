/** Inputs that number classes or rows of a table: a number beyond the last one would be computed with as if it were another. */
import type { Given } from './inputs.ts';
import type { ProgramPlan } from './types.ts';

export function checkRanges({ inputs }: ProgramPlan, given: Given): void {
  for (const [name, { below, besides = [] }] of Object.entries(inputs)) {
    const values = given?.[name];
    if (below === undefined || !ArrayBuffer.isView(values)) continue;
    const outside = (values as Int32Array).find(
      (value) => (value < 0 || value >= below) && !besides.includes(value),
    );
    if (outside !== undefined)
      throw new Error(
        `\`${name}\` has the value ${outside}: it chooses one of ${below}, 0 to ${below - 1}`,
      );
  }
}
