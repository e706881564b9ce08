/** A plan as text for people and golden prints: everything in it but the WGSL. What is read back is its JSON. */
import type { Plan, PlanDispatch, PlanKernel, PlanTensor } from '../../runtime/plan.ts';

export function printPlan(plan: Plan): string {
  const { name, version, requires, buffers, tensors, kernels, programs } = plan;
  const nameOf = new Map(kernels.map((k) => [k.id, k.name]));
  const lines = [
    `plan ${name} version ${version}`,
    `requires ${JSON.stringify(requires)}`,
    '',
    'buffers',
    ...buffers.map(({ id, class: kind, bytes, label, data }) =>
      [`  ${id}: ${kind} of ${bytes} bytes, ${label}`, data?.join(' ')]
        .filter((part) => part !== undefined)
        .join(': '),
    ),
    '',
    'tensors',
    ...tensors.map((t) => `  ${tensorText(t)}`),
    '',
    'kernels',
    ...kernels.map((k) => `  ${kernelText(k)}`),
    ...programs.flatMap((p) => [
      '',
      `program ${p.name} (${p.kind}${Object.entries(p.dims)
        .map(([symbol, size]) => `, ${symbol} = ${size}`)
        .join('')})`,
      ...p.dispatches.map((d) => `  ${dispatchText(d, nameOf.get(d.kernel) ?? '')}`),
      ...p.copies.map(
        (c) => `  copy ${c.bytes} bytes: ${c.from}+${c.fromOffset} to ${c.to}+${c.toOffset}`,
      ),
      ...p.swaps.map(([one, other]) => `  swap ${one} and ${other}`),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function tensorText({ role, name, dtype, shape, buffer, offset, program }: PlanTensor): string {
  const place = `buffer ${buffer}${offset === 0 ? '' : ` + ${offset}`}`;
  const owner = program === undefined ? '' : ` of ${program}`;
  return `${role} ${name}: ${dtype}[${shape.join(', ')}] in ${place}${owner}`;
}

const kernelText = ({ id, name, entry, bindings }: PlanKernel): string =>
  `${id}: ${name}.${entry}(${bindings.map((b) => `${b.access} ${b.minBytes}`).join(', ')})`;

/** `k00_contract 32x1x1 (4, 0, 1, 9)`: the grid, then the buffers by binding. */
function dispatchText({ binds, grid }: PlanDispatch, name: string): string {
  const buffers = binds.map(({ buffer, offset }) =>
    offset === 0 ? String(buffer) : `${buffer} + ${offset}`,
  );
  return `${name} ${grid.join('x')} (${buffers.join(', ')})`;
}
