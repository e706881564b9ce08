/** Paths between kernels while they are merged, against a search that knows no order. */
import { expect, test } from 'vitest';
import type { Cluster } from '../../compiler/fuse/cluster.ts';
import { Reachability } from '../../compiler/fuse/reachability.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { createRandom } from '../../data/random.ts';

const SEED = 20261130;

/** Only what the search asks of nodes and clusters. */
const nodeOf = (id: number): Node => ({ id }) as Node;
const clusterOf = (id: number, nodes: Node[]): Cluster => ({ id, nodes }) as unknown as Cluster;

test(`the same as without an order, merge after merge (seed ${SEED})`, () => {
  const next = createRandom(SEED, 0, 0);
  let merges = 0;
  for (let round = 0; round < 40; round++) {
    const nodes = Array.from({ length: 30 }, (_, id) => nodeOf(id));
    const edges = new Map(
      nodes.map((node, i) => [node, nodes.filter((_, j) => j > i && next() < 0.08)] as const),
    );
    const alive = new Set(nodes.map((node, id) => clusterOf(id, [node])));
    const home = new Map([...alive].flatMap((c) => c.nodes.map((node) => [node, c] as const)));
    const after = (c: Cluster): Set<Cluster> =>
      new Set(c.nodes.flatMap((node) => (edges.get(node) ?? []).flatMap((s) => home.get(s) ?? [])));
    const plain = (from: Cluster, to: Cluster, direct: boolean): boolean => {
      const seen = new Set([from]);
      const open = [from];
      for (let c = open.pop(); c !== undefined; c = open.pop())
        for (const s of after(c)) {
          if (seen.has(s) || (!direct && c === from && s === to)) continue;
          if (s === to) return true;
          seen.add(s);
          open.push(s);
        }
      return false;
    };
    const reachability = new Reachability(
      () => alive,
      (node) => home.get(node),
      (node) => edges.get(node) ?? [],
    );
    const throughOthers = (a: Cluster, b: Cluster): boolean =>
      reachability.reaches(a, b, (s, c) => c === a && s === b);
    for (let step = 0; step < 60; step++) {
      const all = [...alive];
      const a = all[Math.floor(next() * all.length)] as Cluster;
      const b = all[Math.floor(next() * all.length)] as Cluster;
      if (a === b) continue;
      expect(reachability.reaches(a, b)).toBe(plain(a, b, true));
      expect(throughOthers(a, b)).toBe(plain(a, b, false));
      if (throughOthers(a, b) || throughOthers(b, a)) continue;
      const merged = clusterOf(a.id, [...a.nodes, ...b.nodes]);
      reachability.merges(a, b, merged);
      alive.delete(a);
      alive.delete(b);
      alive.add(merged);
      for (const node of merged.nodes) home.set(node, merged);
      merges += 1;
    }
  }
  expect(merges).toBeGreaterThan(300);
});
