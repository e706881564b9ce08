/**
 * A drawing of a directed graph in layers (Sugiyama, Tagawa and Toda 1981, without long-edge nodes): every node stands
 * below what it reads, as near to its readers as that lets it; within a layer, nodes move towards the mean of their neighbours.
 */

const SWEEPS = 4;

/** Inputs come before the nodes that read them. Layer and column of each. */
export function layOut(
  inputs: readonly (readonly number[])[],
): readonly (readonly [number, number])[] {
  const layer: number[] = [];
  const readers: number[][] = inputs.map(() => []);
  inputs.forEach((own, node) => {
    layer[node] = Math.max(-1, ...own.map((input) => layer[input] ?? 0)) + 1;
    for (const input of own) readers[input]?.push(node);
  });
  // As low as their readers let them: parameters and an optimizer's states stand where they are used, not all at the top.
  for (let node = inputs.length - 1; node >= 0; node--) {
    const own = (readers[node] ?? []).map((reader) => layer[reader] ?? 0);
    if (own.length > 0) layer[node] = Math.min(...own) - 1;
  }
  const rows: number[][] = [];
  layer.forEach((l, node) => {
    rows[l] ??= [];
    rows[l].push(node);
  });
  const column: number[] = [];
  const place = (row: readonly number[]): void => {
    row.forEach((node, i) => {
      column[node] = i - (row.length - 1) / 2;
    });
  };
  for (const row of rows) if (row !== undefined) place(row);
  const settle = (row: number[] | undefined, neighbours: readonly (readonly number[])[]): void => {
    if (row === undefined) return;
    const wish = new Map(
      row.map((node) => {
        const near = neighbours[node] ?? [];
        const sum = near.reduce((total, one) => total + (column[one] ?? 0), 0);
        return [node, near.length === 0 ? (column[node] ?? 0) : sum / near.length] as const;
      }),
    );
    row.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
    place(row);
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const row of rows) settle(row, inputs);
    for (const row of rows.toReversed()) settle(row, readers);
  }
  return inputs.map((_, node) => [layer[node] ?? 0, column[node] ?? 0] as const);
}
