/** The difference of two texts, line by line, in the unified form of `diff -u`. Pure. */

interface Edit {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

const context = 2;

/** No lines where the texts are equal. */
export function unifiedDiff(name: string, before: string, after: string): readonly string[] {
  const edits = editsOf(before.split('\n'), after.split('\n'));
  const hunks = hunksOf(edits);
  if (hunks.length === 0) return [];
  return [`--- ${name}`, `+++ ${name}`, ...hunks.flatMap(({ from, to }) => hunk(edits, from, to))];
}

/** Stretches of edits with the unchanged lines around them; near ones are one. */
function hunksOf(
  edits: readonly Edit[],
): readonly { readonly from: number; readonly to: number }[] {
  const hunks: { from: number; to: number }[] = [];
  edits.forEach(({ sign }, i) => {
    if (sign === ' ') return;
    const last = hunks.at(-1);
    const to = Math.min(edits.length, i + 1 + context);
    if (last !== undefined && i - context <= last.to) last.to = to;
    else hunks.push({ from: Math.max(0, i - context), to });
  });
  return hunks;
}

function hunk(edits: readonly Edit[], from: number, to: number): readonly string[] {
  const range = (sign: '-' | '+'): string => {
    const counts = (one: Edit): boolean => one.sign === ' ' || one.sign === sign;
    const start = edits.slice(0, from).filter(counts).length;
    return `${sign}${start + 1},${edits.slice(from, to).filter(counts).length}`;
  };
  const lines = edits.slice(from, to).map(({ sign, line }) => sign + line);
  return [`@@ ${range('-')} ${range('+')} @@`, ...lines];
}

function editsOf(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (line: string): Edit => ({ sign: ' ', line });
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** The longest common subsequence of lines stays; what differs is small, so a table will do. */
function middle(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const common = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const row = common[i];
    if (row === undefined) continue;
    for (let j = after.length - 1; j >= 0; j--) {
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const edits: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      edits.push({ sign: ' ', line: old });
      i++;
      j++;
    } else if (old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))) {
      edits.push({ sign: '-', line: old });
      i++;
    } else {
      edits.push({ sign: '+', line: fresh ?? '' });
      j++;
    }
  }
  return edits;
}
