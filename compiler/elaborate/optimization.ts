/**
 * The optimizers' part of a model. An optimizer is a layer with tensor list `(p, g)`; in each `train`
 * section it is applied once to every parameter of that section, and its states are the slots
 * `dense.W/v`.
 */
import type { Entry } from '../../grammar/ast.ts';
import { gradient } from '../autodiff/gradient.ts';
import * as build from '../builder.ts';
import { shapeText } from '../graph/dim.ts';
import { isPacked } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import type { ModelTensor, NamedNode, Optimization, OptimizedSection } from '../model.ts';
import { storageOf } from '../ops/leaf.ts';
import { stepInput } from '../programs.ts';
import { chosenLosses, chosenParams } from './chosen.ts';
import { liveSlots } from './live-slots.ts';
import { cutText } from './nearest-cut.ts';
import { clipped, clipperOf, nextValue, optimizerOf, type Written } from './optimizer.ts';
import type { RegisteredTensor } from './registry.ts';
import { complain, textAt } from './report.ts';
import type { Run } from './run.ts';
import { rootOf } from './scope.ts';
import { positiveInteger, readNumber } from './train-defaults.ts';
import type { SectionKey, SectionSource } from './train-section.ts';
import { tunableRate } from './tunable-rate.ts';
import { type Place, type Scope, tensor, type Value } from './value.ts';

export interface OptimizeOptions {
  readonly sections: readonly SectionSource[];
  /** Where the names of the sections are looked up. */
  readonly scope: Scope;
  /** In place of the optimizer of every section. */
  readonly optimizer?: Written | undefined;
  /** In place of the clipping of every section. */
  readonly clip?: Written | undefined;
  readonly learningRate?: number | undefined;
  readonly tunableRates?: boolean | undefined;
  readonly onlyCheck?: boolean | undefined;
}

/** What a section trains, by which losses, and how. */
interface Resolved {
  readonly source: SectionSource;
  readonly losses: readonly NamedNode[];
  readonly trained: readonly Trained[];
  readonly optimizer: Written;
  readonly clip?: Written;
  readonly every: number;
}

interface Trained {
  readonly param: RegisteredTensor;
  readonly grad: Node;
  /** `params` says so. */
  readonly named: boolean;
}

/** What the sections make of the parameters; undefined after a report, or where no section has an optimizer. */
export function optimize(run: Run, options: OptimizeOptions): Optimization | undefined {
  const { sections, scope } = options;
  const several = sections.length > 1;
  const resolved: Resolved[] = [];
  for (const source of sections) {
    const section = resolve(run, source, options);
    if (section === 'none') return undefined;
    if (section !== undefined) resolved.push(section);
  }
  if (
    resolved.length < sections.length ||
    !checkOwners(run, resolved) ||
    !checkEvery(run, resolved, scope)
  )
    return undefined;
  const optimized = resolved.map((section) => optimizeSection(run, section, several, options));
  const done = optimized.filter((section) => section !== undefined);
  if (done.length < optimized.length) return undefined;
  return {
    sections: done.map(({ section }) => section),
    slots: done.flatMap(({ slots }) => slots),
  };
}

/** Undefined after a report; 'none' for the only section where it has no optimizer. */
function resolve(
  run: Run,
  source: SectionSource,
  { scope, optimizer, clip }: OptimizeOptions,
): Resolved | 'none' | undefined {
  const entry = (key: SectionKey): Entry | undefined => source.entries.get(key);
  const own = entry('optimizer');
  const written = optimizer ?? (own === undefined ? undefined : { entry: own, scope });
  if (written === undefined) {
    if (source.name === undefined) return 'none';
    complain(run, 'NN0501', { problem: 'optimizer', section: source.name }, source.place);
    return undefined;
  }
  const [minimize, ownClip, every] = [entry('minimize'), entry('clip'), entry('every')];
  const clipping = clip ?? (ownClip === undefined ? undefined : { entry: ownClip, scope });
  const losses = minimize === undefined ? run.results.losses : chosenLosses(run, minimize, scope);
  const period =
    every === undefined
      ? 1
      : readNumber(run, every, scope, positiveInteger, 'a positive whole number');
  const trained = losses && gradientsOf(run, source, losses, written, scope);
  if (losses === undefined || trained === undefined || period === undefined) return undefined;
  return {
    source,
    losses,
    trained,
    optimizer: written,
    ...(clipping === undefined ? {} : { clip: clipping }),
    every: period,
  };
}

