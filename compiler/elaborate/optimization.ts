/**
 * The optimizer's part of a model. An optimizer is a layer with tensor list `(p, g)`; it is applied once
 * to every trainable parameter, and its states are the slots `dense.W/v`.
 */
import type { Entry } from '../../grammar/ast.ts';
import { gradient } from '../autodiff/gradient.ts';
import * as build from '../builder.ts';
import type { Node } from '../graph/node.ts';
import type { NamedNode, Optimization } from '../model.ts';
import { constructBare } from './construct.ts';
import { liveSlots } from './live-slots.ts';
import type { RegisteredTensor } from './registry.ts';
import { complain, describe, textAt, typeText } from './report.ts';
import type { Run } from './run.ts';
import {
  type Callable,
  isCallable,
  number,
  type Place,
  type Scope,
  tensor,
  type Value,
} from './value.ts';

export interface OptimizerSource {
  readonly entry: Entry;
  readonly scope: Scope;
  readonly learningRate?: number | undefined;
  readonly clip?: number | undefined;
}

/** Next values of the parameters that the loss reaches; undefined after a report. */
export function optimize(
  run: Run,
  from: OptimizerSource,
  losses: readonly NamedNode[],
  params: readonly RegisteredTensor[],
): Optimization | undefined {
  const g = run.graph;
  const place: Place = { source: from.scope.source, span: from.entry.value.span };
  const optimizer = optimizerOf(run, from, place);
  const [first, ...rest] = losses;
  if (optimizer === undefined || first === undefined) return undefined;
  const total = rest.reduce<Node>((sum, l) => build.add(g, sum, l.node), first.node);
  const grads = gradient(
    g,
    total,
    params.map((p) => p.node),
    { last: true },
  );
  const trained = params.flatMap((param, i) => {
    const grad = grads[i];
    return grad === undefined ? [] : [{ param, grad }];
  });
  const [unreached] = params;
  if (trained.length === 0 && unreached !== undefined) {
    const at: Place = { source: unreached.place.source, span: first.span ?? place.span };
    complain(
      run,
      'NN0405',
      { of: first.name, by: unreached.path },
      { source: from.scope.source, span: at.span },
    );
    return undefined;
  }
  const scale =
    from.clip === undefined
      ? undefined
      : clipping(
          run,
          trained.map((t) => t.grad),
          from.clip,
        );
  const updates: { path: string; node: Node }[] = [];
  for (const { param, grad } of trained) {
    const clipped = scale === undefined ? grad : build.mul(g, grad, scale);
    const next = step(run, optimizer, param, clipped, place, from.scope);
    if (next === undefined) return undefined;
    updates.push({ path: param.path, node: next });
  }
  const slots = liveSlots(
    [...run.registry.slots.values()],
    updates.map((u) => u.node),
    (s) => run.current.get(s.path),
  );
  return {
    updates,
    slots: slots.map((s) => ({ path: s.path, node: s.node, init: s.init, span: s.place.span })),
    slotUpdates: slots.flatMap((s) => {
      const node = run.current.get(s.path);
      return node === undefined ? [] : [{ path: s.path, node }];
    }),
  };
}

/** The optimizer of the section, with `--lr` in place of its learning rate. */
function optimizerOf(run: Run, from: OptimizerSource, place: Place): Callable | undefined {
  const value = run.evaluate(from.entry.value, from.scope);
  if (value.kind === 'unknown') return undefined;
  const made = value.kind === 'template' ? constructBare(run, value, place, from.scope) : value;
  if (made.kind === 'unknown') return undefined;
  if (!isCallable(made) || !takesGradient(made)) {
    const instead = value.kind === 'string' ? `${value.value}()` : 'adam(lr=1e-3)';
    complain(
      run,
      'NN0501',
      { problem: 'value', key: 'optimizer', expected: 'a layer such as `adam(lr=1e-3)`', instead },
      place,
    );
    return undefined;
  }
  return from.learningRate === undefined
    ? made
    : withLearningRate(run, made, from.learningRate, place);
}

/** A layer or function of a parameter and its gradient. */
function takesGradient(made: Callable): boolean {
  switch (made.kind) {
    case 'instance':
      return made.template.decl.tensors === undefined || made.template.decl.tensors.length === 2;
    case 'fn':
      return made.decl.params.filter((p) => p.default === undefined).length === 2;
    default:
      return false;
  }
}

function withLearningRate(
  run: Run,
  made: Callable,
  rate: number,
  place: Place,
): Callable | undefined {
  if (made.kind === 'instance' && made.config.has('lr'))
    return {
      ...made,
      config: new Map<string, Value>([...made.config, ['lr', number(rate, false)]]),
    };
  complain(
    run,
    'NN0305',
    {
      callee: textAt(place),
      problem: 'unknown',
      argument: 'lr',
      help: 'this optimizer has no learning rate to replace',
    },
    place,
  );
  return undefined;
}

/** One parameter's next value. */
function step(
  run: Run,
  optimizer: Callable,
  param: RegisteredTensor,
  grad: Node,
  place: Place,
  scope: Scope,
): Node | undefined {
  const own =
    optimizer.kind === 'instance'
      ? { ...optimizer, path: param.path, prefix: `${param.path}/` }
      : optimizer;
  const args = [tensor(param.node), tensor(grad)].map((value) => ({ value, place }));
  run.path = param.path;
  const next = run.apply(own, args, place, scope);
  run.path = '';
  if (next.kind === 'unknown') return undefined;
  if (next.kind === 'tensor' && typeText(next.node.type) === typeText(param.node.type))
    return next.node;
  complain(
    run,
    'NN0313',
    {
      what: `the optimizer returns ${describe(next)} for \`${param.path}\`, which is ${typeText(param.node.type)}`,
    },
    place,
  );
  return undefined;
}

/** Scales all gradients together where their norm exceeds the limit. */
function clipping(run: Run, grads: readonly Node[], limit: number): Node {
  const g = run.graph;
  const squares = grads.map((x) => build.sum(g, build.mul(g, x, x)));
  const [first, ...rest] = squares;
  const total = rest.reduce<Node>(
    (sum, s) => build.add(g, sum, s),
    first ?? build.literal(g, 0, 'f32'),
  );
  const norm = build.sqrt(g, total);
  return build.div(g, limit, build.maximum(g, norm, limit));
}
