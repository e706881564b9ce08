/**
 * Applies the edits that diagnostics carry, as long as each makes the text better: one after which
 * there are not fewer mistakes is taken back. Pure; what is a mistake is told by the caller.
 */
import type { Diagnostic, Fix } from './diagnostic.ts';
import type { Source } from './source.ts';

export interface Fixed {
  readonly text: string;
  /** The diagnostics whose edits were kept, in the order in which they were applied. */
  readonly applied: readonly Diagnostic[];
  /** What is still wrong. */
  readonly left: readonly Diagnostic[];
}

/** A diagnostic with an edit of this text. */
type Fixable = Diagnostic & { readonly fix: Fix };

/** Checks of one text: each costs as much as `nnc check`. */
const checkLimit = 1000;

export function applyFixes(
  source: Source,
  check: (source: Source) => readonly Diagnostic[],
): Fixed {
  let text = source.text;
  let left = check(source);
  const applied: Diagnostic[] = [];
  const refused = new Set<string>();
  let checks = 1;
  const attempt = (fixes: readonly Fixable[]): boolean => {
    const edited = applyAll(text, fixes);
    const after = check({ name: source.name, text: edited });
    checks++;
    if (!isBetter(left, after, fixes)) return false;
    text = edited;
    left = after;
    applied.push(...fixes);
    return true;
  };
  while (checks < checkLimit) {
    const fixes = apart(left.filter(isFixable).filter((one) => !refused.has(identity(text, one))));
    const [first] = fixes;
    if (first === undefined) break;
    // All at once where that helps; else one by one, so that a bad one is found.
    if (fixes.length > 1 && attempt(fixes)) continue;
    const before = text;
    if (!attempt([first])) refused.add(identity(before, first));
  }
  return { text, applied, left };

  function isFixable(one: Diagnostic): one is Fixable {
    return one.fix !== undefined && one.file === source.name;
  }
}

/** Each edit took one mistake away, and none brought another. */
function isBetter(
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
  fixes: readonly Fixable[],
): boolean {
  const mendsErrors = fixes.filter(({ severity }) => severity === 'error').length;
  const mendsWarnings = fixes.length - mendsErrors;
  const gone = (severity: Diagnostic['severity']): number =>
    count(before, severity) - count(after, severity);
  // An error may have hidden warnings, so these may grow in number when it goes.
  if (mendsErrors > 0) return gone('error') >= mendsErrors;
  return gone('error') >= 0 && gone('warning') >= mendsWarnings;
}

function count(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): number {
  return diagnostics.filter((one) => one.severity === severity).length;
}

/** Without edits that touch the same place; the first one wins, the others have their turn later. */
function apart(fixes: readonly Fixable[]): readonly Fixable[] {
  const kept: Fixable[] = [];
  for (const one of fixes.toSorted((a, b) => a.fix.span.start - b.fix.span.start)) {
    const last = kept.at(-1);
    if (last === undefined || last.fix.span.end < one.fix.span.start) kept.push(one);
  }
  return kept;
}

function applyAll(text: string, fixes: readonly Fixable[]): string {
  return fixes.reduceRight(
    (edited, { fix }) => edited.slice(0, fix.span.start) + fix.text + edited.slice(fix.span.end),
    text,
  );
}

/** Tells an edit from others when offsets have moved: its code, its words, the line it stands in. */
function identity(text: string, { code, fix }: Fixable): string {
  const start = text.lastIndexOf('\n', fix.span.start - 1) + 1;
  const end = text.indexOf('\n', fix.span.end);
  const line = text.slice(start, end < 0 ? undefined : end);
  return [code, fix.span.start - start, fix.text, line].join('\0');
}