/** The parameters of a section with their gradients; undefined after a report. */
function gradientsOf(
  run: Run,
  source: SectionSource,
  losses: readonly NamedNode[],
  optimizer: Written,
  scope: Scope,
): readonly Trained[] | undefined {
  const [paramsEntry, freeze] = [source.entries.get('params'), source.entries.get('freeze')];
  const named = paramsEntry && chosenParams(run, paramsEntry, scope);
  const frozen = freeze && chosenParams(run, freeze, scope);
  if ((paramsEntry && !named) || (freeze && !frozen)) return undefined;
  const away = new Set(frozen?.flatMap((item) => item.params));
  const all = [...run.registry.tensors.values()].filter((one) => one.kind === 'param');
  const chosen = named === undefined ? all : [...new Set(named.flatMap((item) => item.params))];
  const params = chosen.filter((param) => !away.has(param));
  if (params.length === 0 && freeze !== undefined) {
    const what = 'nothing is left to train: every parameter is frozen';
    complain(run, 'NN0313', { what }, { source: scope.source, span: freeze.value.span });
    return undefined;
  }
  const [first, ...rest] = losses;
  if (first === undefined) return undefined;
  const g = run.graph;
  const total = rest.reduce<Node>((sum, l) => build.add(g, sum, l.node), first.node);
  const grads = gradient(
    g,
    total,
    params.map((p) => p.node),
    { last: true },
  );
  const trained = params.flatMap((param, i) => {
    const grad = grads[i];
    return grad === undefined ? [] : [{ param, grad, named: named !== undefined }];
  });
  const reached = new Set(trained.map((one) => one.param));
  const byHand = params.find((p) => run.current.has(p.path) && (reached.has(p) || named));
  const idle = named?.find((item) => !item.params.some((p) => reached.has(p) || away.has(p)));
  const packed = trained.find(({ param }) => isPacked(storageOf(param.node)))?.param;
  const [unreached] = params;
  if (packed !== undefined) {
    const what = `\`${packed.path}\` is ${storageOf(packed.node)}, which is for reading only, and the loss trains it`;
    const help = `declare it \`${packed.node.type.dtype}\`, or keep it as it is: \`freeze: "${packed.path}"\``;
    complain(run, 'NN0313', { what, help }, packed.place);
  } else if (byHand !== undefined) complain(run, 'NN0502', { name: byHand.path }, byHand.place);
  else if (idle !== undefined)
    complain(
      run,
      'NN0405',
      {
        of: lossNames(losses),
        by: textAt(idle.place),
        cut: idle.params[0] && cutText(g, total, idle.params[0].node),
      },
      idle.place,
    );
  else if (trained.length === 0 && unreached !== undefined) {
    const span = first.span ?? optimizer.entry.value.span;
    const place: Place = { source: scope.source, span };
    const cut = cutText(g, total, unreached.node);
    complain(run, 'NN0405', { of: lossNames(losses), by: unreached.path, cut }, place);
  } else return trained;
  return undefined;
}

const lossNames = (losses: readonly NamedNode[]): string =>
  losses.map((loss) => loss.name).join(' + ');

/** A parameter may be in two sections where both name it in `params`. */
function checkOwners(run: Run, sections: readonly Resolved[]): boolean {
  const owners = new Map<RegisteredTensor, { section: Resolved; named: boolean }>();
  for (const section of sections)
    for (const { param, named } of section.trained) {
      const other = owners.get(param);
      owners.set(param, { section, named });
      if (other === undefined || (other.named && named)) continue;
      const names = [other.section.source.name ?? '', section.source.name ?? ''] as const;
      complain(run, 'NN0502', { name: param.path, sections: names }, section.source.place);
      return false;
    }
  return true;
}

