/**
 * The shape of a page of `nnc explain`: what a code means, why the rule is there, a program that has
 * the mistake, and the same program without it. Tests check both programs.
 */
export interface Page {
  readonly title: string;
  /** Paragraphs with an empty line between; lines are joined when printed. */
  readonly text: string;
  /** A `.nn` text that gets this code and no other diagnostic. */
  readonly wrong?: string;
  /** The same, mended: it has no diagnostic at all. */
  readonly right?: string;
  /** Why there is no program: what gives the code is outside of the file. */
  readonly without?: string;
}

/** A page with a wrong and a mended program. */
export function page(title: string, text: string, wrong: string, right: string): Page {
  return { title, text, wrong, right };
}

/** A page of a code that no program alone can give. */
export function pageWithout(title: string, text: string, without: string): Page {
  return { title, text, without };
}
