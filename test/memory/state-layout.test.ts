/** Which states share a buffer, and what a kernel then binds. */
import { describe, expect, test } from 'vitest';
import * as build from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import type { KernelOperand } from '../../compiler/kernel/spec.ts';
import { bindOperands, type Location } from '../../compiler/memory/bind-operands.ts';
import { bundleOf, layOutState, type StateTensor } from '../../compiler/memory/lay-out-state.ts';

const state = (
  name: string,
  bytes: number,
  role: StateTensor['role'] = 'state',
  storage: StateTensor['storage'] = 'f32',
): StateTensor => ({ name, role, storage, bytes });

const LIMIT = 2 ** 20;
const layout = (tensors: readonly StateTensor[], limit = LIMIT) =>
  layOutState(tensors, limit).map(({ parts }) => parts.map((p) => `${p.tensor.name}@${p.offset}`));

describe('buffers of states', () => {
  test('slots belong to their parameter, whatever section they are of', () => {
    expect(bundleOf('net.dense.W')).toBe('net.dense.W');
    expect(bundleOf('net.dense.W/m')).toBe('net.dense.W');
    expect(bundleOf('critic/net.dense.W/clip.size')).toBe('net.dense.W');
  });
  test('a large parameter lies with its slots, from multiples of 256 bytes on', () => {
    const bytes = 100_000;
    expect(
      layout([
        state('a.W', bytes, 'param'),
        state('b.W', bytes, 'param'),
        state('a.W/m', bytes),
        state('b.W/m', bytes),
      ]),
    ).toEqual([
      ['a.W@0', 'a.W/m@100096'],
      ['b.W@0', 'b.W/m@100096'],
    ]);
  });
  test('small ones share a buffer, each beside its slots', () => {
    expect(
      layout([
        state('a.b', 48, 'param'),
        state('b.b', 48, 'param'),
        state('a.b/m', 48),
        state('b.b/m', 48),
      ]),
    ).toEqual([['a.b@0', 'a.b/m@256', 'b.b@512', 'b.b/m@768']]);
  });
  test('nothing shares with another dtype, the step counter with nothing, metrics are packed', () => {
    expect(
      layout([
        state('b', 16, 'param'),
        state('h', 16, 'param', 'f16'),
        state('step', 16, 'counter'),
        state('loss', 16, 'metric'),
        state('accuracy', 16, 'metric'),
      ]),
    ).toEqual([['b@0'], ['h@0'], ['step@0'], ['loss@0', 'accuracy@16']]);
  });
  test('no buffer passes the limit: a bundle falls apart, a pool is closed', () => {
    const large = [state('W', 700_000, 'param'), state('W/m', 700_000)];
    expect(layout(large)).toEqual([['W@0'], ['W/m@0']]);
    const many = Array.from({ length: 40 }, (_, i) => state(`b${i}`, 60_000));
    const buffers = layOutState(many, LIMIT);
    expect(buffers.length).toBe(3);
    for (const { bytes } of buffers) expect(bytes).toBeLessThanOrEqual(LIMIT);
  });
});

describe('bindings', () => {
  const g = new Graph();
  const operands = (...access: KernelOperand['access'][]): KernelOperand[] =>
    access.map((a, id) => ({
      access: a,
      tensor: {
        id,
        node: build.input(g, `t${id}`, 'data', 'f32', [4]),
        storage: 'f32',
        elements: 4,
      },
    }));
  const at = (buffer: number, offset: number, bytes = 16): Location => ({
    buffer,
    offset,
    bytes,
    storage: 'f32',
    merges: true,
  });

  test('a buffer that is written is bound once, with all of its operands', () => {
    expect(
      bindOperands(operands('read', 'read_write', 'read'), [at(3, 256), at(3, 512), at(4, 0)], 8),
    ).toEqual({
      places: [
        { binding: 0, offset: 0 },
        { binding: 0, offset: 64 },
        { binding: 1, offset: 0 },
      ],
      binds: [
        { buffer: 3, offset: 256, bytes: 272 },
        { buffer: 4, offset: 0, bytes: 16 },
      ],
    });
  });
  test('one that is only read is bound for each operand, so that equal layers stay equal', () => {
    const { places, binds } = bindOperands(operands('read', 'read'), [at(3, 256), at(3, 768)], 8);
    expect(places.map((p) => p.binding)).toEqual([0, 1]);
    expect(binds.map((b) => b.offset)).toEqual([256, 768]);
  });
  test('unless bindings run out', () => {
    const { places, binds } = bindOperands(operands('read', 'read'), [at(3, 256), at(3, 768)], 1);
    expect(places).toEqual([
      { binding: 0, offset: 0 },
      { binding: 0, offset: 128 },
    ]);
    expect(binds).toEqual([{ buffer: 3, offset: 256, bytes: 528 }]);
  });
  test('then states first: two results of a page may have one of another type between them', () => {
    const scratch = (offset: number, storage: 'f32' | 'bool'): Location => ({
      ...at(5, offset),
      storage,
      merges: false,
    });
    const { binds } = bindOperands(
      operands('read', 'read', 'write', 'write', 'write'),
      [at(3, 0), at(3, 256), scratch(0, 'bool'), scratch(256, 'f32'), scratch(512, 'bool')],
      4,
    );
    expect(binds).toEqual([
      { buffer: 3, offset: 0, bytes: 272 },
      { buffer: 5, offset: 0, bytes: 16 },
      { buffer: 5, offset: 256, bytes: 16 },
      { buffer: 5, offset: 512, bytes: 16 },
    ]);
  });
  test('a range begins where a bind group can', () => {
    const { places, binds } = bindOperands(operands('write'), [at(3, 272)], 8);
    expect(places).toEqual([{ binding: 0, offset: 4 }]);
    expect(binds).toEqual([{ buffer: 3, offset: 256, bytes: 32 }]);
  });
});
