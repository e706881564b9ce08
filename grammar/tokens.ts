/**
 * The words and signs of the language as chevrotain token types. Soft keywords lex as identifiers;
 * `keywords.ts` gives them their keyword type where a statement starts. The label of a type is how
 * messages call it.
 */
import { createToken, Lexer, type TokenType } from 'chevrotain';

/** Categories: `Word` after `.` and before `=` in a call, `Id` wherever a name may stand. */
export const Word: TokenType = createToken({ name: 'Word', pattern: Lexer.NA, label: 'a name' });
export const Id: TokenType = createToken({
  name: 'Id',
  pattern: Lexer.NA,
  categories: Word,
  label: 'a name',
});
export const NumberLiteral: TokenType = category('NumberLiteral', 'a number');
export const StringLiteral: TokenType = category('StringLiteral', 'a string');
export const CompareOp: TokenType = category('CompareOp', 'a comparison');
export const AddOp: TokenType = category('AddOp', '`+` or `-`');
export const MulOp: TokenType = category('MulOp', 'an operator');
/** Every binary operator but `|>`, for what may not follow a stage. */
export const Operator: TokenType = category('Operator', 'an operator');

function category(name: string, label: string): TokenType {
  return createToken({ name, pattern: Lexer.NA, label });
}

/**
 * Latin letters (Latin-1, Extended-A and -B, without the signs for times and divided), the micro
 * sign and Greek letters: explicit ranges, because chevrotain drops the flag `u` of a pattern.
 */
const letter =
  'A-Za-z_\\u00b5\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f\\u0370-\\u037d\\u037f-\\u0386\\u0388-\\u03ff\\u1f00-\\u1fff';

export const Identifier: TokenType = createToken({
  name: 'Identifier',
  pattern: new RegExp(`[${letter}][${letter}0-9]*`),
  categories: Id,
  label: 'a name',
});

/** A hard keyword: never a name, but a word all the same (`f(in=1)`, `x.if`). */
function keyword(text: string): TokenType {
  return createToken({
    name: `${text[0]?.toUpperCase()}${text.slice(1)}`,
    pattern: text,
    longer_alt: Identifier,
    categories: Word,
    label: `\`${text}\``,
  });
}

export const Let: TokenType = keyword('let');
export const Layer: TokenType = keyword('layer');
export const Fn: TokenType = keyword('fn');
export const Const: TokenType = keyword('const');
export const Import: TokenType = keyword('import');
export const Return: TokenType = keyword('return');
export const Expect: TokenType = keyword('expect');
export const Train: TokenType = keyword('train');
export const Policy: TokenType = keyword('policy');
export const If: TokenType = keyword('if');
export const Then: TokenType = keyword('then');
export const Else: TokenType = keyword('else');
export const Repeat: TokenType = keyword('repeat');
export const True: TokenType = keyword('true');
export const False: TokenType = keyword('false');
export const Not: TokenType = keyword('not');
export const And: TokenType = createToken({
  name: 'And',
  pattern: 'and',
  longer_alt: Identifier,
  categories: [Word, Operator],
  label: '`and`',
});
export const Or: TokenType = createToken({
  name: 'Or',
  pattern: 'or',
  longer_alt: Identifier,
  categories: [Word, Operator],
  label: '`or`',
});

/** A soft keyword in its place as a keyword; never lexed, only given by `keywords.ts`. */
function softKeyword(text: string): TokenType {
  return createToken({
    name: `${text[0]?.toUpperCase()}${text.slice(1)}`,
    pattern: Lexer.NA,
    categories: Word,
    label: `\`${text}\``,
  });
}

export const Input: TokenType = softKeyword('input');
export const Output: TokenType = softKeyword('output');
export const Param: TokenType = softKeyword('param');
export const State: TokenType = softKeyword('state');
export const Update: TokenType = softKeyword('update');
export const Loss: TokenType = softKeyword('loss');
export const Metric: TokenType = softKeyword('metric');
export const Dim: TokenType = softKeyword('dim');
export const In: TokenType = softKeyword('in');
export const As: TokenType = softKeyword('as');
export const From: TokenType = softKeyword('from');
export const Vjp: TokenType = softKeyword('vjp');
export const Nn: TokenType = softKeyword('nn');

/** A keyword where it is a mere word: a field, the name of an argument, a key. */
export const PlainWord: TokenType = createToken({
  name: 'PlainWord',
  pattern: Lexer.NA,
  categories: Word,
  label: 'a name',
});
/** Put before an expression that stands where a statement could: the start of a bare chain. */
export const ChainStart: TokenType = category('ChainStart', 'an expression');
/** Put where a part of the text was taken out after it had been reported: a missing expression. */
export const Hole: TokenType = category('Hole', 'an expression');

function sign(name: string, pattern: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, pattern, categories, label: `\`${pattern}\`` });
}

