/** A failure of the fuzzer as text: the small model, the values it was given, and how to run it again. */
import { printGraph } from '../../compiler/graph/print.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { type Mismatch, runVariant, type Variant } from './graph-fuzz.ts';
import { printModel } from './print-model.ts';
import type { FuzzCase } from './random-graph.ts';
import { type ShrinkLimits, shrink } from './shrink.ts';

/** What went wrong: numbers that differ, or an error of compiler or device. */
export type Failure =
  | { readonly kind: 'mismatch'; readonly at: Mismatch }
  | { readonly kind: 'error'; readonly error: Error };

export async function failureOf(c: FuzzCase, variant: Variant): Promise<Failure | undefined> {
  try {
    const at = await runVariant(c, variant);
    return at && { kind: 'mismatch', at };
  } catch (error) {
    return { kind: 'error', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

const alike = (a: Failure | undefined, b: Failure): boolean =>
  a?.kind === b.kind &&
  (a.kind !== 'error' || (b.kind === 'error' && a.error.name === b.error.name));

/** The smallest graph found that fails in the same way. */
export const shrunk = (
  c: FuzzCase,
  variant: Variant,
  failure: Failure,
  limits?: ShrinkLimits,
): Promise<FuzzCase> =>
  shrink(c, async (smaller) => alike(await failureOf(smaller, variant), failure), limits);

export async function failureReport(
  seed: number,
  c: FuzzCase,
  variant: Variant,
  failure: Failure,
): Promise<string> {
  const now = (await failureOf(c, variant)) ?? failure;
  const what =
    now.kind === 'error'
      ? String(now.error.stack ?? now.error.message)
      : `r${now.at.result} at element ${now.at.element} is ${now.at.got}, and the interpreter says ${now.at.expected}`;
  const results = c.results.map((node, i) => ({ name: `r${i}`, node }));
  const text = printModel(c) ?? printGraph(c.graph, results, { origins: false });
  const used = new Set(
    reachable([...c.results, ...c.replaces.values()]).map((n) => String(n.attrs['name'])),
  );
  const values = [...c.inputs].flatMap(([name, x]) =>
    used.has(name) ? [`#   ${name} = ${valuesText(x.data)}`] : [],
  );
  return [
    `# seed ${seed}, ${variant.name}: ${what}`,
    `# replay: NNC_FUZZ_SEED=${seed} NNC_FUZZ_SECONDS=1 npx vitest run --project node test/fuzz`,
    '# with',
    ...values,
    text,
  ].join('\n');
}

const valuesText = (data: Float64Array): string => {
  const shown = [...data.slice(0, 64)].join(' ');
  return data.length > 64 ? `${shown} … (${data.length})` : shown;
};
