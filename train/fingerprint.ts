/**
 * Short marks by which a run recognises its own data and its own computation again. They tell accidents, not
 * forgeries.
 */
import { printGraph } from '../compiler/graph/print.ts';
import { createHash } from '../compiler/hash.ts';
import type { Model } from '../compiler/model.ts';
import { programResults } from '../compiler/programs.ts';
import type { Plan } from '../runtime/index.ts';
import type { Feed } from './feed.ts';

/** Names, types and values of all columns, in order; of rows in files, the files' marks. */
export function feedFingerprint({ rows, columns }: Feed): string {
  const hash = createHash();
  hash.text(String(rows));
  for (const column of columns) {
    const { input, elements, values } = column;
    hash.text(
      `${input} ${elements} ${values === undefined ? column.mark : values.constructor.name}`,
    );
    if (values !== undefined) hash.bytes(values);
  }
  return hash.digest();
}

/** What a training step and an evaluation compute, down to every constant; names of sites do not matter. */
export function modelFingerprint(model: Model): string {
  const hash = createHash();
  for (const kind of ['train', 'eval'] as const) {
    const results = programResults(model, kind).map(({ node, target }) => ({
      name: target.kind === 'output' ? target.name : String(target.input.attrs['name']),
      node,
    }));
    hash.text(printGraph(model.graph, results, { origins: false }));
  }
  return hash.digest();
}

/** Which kernels the programs of these names run, in order: equal marks on one device give equal bits. */
export function kernelsFingerprint(
  { programs, kernels }: Plan,
  names: ReadonlySet<string>,
): string {
  const hash = createHash();
  for (const { name, dispatches } of programs.filter((one) => names.has(one.name))) {
    hash.text(name);
    for (const { kernel, grid } of dispatches) hash.text(`${grid} ${kernels[kernel]?.wgsl}`);
  }
  return hash.digest();
}