export const Pipe: TokenType = sign('Pipe', '|>');
export const FatArrow: TokenType = sign('FatArrow', '=>');
export const Arrow: TokenType = sign('Arrow', '->');
export const EqualEqual: TokenType = sign('EqualEqual', '==', [CompareOp, Operator]);
export const NotEqual: TokenType = sign('NotEqual', '!=', [CompareOp, Operator]);
export const LessEqual: TokenType = sign('LessEqual', '<=', [CompareOp, Operator]);
export const GreaterEqual: TokenType = sign('GreaterEqual', '>=', [CompareOp, Operator]);
export const Less: TokenType = sign('Less', '<', [CompareOp, Operator]);
export const Greater: TokenType = sign('Greater', '>', [CompareOp, Operator]);
export const Equals: TokenType = sign('Equals', '=');
export const StarStar: TokenType = sign('StarStar', '**', [Operator]);
export const Star: TokenType = sign('Star', '*', [MulOp, Operator]);
export const SlashSlash: TokenType = sign('SlashSlash', '//', [MulOp, Operator]);
export const Slash: TokenType = sign('Slash', '/', [MulOp, Operator]);
export const Percent: TokenType = sign('Percent', '%', [MulOp, Operator]);
export const At: TokenType = sign('At', '@', [MulOp, Operator]);
export const Plus: TokenType = sign('Plus', '+', [AddOp, Operator]);
export const Minus: TokenType = sign('Minus', '-', [AddOp, Operator]);
export const Ellipsis: TokenType = sign('Ellipsis', '...');
export const DotDot: TokenType = sign('DotDot', '..');
export const Dot: TokenType = sign('Dot', '.');
export const Comma: TokenType = sign('Comma', ',');
export const Colon: TokenType = sign('Colon', ':');
export const Question: TokenType = sign('Question', '?');
export const LParen: TokenType = sign('LParen', '(');
export const RParen: TokenType = sign('RParen', ')');
export const LBracket: TokenType = sign('LBracket', '[');
export const RBracket: TokenType = sign('RBracket', ']');
export const LBrace: TokenType = sign('LBrace', '{');
export const RBrace: TokenType = sign('RBrace', '}');

/** `x += 1`, which other languages have and a tensor cannot do (NN0311). */
export const AugmentedAssign: TokenType = createToken({
  name: 'AugmentedAssign',
  pattern: /(?:\*\*|\/\/|[+\-*/%@])=(?![=>])/,
  label: 'an assignment',
});
/** The logical signs of other languages: NN0001, then read as `and`, `or`, `not`, `**`. */
export const ForeignSign: TokenType = createToken({
  name: 'ForeignSign',
  pattern: /&&?|\|\|?(?!>)|!(?!=)|\^/,
  label: 'an operator',
});

export const Float: TokenType = createToken({
  name: 'Float',
  pattern: /\d[\d_]*(?:\.\d[\d_]*)(?:[eE][+-]?\d+)?|\d[\d_]*[eE][+-]?\d+/,
  categories: NumberLiteral,
  label: 'a number',
});
/** `5.` and `.5`: NN0003, then read as the number that is meant. */
export const BareFloat: TokenType = createToken({
  name: 'BareFloat',
  pattern: new RegExp(
    `\\d[\\d_]*\\.(?:[eE][+-]?\\d+)?(?![.${letter}0-9])|\\.\\d[\\d_]*(?:[eE][+-]?\\d+)?`,
  ),
  categories: NumberLiteral,
  label: 'a number',
  start_chars_hint: [...'.0123456789'],
});
export const Integer: TokenType = createToken({
  name: 'Integer',
  pattern: /\d[\d_]*/,
  categories: NumberLiteral,
  label: 'a number',
});

export const Text: TokenType = createToken({
  name: 'Text',
  pattern: /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"/,
  categories: StringLiteral,
  label: 'a string',
});
/** Not closed on its line: NN0002, then read as a string up to the end of the line. */
export const OpenText: TokenType = createToken({
  name: 'OpenText',
  pattern: /"[^"\\\r\n]*(?:\\[^\r\n]?[^"\\\r\n]*)*/,
  categories: StringLiteral,
  label: 'a string',
});
/** In the quotes of other languages: NN0001, then read as a string. */
export const QuotedText: TokenType = createToken({
  name: 'QuotedText',
  pattern: /'[^'\r\n]*'|`[^`\r\n]*`/,
  categories: StringLiteral,
  label: 'a string',
});

/** A comment of C, closed or not: NN0004, then left out. */
export const BlockComment: TokenType = createToken({
  name: 'BlockComment',
  pattern: /\/\*[\s\S]*?(?:\*\/|(?![\s\S]))/,
  line_breaks: true,
});
export const Comment: TokenType = createToken({
  name: 'Comment',
  pattern: /#[^\r\n]*/,
  group: 'comments',
});
/** `;` is accepted and ignored; so are a byte order mark and the no-break space. */
export const WhiteSpace: TokenType = createToken({
  name: 'WhiteSpace',
  pattern: /[ \t\r\n\f\v;\u00a0\ufeff]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/** Lexing order: the first type that matches wins, so longer signs stand before shorter ones. */
export const lexedTokens: TokenType[] = [
  WhiteSpace,
  Comment,
  BlockComment,
  AugmentedAssign,
  ...[Let, Layer, Fn, Const, Import, Return, Expect, Train, Policy],
  ...[If, Then, Else, Repeat, True, False, Not, And, Or],
  Identifier,
  ...[Float, BareFloat, Integer],
  ...[Text, OpenText, QuotedText],
  ...[Pipe, FatArrow, Arrow, EqualEqual, NotEqual, LessEqual, GreaterEqual, Less, Greater, Equals],
  ForeignSign,
  ...[StarStar, Star, SlashSlash, Slash, Percent, At, Plus, Minus],
  ...[Ellipsis, DotDot, Dot, Comma, Colon, Question],
  ...[LParen, RParen, LBracket, RBracket, LBrace, RBrace],
];

export const allTokens: TokenType[] = [
  ...lexedTokens,
  ...[Word, Id, NumberLiteral, StringLiteral, CompareOp, AddOp, MulOp, Operator],
  ...[Input, Output, Param, State, Update, Loss, Metric, Dim, In, As, From, Vjp, Nn],
  ...[PlainWord, ChainStart, Hole],
];
