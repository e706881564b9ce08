/** Which program takes as many rows as are given. */
import { elementsOf } from './arrays.ts';
import { type Given, viewOf } from './inputs.ts';
import type { Program } from './program.ts';

/** Throws where there is none, with the numbers of rows that there are. */
export function chooseProgram(programs: readonly Program[], given: Given): Program {
  const plans = programs[0]?.plan.inputs ?? {};
  const lengths = Object.keys(plans).map(
    (name) => [name, viewOf(name, given, plans).length] as const,
  );
  const fitting = programs.find(({ plan: { inputs } }) =>
    lengths.every(([name, length]) => {
      const tensor = inputs[name];
      return tensor !== undefined && elementsOf(tensor) === length;
    }),
  );
  if (fitting !== undefined) return fitting;
  const rows = programs.map(({ plan }) => plan.rows).join(', ');
  const found = lengths.map(([name, length = 0]) => {
    const [tensor, all] = [plans[name], programs[0]?.plan.rows ?? 1];
    const each = tensor === undefined ? 1 : elementsOf(tensor) / all;
    return `\`${name}\` has ${length} values, ${each} make a row`;
  });
  throw new Error(`this module takes ${rows} rows at a time: ${found.join('; ')}`);
}
