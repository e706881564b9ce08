/** What is chosen with a line, a kernel, operations or a tensor: all that belongs to it everywhere on the page. */
import type { InspectedProgram, LineRef } from '../inspection.ts';
import { type Chosen, nothing } from './state.ts';
import { bytesText, counted } from './units.ts';

export const keyOf = (line: LineRef): string => line.join(':');

export function chooseLines(program: InspectedProgram, lines: ReadonlySet<string>): Chosen {
  const belonging = (all: readonly { readonly lines: readonly LineRef[] }[]): number[] =>
    all.flatMap((one, i) => (one.lines.some((line) => lines.has(keyOf(line))) ? [i] : []));
  const kernels = belonging(program.kernels);
  const nodes = belonging(program.nodes);
  const name = [...lines].map((key) => key.split(':')[1]).join(', ');
  const said = `line ${name}: ${counted(nodes.length, 'operation')}, ${counted(kernels.length, 'kernel')}`;
  return { lines, kernels: new Set(kernels), nodes: new Set(nodes), said, ...firstOf(kernels) };
}

export function chooseKernel(program: InspectedProgram, index: number): Chosen {
  const kernel = program.kernels[index];
  if (kernel === undefined) return nothing;
  return {
    lines: new Set(kernel.lines.map(keyOf)),
    kernels: new Set([index]),
    nodes: new Set(kernel.nodes),
    said: `kernel ${index}: ${counted(kernel.nodes.length, 'operation')}`,
    kernel: index,
  };
}

export function chooseNode(program: InspectedProgram, index: number): Chosen {
  const node = program.nodes[index];
  if (node === undefined) return nothing;
  const rule = node.rule === undefined ? '' : ` (${node.rule})`;
  const path = node.path === '' || node.name !== undefined ? '' : ` of ${node.path}`;
  const said = `${node.name ?? node.op}${rule} ${node.type}${path}`;
  return chooseNodes(program, [index], said);
}

/** Several operations, as those of a layer. */
export function chooseNodes(
  { nodes }: InspectedProgram,
  indices: readonly number[],
  said: string,
): Chosen {
  const own = indices.flatMap((index) => nodes[index] ?? []);
  const kernels = [...new Set(own.flatMap((node) => node.kernels))].sort((a, b) => a - b);
  return {
    lines: new Set(own.flatMap((node) => node.lines.map(keyOf))),
    kernels: new Set(kernels),
    nodes: new Set(indices),
    said,
    ...firstOf(kernels),
  };
}

/** A tensor in memory, with the kernels that use it. */
export function chooseRegion(program: InspectedProgram, buffer: number, tensor: number): Chosen {
  const region = program.buffers[buffer]?.tensors[tensor];
  if (region === undefined) return nothing;
  const { name, bytes, lines, kernels, lasts } = region;
  const [from, to] = [kernels[0] ?? 0, kernels.at(-1) ?? 0];
  const time = from === to ? `in kernel ${from}` : `from kernel ${from} to ${to}`;
  return {
    lines: new Set(lines.map(keyOf)),
    kernels: new Set(kernels),
    nodes: new Set(kernels.flatMap((k) => program.kernels[k]?.nodes ?? [])),
    said: `${name}: ${bytesText(bytes)}, ${lasts ? 'kept' : time}`,
    region: `${buffer}:${tensor}`,
  };
}

const firstOf = ([kernel]: readonly number[]): { readonly kernel?: number } =>
  kernel === undefined ? {} : { kernel };
