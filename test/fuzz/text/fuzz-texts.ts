/** One kind of random texts, for some seconds: what fails is shrunk and told, what does not is counted. */
import { isInLanguage, type Kind, type Outcome } from './check-text.ts';
import { Checker, type CheckerOptions } from './checker.ts';
import { shrinkText } from './shrink-text.ts';

export interface Tally {
  readonly texts: number;
  /** Without errors. */
  readonly clean: number;
  /** How many texts have each code. */
  readonly codes: ReadonlyMap<string, number>;
  readonly slowest: number;
  /** The first failure, small, and how to run it again. */
  readonly failure?: string;
}

export async function fuzzTexts(
  kind: Kind,
  make: (seed: number) => string,
  first: number,
  seconds: number,
  options?: CheckerOptions,
): Promise<Tally> {
  const checker = new Checker(options);
  const codes = new Map<string, number>();
  const end = Date.now() + seconds * 1000;
  let [texts, clean, slowest] = [0, 0, 0];
  try {
    for (let seed = first; Date.now() < end; seed++) {
      const text = make(seed);
      const outcome = await checker.check(text, kind);
      texts++;
      if (outcome.errors.length === 0) clean++;
      for (const code of new Set(outcome.errors)) codes.set(code, (codes.get(code) ?? 0) + 1);
      slowest = Math.max(slowest, outcome.milliseconds);
      if (outcome.failure === undefined) continue;
      const failure = await failureText(checker, seed, kind, text, outcome);
      return { texts, clean, codes, slowest, failure };
    }
    return { texts, clean, codes, slowest };
  } finally {
    await checker.close();
  }
}

async function failureText(
  checker: Checker,
  seed: number,
  kind: Kind,
  text: string,
  outcome: Outcome,
): Promise<string> {
  const small =
    outcome.failure?.property === isInLanguage
      ? text
      : await shrinkText(text, async (t) => alike(await checker.check(t, kind), outcome));
  const { failure } = await checker.check(small, kind);
  const { property, message } = failure ?? outcome.failure ?? { property: '', message: '' };
  return [
    `# seed ${seed}, ${kind}: broken is "${property}"`,
    ...message.split('\n').map((line) => `#   ${line}`),
    `# replay: NNC_FUZZ_SEED=${seed} NNC_FUZZ_SECONDS=1 npx vitest run --project node test/fuzz/front-end.test.ts`,
    small === text ? text : `${small}\n`,
    // Signs that nobody sees.
    `# as a string: ${JSON.stringify(small)}`,
  ].join('\n');
}

/** The same property, broken in the same words but for numbers and what is quoted. */
const alike = (a: Outcome, b: Outcome): boolean =>
  a.failure !== undefined && b.failure !== undefined && wordsOf(a) === wordsOf(b);

const wordsOf = ({ failure }: Outcome): string =>
  `${failure?.property} ${failure?.message.split('\n')[0]?.replace(/\d+|`[^`]*`|%\S+/g, '')}`;
