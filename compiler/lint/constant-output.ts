/** NN0904: an output, or the whole loss, that is the same whatever the inputs hold. */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { reachable } from '../graph/walk.ts';
import type { NamedNode } from '../model.ts';
import { input } from '../ops/leaf.ts';
import { isFixed } from './influence.ts';
import { type Lint, type Program, warn } from './lint.ts';
import { unusedValues } from './unused-value.ts';

export const constantOutput: Lint = {
  code: 'NN0904',
  find(program) {
    if (program.model.inputs.length === 0) return [];
    const explained = new Set(unusedValues(program).flatMap(({ instead }) => instead ?? []));
    const isExplained = ({ node }: NamedNode): boolean =>
      reachable([node]).some((n) => explained.has(n));
    return [...outputs(program, isExplained), ...losses(program, isExplained)];
  },
};

type Explained = (result: NamedNode) => boolean;

/** `output table = emb.table` shows a parameter on purpose. */
function outputs(program: Program, isExplained: Explained): readonly Diagnostic[] {
  const { file, model } = program;
  const computed = new Map(
    file.items.flatMap((item) =>
      item.kind === 'output'
        ? item.names.map((name) => [name.text, { value: item.value, span: name.span }] as const)
        : [],
    ),
  );
  return model.evaluation.outputs.flatMap((output) => {
    const at = computed.get(output.name);
    if (at === undefined || output.node.op === input || at.value?.kind === 'field') return [];
    if (!isFixed(output.node) || isExplained(output)) return [];
    return [warn(program, 'NN0904', { name: output.name }, { span: at.span })];
  });
}

/** A penalty may depend on parameters alone, but not all that is minimised. */
function losses(program: Program, isExplained: Explained): readonly Diagnostic[] {
  const all = program.model.training.losses;
  const [first] = all;
  if (first?.span === undefined || !all.every(({ node }) => isFixed(node))) return [];
  if (all.some(isExplained)) return [];
  const span = { start: first.span.start, end: first.span.start + 'loss'.length };
  return [warn(program, 'NN0904', { name: first.name, what: 'loss' }, { span })];
}
