/**
 * On the device: a random call gives the same numbers wherever it is computed (fused, alone, again in the
 * backward pass), and a `vjp` of the user's leaves nothing behind but its gradient.
 */
import { expect, test } from 'vitest';
import { compile, passNames } from '../../compiler/compile.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { programResults } from '../../compiler/programs.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import { openSession } from '../../runtime/index.ts';
import { runProgram } from '../../train/run-program.ts';
import { profileOf, testDevice } from '../support/run-graph.ts';
import { modelOf } from './elaborate-text.ts';

const n = 300;
const values = new Map([
  [
    'x',
    ndArray(
      'f32',
      [n],
      Array.from({ length: n }, (_, i) => i / 16 - 9),
    ),
  ],
  ['step', ndArray('f32', [], [3])],
]);

const text = `fn ste(v) = round(v) vjp (y, dy) => dy
input x: f32[n]
let mask = bernoulli(0.5, like=x)
let y = x * mask * 2
output y
output slope = grad(sum(y), x)
let noise = uniform(0, 1, like=x)
output once = noise
output again = cumsum(noise, axis=0) * 0 + noise
output through = grad(sum(ste(x) ** 2), x)
`;

test('the same numbers fused, unfused and without passes, forward and backward', async () => {
  const model = modelOf(text);
  const { device, host } = await testDevice();
  const results = programResults(model, 'predict');
  const nodes = bindSizes(
    model.graph,
    results.map((r) => r.node),
    { n },
  );
  const reference = interpret(nodes, (node) => values.get(String(node.attrs['name'])));
  const ways = [[], ['fuse'], ['simplify', 'fuse'], passNames.filter((p) => p !== 'expand')];
  for (const off of ways) {
    const { plan } = compile(model, {
      device: profileOf(await testDevice()),
      programs: [{ kind: 'predict', dims: { n } }],
      off: new Set(off),
    });
    const session = await openSession(plan, { device, host, slots: 1 });
    const program = { kind: 'predict', name: `predict@${n}` } as const;
    const found = await runProgram(session, model, program, values);
    await session.settle();
    session.close();
    const [y, slope, once, again, through] = found.map((v) => [...v.data].map(plusZero));
    expect(found.map((v) => [...v.data])).toEqual(reference.map((v) => [...v.data]));
    // The mask of the backward pass is that of the forward pass.
    const x = [...(values.get('x')?.data ?? [])];
    expect(y).toEqual(x.map((v, i) => plusZero(v * (slope?.[i] ?? 0))));
    expect(new Set(slope)).toEqual(new Set([0, 2]));
    expect(again).toEqual(once);
    expect(through).toEqual(x.map((v) => plusZero(2 * roundEven(v))));
  }
});

/** One sign for zero. */
const plusZero = (v: number): number => v + 0;

/** WGSL rounds halves to even. */
const roundEven = (v: number): number => {
  const down = Math.floor(v);
  if (v - down !== 0.5) return Math.round(v);
  return down % 2 === 0 ? down : down + 1;
};
