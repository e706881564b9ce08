/** This project: the text of a model through the compiler, the plan through a session of the runtime. */
import { readFileSync } from 'node:fs';
import type { ProgramKind } from '../../../compiler/programs.ts';
import { deviceProfile } from '../../../compiler/schedule/device.ts';
import { type OpenedDevice, openDevice, planCache } from '../../../host/node.ts';
import { openSession, type Session } from '../../../runtime/index.ts';
import type { Contestant, Job } from '../contestant.ts';

export const name = 'nnc';
export const version = 'this tree';
export const note = 'waits with short sleeps, as the hand-written one does';

let opened: OpenedDevice | undefined;
export async function setup(): Promise<void> {
  opened = await openDevice();
}

export const cases: Contestant['cases'] = {
  matmul: ({ n }, { A, B }) => inference('matmul.nn', { n }, { inputs: { a: A, b: B } }),
  mlpInfer: ({ batch }, { X, ...params }) =>
    inference('mlp.nn', { batch }, { inputs: { x: X }, params: named(params) }),
  mlpTrain: ({ batch, opt }, { X, labels, W1, b1, W2, b2 }) =>
    training(
      `mlp-${opt}.nn`,
      { batch },
      { inputs: { x: X, label: labels }, params: named({ W1, b1, W2, b2 }) },
    ),
  elementwise20: ({ n }, { X }) => inference('elementwise.nn', { n }, { inputs: { x: X } }),
  softmax: ({ rows, cols }, { X }) => inference('softmax.nn', { rows, cols }, { inputs: { x: X } }),
  layernorm: ({ rows, cols }, { X, g, b }) =>
    inference('layernorm.nn', { rows, cols }, { inputs: { x: X }, params: { gamma: g, beta: b } }),
};

interface Values {
  readonly inputs: Readonly<Record<string, ArrayBufferView>>;
  /** By name; all others keep 0, with which the optimizer's slots and its step begin. */
  readonly params?: Readonly<Record<string, Float32Array>>;
}
type Sizes = Readonly<Record<string, number>>;

const named = (p: Readonly<Record<'W1' | 'b1' | 'W2' | 'b2', Float32Array>>) => ({
  w1: p.W1,
  b1: p.b1,
  w2: p.W2,
  b2: p.b2,
});

async function inference(file: string, dims: Sizes, values: Values): Promise<Job> {
  const session = await open(file, 'predict', dims, values);
  return {
    run: session.run,
    sync: async () => Number((await session.read(1))[0]),
    output: () => session.read(),
    dispose: session.close,
  };
}

async function training(file: string, dims: Sizes, values: Values): Promise<Job> {
  const session = await open(file, 'train', dims, values);
  const batch = dims['batch'] ?? 1;
  let steps = 0;
  return {
    run(count) {
      steps += count;
      return session.run(count);
    },
    async sync() {
      const sum = await session.loss();
      const mean = sum / batch / steps;
      steps = 0;
      return mean;
    },
    dispose: session.close,
  };
}

async function open(file: string, kind: ProgramKind, dims: Sizes, { inputs, params = {} }: Values) {
  if (opened === undefined) throw new Error('no device');
  const { device, host } = opened;
  const plan = await planOf(file, kind, dims, opened);
  const [program] = plan.programs;
  const session: Session = await openSession(plan, { device, host, slots: 1 });
  for (const tensor of plan.tensors)
    if (tensor.role === 'param') session.write(tensor.name, params[tensor.name] ?? []);
  const runner = session.runner(program?.name ?? '');
  let uploaded = false;
  return {
    async run(count: number): Promise<void> {
      for (let left = count; left > 0; ) {
        const steps = Math.min(left, runner.repeats);
        const first = uploaded ? null : inputs;
        uploaded = true;
        await runner.run([first, ...Array<null>(steps - 1).fill(null)]);
        left -= steps;
      }
    },
    async read(first?: number): Promise<ArrayLike<number>> {
      const choice = first === undefined ? {} : { first };
      return (await session.read(['y'], choice)).get('y') ?? [];
    },
    async loss(): Promise<number> {
      const sum = (await session.metrics.read()).get('loss') ?? Number.NaN;
      session.metrics.reset();
      return sum;
    },
    close: session.close,
  };
}

/** The plan of an earlier process or, if there is none, compiled now: only then is the compiler loaded. */
async function planOf(file: string, kind: ProgramKind, dims: Sizes, on: OpenedDevice) {
  const text = readFileSync(new URL(`../models/${file}`, import.meta.url), 'utf8');
  const profile = deviceProfile({ ...on, limits: on.device.limits });
  const cache = planCache();
  const from = { text, kind, dims, profile };
  const kept = cache.find(from);
  if (kept !== undefined) return kept;
  const { compile, elaborate, parse, renderAll } = await import('../../../compiler/index.ts');
  const source = { name: file, text };
  const parsed = parse(source);
  const { model, diagnostics } = elaborate(parsed.file, { source });
  const mistakes = [...parsed.diagnostics, ...diagnostics];
  if (model === undefined || mistakes.length > 0)
    throw new Error(renderAll(mistakes, () => source));
  const { plan } = compile(model, { device: profile, programs: [{ kind, dims }] });
  cache.keep(from, plan);
  return plan;
}
