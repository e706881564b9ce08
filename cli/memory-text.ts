/** `nnc compile --memory`: what a plan takes of a device's memory, and where the activations of a program are most. */
import type { Compiled } from '../compiler/compile.ts';
import { planBytes } from '../compiler/memory/within-budget.ts';
import type { LiveTensor, ProgramMemory } from '../compiler/plan/program-memory.ts';
import type { Plan } from '../runtime/index.ts';
import { bytesText } from './numbers.ts';
import { buffersText } from './plan-summary.ts';
import { tableLines } from './table.ts';

export function memoryText({ plan, memory }: Compiled): string {
  const total = `  all together ${bytesText(planBytes(plan))}, for one batch on its way`;
  return [`${buffersText(plan)}\n${total}`, ...memory.map((one) => programText(one, plan))].join(
    '\n\n',
  );
}

function programText({ program, peak }: ProgramMemory, plan: Plan): string {
  if (peak === undefined) return `${program}: no activations outside of kernels`;
  const dispatches = plan.programs.find((one) => one.name === program)?.dispatches ?? [];
  const kernel = plan.kernels.find(({ id }) => id === dispatches[peak.dispatch]?.kernel);
  const where = `dispatch ${peak.dispatch + 1}${kernel === undefined ? '' : `, ${kernel.name}`}`;
  const lines = tableLines(peak.tensors.map(tensorRow), ['right', 'left', 'left', 'left']);
  const head = `${program}: at most ${bytesText(peak.bytes)} of activations, in ${where}`;
  return [head, ...lines.map((line) => `  ${line}`)].join('\n');
}

const tensorRow = ({ bytes, path, line, from, to }: LiveTensor): string[] => [
  bytesText(bytes),
  path,
  line ?? '',
  from === to ? `dispatch ${from + 1}` : `dispatches ${from + 1} to ${to + 1}`,
];
