/** Where nodes come from: every one knows a line of the user's file, and layers their path. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reachable } from '../../compiler/graph/walk.ts';
import { modelOf } from './elaborate-text.ts';

const text = readFileSync(new URL('../../models/mnist.nn', import.meta.url), 'utf8');

test('nodes of the forward, backward and optimizer parts name their line', () => {
  const model = modelOf(text);
  const { losses, outputs } = model.training;
  const updates = model.optimization?.sections[0]?.updates ?? [];
  const nodes = reachable([...losses, ...outputs, ...updates].map((r) => r.node));
  const origins = nodes.map((n) => model.graph.originsOf(n)[0]);
  expect(origins.filter((o) => !/^test\.nn:\d+$/.test(o?.line ?? ''))).toEqual([]);
  expect(new Set(origins.map((o) => o?.role))).toEqual(
    new Set(['forward', 'gradient', 'optimizer']),
  );
});

test('the product of a layer names the line of its stage and the path of its instance', () => {
  const model = modelOf(text);
  const [logits] = model.training.outputs;
  if (logits === undefined) throw new Error('no output');
  const products = reachable([logits.node]).filter((n) => n.op.name === 'contract');
  const line = text.split('\n').findIndex((l) => l.includes('dense(512)')) + 1;
  expect(products.map((n) => model.graph.originsOf(n)[0])).toEqual([
    { line: `test.nn:${line}`, path: 'dense', role: 'forward' },
    { line: `test.nn:${line}`, path: 'scores', role: 'forward' },
  ]);
});
