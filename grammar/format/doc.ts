/**
 * Documents: text with places where a line may break, after Wadler, "A prettier printer" (2003). A
 * group is printed on one line if it fits there, else all its own line breaks are taken.
 */

export type Doc =
  | string
  | readonly Doc[]
  | { readonly kind: 'indent'; readonly doc: Doc }
  | Line
  /** The start of a comment with a line of its own: a new line, unless one has just begun. */
  | { readonly kind: 'fresh' }
  /** A comment that is put behind everything else on its line. */
  | { readonly kind: 'suffix'; readonly text: string }
  | { readonly kind: 'group'; readonly doc: Doc; readonly broken: boolean }
  | { readonly kind: 'if-broken'; readonly broken: Doc; readonly flat: Doc }
  | Choice;

interface Line {
  readonly kind: 'line';
  /** What stands here where the line does not break; `hard` ones always do. */
  readonly flat: '' | ' ';
  readonly hard: boolean;
  /** Leaves a line empty where it breaks. */
  readonly blank: boolean;
}

/**
 * The first option whose trial fits is printed, else `otherwise` with its own breaks taken. The first
 * one is all of it on one line.
 */
export interface Choice {
  readonly kind: 'choice';
  readonly options: readonly Option[];
  readonly otherwise: Doc;
}

export interface Option {
  /** What has to fit, on one line: behind what was printed, or `below` it, indented once more. */
  readonly trial: Doc;
  readonly below: boolean;
  /** What is then printed, with its own breaks taken; without it the trial itself. */
  readonly chosen?: Doc;
}

/** A space, or a line break. */
export function line(blank = false): Doc {
  return { kind: 'line', flat: ' ', hard: false, blank };
}

/** Nothing, or a line break. */
export function softLine(blank = false): Doc {
  return { kind: 'line', flat: '', hard: false, blank };
}

export function hardLine(blank = false): Doc {
  return { kind: 'line', flat: '', hard: true, blank };
}

export const fresh: Doc = { kind: 'fresh' };

export function suffix(text: string): Doc {
  return { kind: 'suffix', text };
}

export function indent(doc: Doc): Doc {
  return { kind: 'indent', doc };
}

export function group(doc: Doc): Doc {
  return { kind: 'group', doc, broken: mustBreak(doc) };
}

/** A group that is never put on one line; anything else as it is. */
export function broken(doc: Doc): Doc {
  if (typeof doc === 'string' || isList(doc) || doc.kind !== 'group') return doc;
  return { ...doc, broken: true };
}

/** `behind` where the group around it breaks, else `flat`. */
export function ifBroken(behind: Doc, flat: Doc = ''): Doc {
  return { kind: 'if-broken', broken: behind, flat };
}

export function choice(options: readonly Option[], otherwise: Doc): Doc {
  return { kind: 'choice', options, otherwise };
}

/** Whether a line break inside cannot be avoided. */
export function mustBreak(doc: Doc): boolean {
  if (typeof doc === 'string') return false;
  if (isList(doc)) return doc.some(mustBreak);
  switch (doc.kind) {
    case 'line':
      return doc.hard;
    case 'fresh':
      return true;
    case 'indent':
      return mustBreak(doc.doc);
    case 'group':
      return doc.broken;
    case 'choice':
      return mustBreak(doc.options[0]?.trial ?? doc.otherwise);
    case 'suffix':
    case 'if-broken':
      return false;
    default:
      return doc satisfies never;
  }
}

export function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}
