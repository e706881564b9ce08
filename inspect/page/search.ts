/** What has the words that are sought. */
import type { InspectedProgram, Inspection } from '../inspection.ts';
import { chooseKernel, chooseNode, chooseRegion } from './choices.ts';
import type { Chosen, Page, View } from './state.ts';

const having = <T>(all: readonly T[], words: string, textOf: (one: T) => string): number[] =>
  all.flatMap((one, i) => (words === '' || textOf(one).toLowerCase().includes(words) ? [i] : []));

/** By name, WGSL and operands. */
export const kernelsWith = (
  { texts }: Inspection,
  { kernels }: InspectedProgram,
  words: string,
): readonly number[] =>
  having(kernels, words, ({ name, wgsl, operands }) =>
    [name, texts[wgsl] ?? '', ...operands.map((operand) => operand.name)].join('\n'),
  );

export const nodesWith = ({ nodes }: InspectedProgram, words: string): readonly number[] =>
  having(nodes, words, ({ op, name = '', path, rule = '' }) => [op, name, path, rule].join('\n'));

/** As `buffer` and `tensor`. */
export const regionsWith = (
  { buffers }: InspectedProgram,
  words: string,
): readonly (readonly [number, number])[] =>
  buffers.flatMap(({ tensors }, buffer) =>
    having(tensors, words, ({ name }) => name).map((tensor) => [buffer, tensor] as const),
  );

/** What has the words and comes after what is chosen, in the view that is shown; the first after the last. */
export function nextMatch({ data, state }: Page): Chosen | undefined {
  const { program, sought, chosen, view } = state;
  const matches: Record<View, () => readonly Chosen[]> = {
    kernels: () => kernelsWith(data, program, sought).map((i) => chooseKernel(program, i)),
    graph: () => nodesWith(program, sought).map((i) => chooseNode(program, i)),
    memory: () => regionsWith(program, sought).map(([b, t]) => chooseRegion(program, b, t)),
  };
  const all = matches[view]();
  const isChosen = ({ kernel, nodes, region }: Chosen): boolean =>
    view === 'kernels'
      ? kernel === chosen.kernel
      : view === 'memory'
        ? region === chosen.region
        : chosen.nodes.size === 1 && [...nodes][0] === [...chosen.nodes][0];
  return all[(all.findIndex(isChosen) + 1) % Math.max(1, all.length)];
}
