/** What a program of somebody else's does with the package; the same in Node and in a page. */
import { dataset, type Model, model, nn, type Tensor, tensor } from 'nnc';
import { compile, elaborate, parse, portable } from 'nnc/compiler';
import { openSession, type Plan, pageHost, readPlan } from 'nnc/runtime';
import type { Used } from './used.ts';

const points: Model = model('points', (m) => {
  const x = m.input('x', 'f32[n, 2]');
  const label = m.input('label', 'u8[n]');
  const scores = x.pipe(nn.dense(16), nn.tanh, nn.dense(3));
  m.output('probs', nn.softmax(scores));
  m.loss(nn.softmaxCrossentropy(scores, label));
  m.metric('accuracy', nn.accuracy(scores, label));
  m.train({ optimizer: nn.adam({ lr: 0.05 }), seed: 1 });
});

/** Three heaps of points that lines part. */
const rows = Array.from({ length: 96 }, (_, i) => {
  const [label, away] = [i % 3, ((i * 37) % 32) / 64];
  return { x: [label - 1 + away * 0.5, (label === 1 ? 1 : -1) + away], label };
});

/** Trains and asks a model that the program builds, and runs a plan that the compiler makes of a text. */
export async function use(): Promise<Used> {
  const t: Tensor = tensor([1, 2, 3]);
  const session = await points.open({ batch: 16 });
  try {
    const history = await session.fit(dataset(rows).shuffle(1).batch(16), { epochs: 12 });
    const { accuracy = 0 } = await session.evaluate(dataset(rows).batch(16));
    const { probs } = await session.predict({ x: rows.map((row) => row.x) });
    const values = probs?.data ?? [];
    return {
      printed: String(t),
      outcome: history.outcome,
      losses: history.epochs.map((epoch) => epoch.train['loss'] ?? Number.NaN),
      accuracy,
      sums: rows.map((_, i) => [0, 1, 2].reduce((sum, j) => sum + Number(values[i * 3 + j]), 0)),
      squares: await runPlan(session.device),
    };
  } finally {
    session.close();
  }
}

const squares = 'input x: f32[n]\noutput y = x ** 2\n';

async function runPlan(device: GPUDevice): Promise<number[]> {
  const source = { name: 'squares.nn', text: squares };
  const { model: built } = elaborate(parse(source).file, { source });
  if (built === undefined) throw new Error('squares.nn has a mistake');
  const { plan } = compile(built, {
    device: portable,
    programs: [{ kind: 'predict', dims: { n: 4 } }],
  });
  const read: Plan = readPlan(JSON.parse(JSON.stringify(plan)));
  const session = await openSession(read, { device, host: pageHost });
  try {
    const [program] = read.programs;
    if (program === undefined) throw new Error('the plan has no program');
    await session.runner(program.name).run([{ x: Float32Array.of(1, 2, -3, 0.5) }]);
    const y = await session.read(['y']);
    return [...(y.get('y') ?? [])].map(Number);
  } finally {
    session.close();
  }
}
