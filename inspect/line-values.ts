/** What the words of a source became: the type of every expression and stage that is a tensor, line by line. */
import { typeText } from '../compiler/elaborate/report.ts';
import type { Trace } from '../compiler/elaborate/trace.ts';
import { excerpt, lineAt, type Source } from '../grammar/source.ts';
import type { LineValue } from './inspection.ts';

/** Words that say nothing that the line does not say itself. */
const isTrivial = (text: string): boolean => /^[\d.e+-]*$/.test(text);

export function lineValues(
  source: Source,
  traces: readonly Trace[],
): Readonly<Record<number, readonly LineValue[]>> {
  const found = new Map<string, { start: number; end: number; types: Set<string> }>();
  for (const trace of traces) {
    if (trace.source !== source) continue;
    for (const [key, nodes] of trace.tensors) {
      const [start = 0, end = 0] = key.split(':').map(Number);
      const entry = found.get(key) ?? { start, end, types: new Set() };
      found.set(key, entry);
      for (const node of nodes) entry.types.add(typeText(node.type));
    }
  }
  const lines: Record<number, LineValue[]> = {};
  const ordered = [...found.values()].sort((a, b) => a.end - b.end || b.start - a.start);
  for (const { start, end, types } of ordered) {
    const text = excerpt(source.text, { start, end }, 60);
    if (isTrivial(text)) continue;
    // What a line ends with stands where its words end, also if they began above.
    const line = lineAt(source.text, Math.max(start, end - 1));
    lines[line] ??= [];
    lines[line].push({ text, type: [...types].join(', ') });
  }
  return lines;
}