/** A step in which nothing is trained would be a step for nothing. */
function checkEvery(run: Run, sections: readonly Resolved[], scope: Scope): boolean {
  if (sections.some((section) => section.every === 1)) return true;
  const [first] = sections;
  const entry = first?.source.entries.get('every');
  if (entry === undefined) return true;
  const what = 'no section runs in every step';
  const help = 'leave out `every` in one of them: the steps count by that one';
  complain(run, 'NN0313', { what, help }, { source: scope.source, span: entry.span });
  return false;
}

/** The next values that a section gives parameters and slots, and the slots. */
function optimizeSection(
  run: Run,
  { source, losses, trained, optimizer, clip, every }: Resolved,
  several: boolean,
  { learningRate, tunableRates = false, onlyCheck = false }: OptimizeOptions,
): { section: OptimizedSection; slots: readonly ModelTensor[] } | undefined {
  return countingRuns(run, every, optimizer.scope, () => {
    const chosen = optimizerOf(run, optimizer, learningRate);
    const rate = tunableRates && chosen ? tunableRate(run, chosen, source.name) : undefined;
    const made = rate?.optimizer ?? chosen;
    const clipper = clip && clipperOf(run, clip);
    if (made === undefined || (clip !== undefined && clipper === undefined)) return undefined;
    const before = new Set(run.registry.slots.keys());
    const all: Value = { kind: 'list', items: trained.map((one) => tensor(one.grad)) };
    const updates: { path: string; node: Node }[] = [];
    for (const { param, grad } of onlyCheck ? oneOfEachShape(trained) : trained) {
      const slots = `${several ? `${source.name}/` : ''}${param.path}/`;
      const short =
        clip === undefined || clipper === undefined
          ? grad
          : clipped(run, clipper, param, grad, all, slots, clip);
      const next = short && nextValue(run, made, param, short, slots, optimizer);
      if (next === undefined) return undefined;
      updates.push({ path: param.path, node: next });
    }
    const slots = liveSlots(
      [...run.registry.slots.values()].filter((slot) => !before.has(slot.path)),
      updates.map((update) => update.node),
      (slot) => run.current.get(slot.path),
    );
    const section = {
      ...(source.name === undefined ? {} : { name: source.name }),
      every,
      losses: losses.map((loss) => loss.name),
      updates,
      slotUpdates: slots.flatMap(({ path }) => {
        const node = run.current.get(path);
        return node === undefined ? [] : [{ path, node }];
      }),
    };
    const own = slots.map(({ path, node, init, place: { span } }) => ({ path, node, init, span }));
    return { section, slots: rate === undefined ? own : [rate.slot, ...own] };
  });
}

/** An optimizer sees no more of a parameter than its shape, so that is enough to find its mistakes. */
function oneOfEachShape(trained: readonly Trained[]): readonly Trained[] {
  const seen = new Set<string>();
  return trained.filter(({ grad }) => {
    const shape = shapeText(grad.type.shape);
    const isFirst = !seen.has(shape);
    seen.add(shape);
    return isFirst;
  });
}

/**
 * While `body` runs, `step` is how often the section has run before: what the bias correction of adam
 * and the schedules of a section that skips steps must count by.
 */
function countingRuns<T>(run: Run, every: number, scope: Scope, body: () => T): T {
  if (every === 1) return body();
  const { names } = rootOf(scope);
  const usual = names.get('step');
  const g = run.graph;
  // Half a step more, so that no rounding of the quotient can fall below the whole number.
  const runs = build.floor(g, build.div(g, build.add(g, stepInput(g), 0.5), every));
  names.set('step', { kind: 'builtin', value: tensor(runs) });
  const result = body();
  if (usual !== undefined) names.set('step', usual);
  return result;
}
