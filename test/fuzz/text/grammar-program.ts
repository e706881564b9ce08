/**
 * Random programs out of the grammar in the language's reference: they have no syntax error, and hardly
 * ever a meaning. Beside the grammar stand the rules that the page tells in words: one bare chain, before
 * every statement, no new line before a postfix bracket, and no `//` where it must be a comment of another language.
 */
import { readFileSync } from 'node:fs';
import { pickFrom, type Random, randomFrom } from '../random.ts';
import { derive } from './derive.ts';
import { type Form, type Grammar, grammarIn } from './ebnf.ts';

const page = readFileSync(new URL('../../../docs/language.md', import.meta.url), 'utf8');
export const grammar: Grammar = grammarIn(page);

const names = [
  ...['x', 'y', 'z', 'n', 'batch', 'β1', '_', 'label', 'logits', 'f', 'g', 'h'],
  ...['relu', 'dense', 'residual', 'sum', 'mean', 'softmax', 'shape', 'concat', 'grad', 'dropout'],
  ...['f32', 'i32', 'training', 'step', 'list'],
];
const types = [
  'f32',
  'i32',
  'u32',
  'bool',
  'u8',
  'i16',
  'float',
  'int',
  'num',
  'any',
  'dim',
  'list',
];
/** Names all the same, where nothing else can stand. */
const softWords = [
  'dim',
  'state',
  'metric',
  'loss',
  'param',
  'input',
  'output',
  'vjp',
  'from',
  'as',
  'in',
];
const hardWords = ['let', 'layer', 'if', 'then', 'else', 'repeat', 'and', 'not', 'true', 'train'];
const numbers = ['0', '1', '2', '3', '7', '0.5', '1e-3', '60_000', '1.50', '2147483648', '1e39'];
const strings = [
  '"a"',
  '""',
  '"b t (h e) -> b h t e"',
  '"\\u{62}\\n"',
  '"same"',
  '"net.nn"',
  '"é"',
];
const comments = ['# a', '## doc', '#', '# `let x =` {'];

/** `used` collects the forms of the grammar that occur. */
export function grammarProgram(seed: number, used: Set<Form> = new Set()): string {
  const random = randomFrom(seed);
  const words = {
    ID: () => pickFrom(random, names),
    'type.ID': () => pickFrom(random, types),
    NUM: () => pickFrom(random, numbers),
    STR: () => pickFrom(random, strings),
    WORD: () => pickFrom(random, random(4) === 0 ? [...softWords, ...hardWords] : names),
  };
  const { version, items, chain } = partsOfFile();
  const of = (form: Form): readonly string[] =>
    derive({ grammar, random, words, used }, form, 1 + random(40));
  const all: (readonly string[])[] = [];
  if (random(6) === 0) {
    used.add(version);
    all.push(['nn', '0.1']);
  }
  const first = random(3) === 0 ? of(chain) : [];
  if (startsChain(first)) all.push(first);
  for (let n = 1 + random(6); n > 0; n--) all.push(of(pickFrom(random, items)));
  return `${all.map((one) => laidOut(random, one)).join('\n')}\n`;
}

/** The version, what stands in a file in any order, and the bare chain. */
function partsOfFile(): { version: Form; items: readonly Form[]; chain: Form } {
  const file = grammar.get('file');
  const [version, body] = file?.kind === 'sequence' ? file.parts : [];
  if (version?.kind !== 'optional' || body?.kind !== 'repeated' || body.form.kind !== 'choice')
    throw new Error('the rule `file` is of another form');
  const isChain = (form: Form): boolean => form.kind === 'name' && form.name === 'chain';
  const chain = body.form.options.find(isChain);
  if (chain === undefined) throw new Error('the rule `file` has no bare chain');
  return { version, items: body.form.options.filter((one) => one !== chain), chain };
}

const startsChain = ([first]: readonly string[]): boolean =>
  first !== undefined && (first === 'repeat' || names.includes(first));

/** A new line before these would mean something else: a soft keyword that begins its line is a keyword. */
const noBreakBefore = ['(', '[', '{', '//', ...softWords];

/** Neither a text nor a block can be divided: `//` beside one is taken for a comment. */
const isComment = (words: readonly string[], i: number): boolean =>
  words[i] === '//' && (/["}]$/.test(words[i - 1] ?? '') || /^"/.test(words[i + 1] ?? ''));

/**
 * With spaces, and now and then a new line or a comment where there may be one. Behind `//` the line ends: two
 * words side by side would make a comment of it.
 */
function laidOut(random: Random, words: readonly string[]): string {
  let text = '';
  for (const [i, written] of words.entries()) {
    const word = isComment(words, i) ? '*' : written;
    const mayBreak = i > 0 && !noBreakBefore.includes(word);
    const kind = random(40);
    if (words[i - 1] === '//') text += `\n  ${word}`;
    else if (mayBreak && kind === 0) text += `  ${pickFrom(random, comments)}\n${word}`;
    else if (mayBreak && kind < 4) text += `\n  ${word}`;
    else text += (i === 0 ? '' : ' ') + word;
  }
  return text;
}
