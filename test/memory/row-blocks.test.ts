/** Tensors larger than may be bound at once, by a limit that is lowered until they are: the same results, in parts. */
import { afterAll, describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { CapacityError } from '../../compiler/plan/capacity-error.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { randomGraph } from '../fuzz/random-graph.ts';
import { closeTestDevice, compileGraph, runGraph } from '../support/run-graph.ts';

afterAll(closeTestDevice);

const LIMIT = 4096;
const small: DeviceProfile = { ...portable, maxBindingBytes: LIMIT };

class Case {
  readonly g = new Graph();
  readonly given = new Map<string, NdArray>();

  input(shape: readonly number[], kind: 'data' | 'param' = 'data'): Node {
    const name = `x${this.given.size}`;
    const values = Array.from({ length: elementCount(shape) }, (_, i) => ((i * 7919) % 13) - 6);
    this.given.set(name, ndArray('f32', shape, values));
    return b.input(this.g, name, kind, 'f32', shape);
  }

  /** Runs it on the device, compares with the interpreter, and gives the number of dispatches. */
  async dispatches(
    results: readonly Node[],
    replaces?: ReadonlyMap<number, Node>,
  ): Promise<number> {
    const want = interpret(results, (n) => this.given.get(String(n.attrs['name'])));
    const nodes = runPasses(this.g, results);
    const options = { device: small, ...(replaces === undefined ? {} : { replaces }) };
    const { values, plan } = await runGraph(this.g, nodes, this.given, options);
    values.forEach((v, i) => {
      expect([...v.data]).toEqual([...(want[i]?.data ?? [])]);
    });
    const dispatches = plan.programs.flatMap((p) => p.dispatches);
    for (const bind of dispatches.flatMap((d) => d.binds))
      expect(bind.bytes).toBeLessThanOrEqual(LIMIT);
    return dispatches.length;
  }
}

describe('in parts of at most 4096 bytes', () => {
  test('a map, with a vector and the number of the row in it', async () => {
    const c = new Case();
    const x = c.input([100, 48]);
    const rows = b.reshape(c.g, b.cast(c.g, b.iota(c.g, 100), 'f32'), [100, 1]);
    // 100 rows of 192 bytes, 20 at a time (a multiple of 4, so that parts begin at multiples of 256).
    expect(await c.dispatches([b.add(c.g, b.add(c.g, x, c.input([48])), rows)])).toBe(5);
  });
  test('rows: maxima, and what is made of them', async () => {
    const c = new Case();
    const x = c.input([70, 33]);
    const most = b.reduce(c.g, 'max', x, 1, true);
    expect(await c.dispatches([b.sub(c.g, x, most), most])).toBeGreaterThan(1);
  });
  test('a product, by the rows of its left side or by those of its right', async () => {
    for (const [m, k, n] of [
      [96, 40, 20],
      [10, 40, 96],
    ] as const) {
      const c = new Case();
      const [x, y] = [c.input([m, k]), c.input([n, k])];
      expect(await c.dispatches([b.matmul(c.g, x, b.transpose(c.g, y))])).toBeGreaterThan(1);
    }
  });
  test('a running sum along the inner axis', async () => {
    const c = new Case();
    expect(await c.dispatches([b.prefix(c.g, 'sum', c.input([40, 64]), 1)])).toBeGreaterThan(1);
  });
  test('rows of a small table, by numbers of which there are many', async () => {
    const c = new Case();
    const numbers = b.cast(c.g, b.abs(c.g, c.input([1500])), 'i32');
    const found = b.gather(c.g, c.input([7, 4]), numbers, 0);
    expect(await c.dispatches([b.mul(c.g, found, 2)])).toBeGreaterThan(1);
  });
  test('in place: each part overwrites what it has read', async () => {
    const c = new Case();
    const w = c.input([90, 32], 'param');
    const next = b.sub(c.g, w, c.input([90, 32]));
    expect(await c.dispatches([next], new Map([[0, w]]))).toBeGreaterThan(1);
  });
});

describe('what cannot be run in parts says why', () => {
  const refused = (make: (c: Case) => Node, device = small): CapacityError => {
    const c = new Case();
    const node = make(c);
    try {
      compileGraph(c.g, runPasses(c.g, [node]), { device });
    } catch (error) {
      if (error instanceof CapacityError) return error;
      throw error;
    }
    throw new Error('it was compiled');
  };
  test('a sum over the rows', () => {
    const { message } = refused((c) => b.sum(c.g, c.input([100, 48]), [0]));
    expect(message).toMatch(
      /^`x0` needs 19200 bytes; this device binds at most 4096 bytes, and k00_\w+ cannot take it row by row$/,
    );
  });
  test('a transposition', () => {
    const { message } = refused((c) => b.transpose(c.g, b.exp(c.g, c.input([100, 48]))));
    expect(message).toContain('cannot take it row by row');
  });
  test('a tensor that no buffer holds', () => {
    const device = { ...small, maxBufferBytes: 8192 };
    const { message, help } = refused((c) => b.exp(c.g, c.input([100, 48])), device);
    expect(message).toMatch(/needs 19200 bytes; a buffer of this device holds at most 8192 bytes$/);
    expect(help).toContain('smaller batch');
  });
});

test('random graphs under a low limit: refused, whole, or in parts and exactly right', async () => {
  const device = { ...portable, maxBindingBytes: 512 };
  const seen = { refused: 0, whole: 0, inParts: 0 };
  for (let seed = 1; seed <= 240; seed++) {
    const { graph, results, inputs, replaces } = randomGraph(seed);
    const nodes = runPasses(graph, results);
    // What is fused reads in more ways, so that less of it can be taken in parts.
    const options = { fuse: seed % 4 === 0, replaces };
    const dispatches = (profile: DeviceProfile): number => {
      const { plan } = compileGraph(graph, nodes, { ...options, device: profile });
      return plan.programs.flatMap((p) => p.dispatches).length;
    };
    try {
      if (dispatches(device) === dispatches(portable)) {
        seen.whole += 1;
        continue;
      }
    } catch (error) {
      if (!(error instanceof CapacityError)) throw error;
      seen.refused += 1;
      continue;
    }
    seen.inParts += 1;
    const want = interpret(results, (n) => inputs.get(String(n.attrs['name'])));
    const { values } = await runGraph(graph, nodes, inputs, { ...options, device });
    values.forEach((v, i) => {
      // A sum of nothing but -0 may be either zero.
      const plus = (data: Iterable<number> = []): number[] => [...data].map((x) => x + 0);
      expect(plus(v.data), `seed ${seed}, result ${i}`).toEqual(plus(want[i]?.data));
    });
  }
  expect(seen.inParts).toBeGreaterThan(5);
  expect(seen.refused).toBeGreaterThan(5);
  expect(seen.whole).toBeGreaterThan(5);
});
