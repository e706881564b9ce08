/** Rows of the summary: which instances own parameters, what they compute and what comes out. */
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { typeText } from './report.ts';
import type { Run } from './run.ts';
import type { Argument, Instance, Value } from './value.ts';

/** Notes the first application of an instance that owns parameters or states itself. */
export function recordSite(
  run: Run,
  instance: Instance,
  args: readonly Argument[],
  value: Value,
): void {
  const { rows, tensors } = run.registry;
  const results = nodesOf(value);
  if (results.length === 0 || rows.has(instance.path)) return;
  const prefix = `${instance.path}.`;
  const owns = [...tensors.keys()].some(
    (p) => p.startsWith(prefix) && !p.slice(prefix.length).includes('.'),
  );
  if (!owns) return;
  const inputs = new Set(args.flatMap((a) => (a.value.kind === 'tensor' ? [a.value.node] : [])));
  rows.set(instance.path, {
    path: instance.path,
    operation: contracts(results, inputs) ? '@' : instance.template.name,
    output: results.map((node) => typeText(node.type)).join(', '),
  });
}

/** Of a tensor, or of a tuple of them. */
function nodesOf(value: Value): readonly Node[] {
  if (value.kind === 'tensor') return [value.node];
  return value.kind === 'tuple' || value.kind === 'list' ? value.items.flatMap(nodesOf) : [];
}

/** Whether a product of matrices lies between the inputs and the results. */
const contracts = (results: readonly Node[], inputs: ReadonlySet<Node>): boolean =>
  reachable(results, (n) => inputs.has(n)).some((n) => n.op.lowering.kind === 'contract');
