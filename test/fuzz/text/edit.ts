/** Random edits of valid texts: characters, tokens and lines taken out, doubled, moved, exchanged; scraps put in. */
import { pickFrom, type Random, randomFrom } from '../random.ts';
import { corpus } from './corpus.ts';
import { typedProgram } from './typed/program.ts';

const scraps = [
  ...['let', 'layer', 'fn', 'param', 'state', 'update', 'loss', 'train', 'repeat', 'if', 'else'],
  ...['import', 'const', 'dim', 'output', 'input', 'metric', 'expect', 'return', 'policy', 'vjp'],
  ...['|>', '=', '(', ')', '[', ']', '{', '}', ',', ':', '..', '...', '//', '/*', '"', "'", '#'],
  ...[
    '5.',
    '.5',
    '_',
    'def',
    'lambda x:',
    'None',
    '$',
    '\n',
    '\r',
    '\t',
    ';',
    '@',
    '**',
    '\\',
    'é',
  ],
  ...['\u{1f642}', '\ud800', '\u0000', '1e999', '0..4', 'as', 'in', 'from', 'nn', '=>', '->', '?'],
  ...[
    '-1',
    '0',
    '2147483648',
    '-',
    'not',
    'and',
    '==',
    '<',
    '::-1',
    '[..., None]',
    'grad',
    'shape',
  ],
  ...['training', 'step', 'f64', 'f32', 'i32', 'bool', '[n, 1]', 'axis=7', 'dense', 'relu', 'true'],
];

export function editedText(seed: number): string {
  const random = randomFrom(seed);
  let text = random(4) === 0 ? typedProgram(seed) : pickFrom(random, corpus);
  for (let edits = 1 + random(random(3) === 0 ? 10 : 3); edits > 0; edits--)
    text = pickFrom(random, allEdits)(random, text);
  return text;
}

type Edit = (random: Random, text: string) => string;

const charactersOf: Edit = (random, text) => {
  const start = random(text.length + 1);
  const end = Math.min(text.length, start + random(random(4) === 0 ? 200 : 6));
  const middle = text.slice(start, end);
  const instead = pickFrom(random, [
    '',
    middle + middle,
    pickFrom(random, scraps),
    pickFrom(random, corpus).slice(0, 80),
  ]);
  return text.slice(0, start) + instead + text.slice(end);
};

/** Words, numbers and signs, with the space between. */
const tokensOf = (text: string): string[] =>
  text.match(/\s+|#.*|"[^"\n]*"|[\p{L}_][\p{L}\p{N}_]*|[\d.]+|\|>|\*\*|\/\/|[=<>!]=|./gsu) ?? [];

/** A token taken out, doubled, or another one in its place. */
const tokenOf: Edit = (random, text) => {
  const tokens = tokensOf(text);
  const at = random(tokens.length + 1);
  const other = random(3) === 0 ? tokensOf(pickFrom(random, corpus)) : tokens;
  const instead = pickFrom(random, [
    '',
    `${tokens[at] ?? ''} ${tokens[at] ?? ''}`,
    pickFrom(random, scraps),
    ...(other.length === 0 ? [] : [pickFrom(random, other), pickFrom(random, other)]),
  ]);
  return tokens.toSpliced(at, 1, instead).join('');
};

/** A few tokens over and over: deep nesting, long chains. */
const manyOf: Edit = (random, text) => {
  const tokens = tokensOf(text);
  const at = random(tokens.length + 1);
  const few = tokens.slice(at, at + 1 + random(6)).join('');
  const times = Math.min(2 ** (1 + random(9)), Math.ceil(longest / (1 + few.length)));
  return text.length > longest ? text : tokens.toSpliced(at, 0, few.repeat(times)).join('');
};
/** Of what is put in, and of a text that gets more. */
const longest = 20_000;

const sizes = ['0', '-1', '1e5', '100000', '2147483647', '2147483648', '1e30', '0.5', '1e-30'];

/** Another number in the place of one: nothing that is computed may grow with it. */
const numberOf: Edit = (random, text) => {
  const numbers = [...text.matchAll(/\d[\d_.]*/g)];
  if (numbers.length === 0) return text;
  const { index, 0: number } = pickFrom(random, numbers);
  return text.slice(0, index) + pickFrom(random, sizes) + text.slice(index + number.length);
};

/** A line taken out, doubled, or moved, or one of another text put in. */
const lineOf: Edit = (random, text) => {
  const lines = text.split('\n');
  const at = random(lines.length);
  const line = lines[at] ?? '';
  const rest = lines.toSpliced(at, 1);
  return pickFrom(random, [
    rest,
    lines.toSpliced(at, 0, line),
    rest.toSpliced(random(rest.length + 1), 0, line),
    lines.toSpliced(at, 0, pickFrom(random, pickFrom(random, corpus).split('\n'))),
  ]).join('\n');
};

const allEdits: readonly Edit[] = [
  ...[charactersOf, charactersOf, tokenOf, tokenOf, tokenOf, lineOf, lineOf],
  ...[numberOf, manyOf],
];
