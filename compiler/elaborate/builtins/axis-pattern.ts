/**
 * Reads the patterns of `einsum` and `rearrange`: terms of axis names between `,` and `->`. Pure text;
 * what the names mean is the business of the two functions.
 */

/** A part of a pattern and where it starts in it. */
export interface AxisName {
  readonly text: string;
  readonly at: number;
}
/** A name, `1`, `...`, or several in brackets. */
export type AxisItem =
  | ({ readonly kind: 'name' | 'one' | 'rest' } & AxisName)
  | {
      readonly kind: 'group';
      readonly items: readonly AxisItem[];
      readonly text: string;
      readonly at: number;
    };

export interface AxisPattern {
  readonly inputs: readonly (readonly AxisItem[])[];
  readonly output: readonly AxisItem[];
  /** Where the output starts, for messages about it as a whole. */
  readonly outputAt: number;
}
export interface PatternMistake {
  readonly problem: string;
  readonly at: number;
  readonly length: number;
  readonly help?: string;
}
export type ReadPattern =
  | { readonly kind: 'pattern'; readonly pattern: AxisPattern }
  | { readonly kind: 'mistake'; readonly mistake: PatternMistake };

/** Which of the parts that not every pattern has this one may have. */
export interface PatternForm {
  readonly groups: boolean;
  readonly commas: boolean;
}

interface Token {
  readonly kind: 'name' | 'one' | 'rest' | 'open' | 'close' | 'comma' | 'arrow';
  readonly text: string;
  readonly at: number;
}

const tokenText =
  /\s+|(?<arrow>->)|(?<rest>\.\.\.)|(?<open>\()|(?<close>\))|(?<comma>,)|(?<name>\p{L}[\p{L}\p{N}_]*)|(?<one>1(?![\p{L}\p{N}_]))/uy;

class Mistake extends Error {
  readonly mistake: PatternMistake;
  constructor(problem: string, at: number, length: number, help?: string) {
    super(problem);
    this.mistake = { problem, at, length, ...(help === undefined ? {} : { help }) };
  }
}

export function readPattern(text: string, form: PatternForm): ReadPattern {
  try {
    return { kind: 'pattern', pattern: patternOf(tokensOf(text, form), text, form) };
  } catch (e) {
    if (e instanceof Mistake) return { kind: 'mistake', mistake: e.mistake };
    throw e;
  }
}

function tokensOf(text: string, form: PatternForm): Token[] {
  const tokens: Token[] = [];
  tokenText.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    tokenText.lastIndex = at;
    const match = tokenText.exec(text);
    if (match === null) {
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
      throw new Mistake(
        `\`${char}\` has no meaning in a pattern`,
        at,
        char.length,
        meaningOf(char),
      );
    }
    const [kind] = Object.entries(match.groups ?? {}).find(([, t]) => t !== undefined) ?? [];
    if (kind !== undefined) tokens.push({ kind: kind as Token['kind'], text: match[0], at });
    at += match[0].length;
  }
  const bracket = tokens.find((t) => t.kind === 'open' || t.kind === 'close' || t.kind === 'one');
  if (!form.groups && bracket !== undefined)
    throw new Mistake(
      `\`${bracket.text}\` has no meaning in a sum of products`,
      bracket.at,
      1,
      'only `rearrange` splits and merges axes',
    );
  const comma = tokens.find((t) => t.kind === 'comma');
  if (!form.commas && comma !== undefined)
    throw new Mistake('`,` has no meaning in a pattern', comma.at, 1);
  return tokens;
}

const meaningOf = (char: string): string | undefined => {
  if (char === '.') return 'any number of axes is `...`';
  if (char === '>' || char === '-' || char === '=') return 'the arrow is `->`';
  return /\d/.test(char)
    ? 'of the numbers only `1` stands in a pattern; sizes are options: `h=6`'
    : undefined;
};

function patternOf(tokens: readonly Token[], text: string, form: PatternForm): AxisPattern {
  const arrows = tokens.filter((t) => t.kind === 'arrow');
  const [arrow, second] = arrows;
  if (arrow === undefined)
    throw new Mistake(
      'this pattern has no `->`',
      0,
      text.length,
      form.commas
        ? 'the result stands behind it: `i j, j k -> i k`'
        : 'the result stands behind it: `b t d -> t b d`',
    );
  if (second !== undefined) throw new Mistake('two `->` in a pattern', second.at, 2);
  const middle = tokens.indexOf(arrow);
  const inputs: Token[][] = [[]];
  for (const t of tokens.slice(0, middle))
    if (t.kind === 'comma') inputs.push([]);
    else inputs.at(-1)?.push(t);
  const late = tokens.slice(middle).find((t) => t.kind === 'comma');
  if (late !== undefined)
    throw new Mistake('there is one result, so no `,` behind the `->`', late.at, 1);
  return {
    inputs: inputs.map(termOf),
    output: termOf(tokens.slice(middle + 1)),
    outputAt: arrow.at,
  };
}

function termOf(tokens: readonly Token[]): AxisItem[] {
  const items: AxisItem[] = [];
  let group: { items: AxisItem[]; at: number } | undefined;
  for (const { kind, text, at } of tokens) {
    if (kind === 'open') {
      if (group !== undefined)
        throw new Mistake('brackets in brackets', at, 1, 'one pair says it all: `(a b c)`');
      group = { items: [], at };
    } else if (kind === 'close') {
      if (group === undefined) throw new Mistake('this `)` closes nothing', at, 1);
      const { items: inner, at: start } = group;
      if (inner.length === 0)
        throw new Mistake(
          'there is nothing in these brackets',
          start,
          at + 1 - start,
          'an axis of size 1 is `1`',
        );
      items.push({
        kind: 'group',
        items: inner,
        text: `(${inner.map((i) => i.text).join(' ')})`,
        at: start,
      });
      group = undefined;
    } else if (kind === 'name' || kind === 'one' || kind === 'rest')
      (group?.items ?? items).push({ kind, text, at });
  }
  if (group !== undefined) throw new Mistake('this `(` is not closed', group.at, 1);
  const rests = flatItems(items).filter((i) => i.kind === 'rest');
  if (rests[1] !== undefined) throw new Mistake('two `...` in one term', rests[1].at, 3);
  return items;
}

/** The items with those in brackets in the place of their group. */
export const flatItems = (items: readonly AxisItem[]): Exclude<AxisItem, { kind: 'group' }>[] =>
  items.flatMap((i) => (i.kind === 'group' ? flatItems(i.items) : [i]));
