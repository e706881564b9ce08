/** Questions about a finished model that the trainer and the command ask. */
import { report } from '../../grammar/catalogue/index.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { Source } from '../../grammar/source.ts';
import { type Dim, isSymbolic, substitute, symbolsOf } from '../graph/dim.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import type { Model, ModelInput } from '../model.ts';
import { sectionResults } from '../train-step.ts';

/** The data inputs that these results need, in order of declaration. */
export function inputsOf(model: Model, results: readonly Node[]): readonly ModelInput[] {
  const needed = new Set(reachable(results));
  return model.inputs.filter((i) => needed.has(i.node));
}

/** What a training step computes. */
export function trainingResults(model: Model): readonly Node[] {
  const { losses, metrics, updates } = model.training;
  return [
    ...[...losses, ...metrics, ...updates].map((r) => r.node),
    ...sectionResults(model, undefined).map((r) => r.node),
  ];
}

/**
 * The leading symbol that the data inputs of a training step share (of all inputs, where nothing is
 * trained); undefined where there is none, or where they differ.
 */
export function batchSymbol(model: Model): string | undefined {
  const trained = inputsOf(model, trainingResults(model));
  const inputs = trained.length > 0 ? trained : model.inputs;
  const leading = new Set(
    inputs.flatMap((i) => {
      const [first] = i.shape;
      return first !== undefined && isSymbolic(first) ? symbolsOf(first) : [];
    }),
  );
  const [only] = leading;
  return leading.size === 1 ? only : undefined;
}

/** NN0501 where `nnc train` has nothing to do, or no optimizer to do it with. */
export function trainable(model: Model, source: Source): Diagnostic | undefined {
  const byHand = model.training.updates.some((u) => model.params.some((p) => p.path === u.path));
  if (model.optimization !== undefined || byHand) return undefined;
  const place = { file: source.name, span: { start: 0, end: 0 } };
  const [loss] = model.training.losses;
  if (loss === undefined || model.params.length === 0)
    return report('NN0501', { problem: 'nothing' }, place);
  return report(
    'NN0501',
    {
      problem: 'value',
      key: 'optimizer',
      expected: 'a layer, and this model has a loss but no optimizer',
      instead: 'train { optimizer: adam(lr=1e-3) }',
    },
    { ...place, span: loss.span ?? place.span },
  );
}

/** NN0216 for each guard that these sizes break. */
export function brokenGuards(
  model: Model,
  sizes: Readonly<Record<string, number>>,
  file: string,
): readonly Diagnostic[] {
  const value = (d: Dim): Dim => substitute(d, (name) => sizes[name]);
  return model.guards.flatMap((guard) => {
    const { left, relation, right } = guard.holds;
    const [a, b] = [value(left), value(right)];
    if (typeof a !== 'number' || typeof b !== 'number') return [];
    const holds = relation === '<=' ? a <= b : relation === '==' ? a === b : a % b === 0;
    if (holds) return [];
    const [name = 'the size'] = [...symbolsOf(left), ...symbolsOf(right)];
    const match = /^(.*) \((.*)\)$/.exec(guard.text);
    return [
      report(
        'NN0216',
        {
          name,
          value: sizes[name] ?? a,
          fact: match?.[1] ?? guard.text,
          where: match?.[2] ?? file,
        },
        { file, span: { start: 0, end: 0 } },
      ),
    ];
  });
}
