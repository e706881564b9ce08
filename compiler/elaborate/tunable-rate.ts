/** A learning rate that may change while the model trains: a state in place of the number in the optimizer. */
import * as build from '../builder.ts';
import type { ModelTensor } from '../model.ts';
import type { Run } from './run.ts';
import { type Callable, tensor, type Value } from './value.ts';

/** The path of the rate of a section. Other slots have a parameter's path before their slash, or one slash more. */
export const ratePath = (section: string | undefined): string => `${section ?? ''}/lr`;

/** The optimizer with a state for its `lr`, which begins as the number; undefined where that is a schedule, or there is none. */
export function tunableRate(
  run: Run,
  optimizer: Callable,
  section: string | undefined,
): { readonly optimizer: Callable; readonly slot: ModelTensor } | undefined {
  if (optimizer.kind !== 'instance') return undefined;
  const rate = optimizer.config.get('lr');
  if (rate?.kind !== 'number') return undefined;
  const path = ratePath(section);
  const node = build.input(run.graph, path, 'state', 'f32', []);
  const config = new Map<string, Value>([...optimizer.config, ['lr', tensor(node)]]);
  const init = build.literal(run.graph, rate.value, 'f32');
  return { optimizer: { ...optimizer, config }, slot: { path, node, init } };
}
