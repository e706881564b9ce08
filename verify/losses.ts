/** The losses of a model with the gradients that its training takes of them. */
import { gradient } from '../compiler/autodiff/gradient.ts';
import * as build from '../compiler/builder.ts';
import type { Node } from '../compiler/graph/node.ts';
import type { Model, ModelTensor } from '../compiler/model.ts';
import { bindSizes } from '../compiler/rewrite/bind.ts';

export interface Loss {
  /** `loss`, or the names of several with a plus between them. */
  readonly name: string;
  readonly node: Node;
  readonly grads: readonly { readonly param: ModelTensor; readonly node: Node }[];
}

/** One for each set of losses that some section minimises, and of all where no section does; sizes are numbers. */
export function lossesOf(model: Model, dims: Readonly<Record<string, number>>): readonly Loss[] {
  const { graph, training, params, optimization } = model;
  const all = training.losses.map((loss) => loss.name);
  const sections = optimization?.sections ?? [{ losses: all, updates: params }];
  const seen = new Set<string>();
  return sections.flatMap(({ losses, updates }): Loss[] => {
    const paths = new Set(updates.map((update) => update.path));
    const wanted = params.filter((param) => paths.has(param.path));
    const nodes = training.losses.filter((l) => losses.includes(l.name)).map((l) => l.node);
    const name = losses.join(' + ');
    const key = `${name}: ${[...paths].join()}`;
    const [first, ...rest] = nodes;
    if (first === undefined || wanted.length === 0 || seen.has(key)) return [];
    seen.add(key);
    const total = rest.reduce((sum, node) => build.add(graph, sum, node), first);
    const found = gradient(
      graph,
      total,
      wanted.map((param) => param.node),
      { last: true },
    );
    const reached = wanted.flatMap((param, i) => {
      const node = found[i];
      return node === undefined ? [] : [{ param, node }];
    });
    const [node = total, ...grads] = bindSizes(
      graph,
      [total, ...reached.map((one) => one.node)],
      dims,
    );
    return [
      {
        name,
        node,
        grads: reached.flatMap(({ param }, i) => {
          const grad = grads[i];
          return grad === undefined ? [] : [{ param, node: grad }];
        }),
      },
    ];
  });
}
