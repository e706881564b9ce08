/**
 * NN0903: a parameter that no result needs, or one that the outputs need and the loss does not, so that
 * training leaves it as it was drawn.
 */
import type { Span } from '../../grammar/ast.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { RegisteredTensor } from '../elaborate/registry.ts';
import { isStd } from '../elaborate/run.ts';
import { reachable } from '../graph/walk.ts';
import { type Lint, type Program, warn } from './lint.ts';
import { definitionsOf } from './reads.ts';
import { expressionsIn } from './walk.ts';

export const unusedParameter: Lint = {
  code: 'NN0903',
  find: (program) => [...unusedHere(program), ...unmentioned(program), ...untrained(program)],
};

/** Parameters of the file itself that are left out of the program. */
function unusedHere(program: Program): readonly Diagnostic[] {
  const kept = new Set(program.model.params.map((param) => param.path));
  return program.declared
    .filter((t) => t.kind === 'param' && !t.path.includes('.') && !kept.has(t.path))
    .filter((t) => t.place.source === program.source)
    .map((t) => warn(program, 'NN0903', { name: t.path }, { span: t.place.span }));
}

/** Parameters of a layer that its body never mentions, nor anything from outside as a field. */
function unmentioned(program: Program): readonly Diagnostic[] {
  const fields = new Set(
    [...expressionsIn(program.file)].flatMap((e) => (e.kind === 'field' ? [e.name.text] : [])),
  );
  const items: readonly { readonly kind: string }[] = program.file.items;
  return definitionsOf(program.file).flatMap(({ name, span, read, source }) => {
    if (read || source.kind !== 'statement' || source.stmt.kind !== 'param') return [];
    if (items.includes(source.stmt) || fields.has(name)) return [];
    return [warn(program, 'NN0903', { name }, { span })];
  });
}

/** One warning a layer, however many of its parameters the loss does not reach. */
function untrained(program: Program): readonly Diagnostic[] {
  const { model } = program;
  const { losses, updates } = model.training;
  if (losses.length === 0) return [];
  const trained = new Set(reachable(losses.map((loss) => loss.node)));
  const byHand = new Set(updates.map((update) => update.path));
  const kept = new Set(model.params.map((param) => param.path));
  const left = program.declared.filter(
    (t) => t.kind === 'param' && kept.has(t.path) && !trained.has(t.node) && !byHand.has(t.path),
  );
  const seen = new Set<Span>();
  return left.flatMap((t) => {
    if (seen.has(t.user.span)) return [];
    seen.add(t.user.span);
    const name = t.user === t.place ? t.path : ownerOf(t);
    return [warn(program, 'NN0903', { name, untrained: true }, { span: t.user.span })];
  });
}

const ownerOf = ({ path, place }: RegisteredTensor): string => {
  const dot = path.lastIndexOf('.');
  return dot < 0 || !isStd(place.source) ? path : path.slice(0, dot);
};
