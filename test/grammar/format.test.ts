/** The formatter: what a text becomes, that nothing of it is lost, and that the repository's own files are canonical. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatSource } from '../../grammar/format/source.ts';

const root = path.resolve(import.meta.dirname, '../..');

function formatted(text: string): string | undefined {
  const { text: canonical, isFaithful } = formatSource({ name: 'a.nn', text });
  expect(isFaithful).toBe(true);
  return canonical;
}

/** The text becomes the other one, which stays as it is. */
function expectFormat(text: string, canonical: string): void {
  expect(formatted(text)).toBe(canonical);
  expect(formatted(canonical)).toBe(canonical);
}

const long = (letter: string): string => letter.repeat(30);

describe('one line', () => {
  it.each([
    ['nothing', '', ''],
    ['line ends, tabs, a byte order mark', '\ufefflet  x\t=1\r\nlet y=2', 'let x = 1\nlet y = 2\n'],
    [
      'statements beside each other',
      'let x = 1; let y = 2 let z = 3',
      'let x = 1\nlet y = 2\nlet z = 3\n',
    ],
    ['operators', 'let x=-a+b*-c**-2//3@w', 'let x = -a + b * -c ** -2 // 3 @ w\n'],
    ['words', 'let x=not a and(b or c)', 'let x = not a and (b or c)\n'],
    ['calls', 'let x = f( a,axis = -1 , )', 'let x = f(a, axis=-1)\n'],
    ['indices', 'let x = y[ ..., None,1 : , : :2, i, ]', 'let x = y[..., None, 1:, ::2, i]\n'],
    [
      'numbers and strings as written',
      'let x = f(1_000, 1e-3, 1.50, "a\\u{62}")',
      'let x = f(1_000, 1e-3, 1.50, "a\\u{62}")\n',
    ],
    ['tuples and patterns', 'let ( a,[b,c] , )=(1,( 2 ),)', 'let (a, [b, c]) = (1, (2))\n'],
    [
      'signatures',
      'layer f( in ? :dim,k=1 )( x:float[ ...b,c ] )->float[...b]=g',
      'layer f(in?: dim, k = 1)(x: float[...b, c]) -> float[...b] = g\n',
    ],
    ['a rule', 'fn f(x)=round(x)  vjp(y,dy)=>dy', 'fn f(x) = round(x) vjp (y, dy) => dy\n'],
    ['pipes and names', 'dense(3)as a|>relu  as b', 'dense(3) as a |> relu as b\n'],
    [
      'blocks and repetitions',
      'repeat i in 0 .. 4{dense(i)}|>residual{relu}',
      'repeat i in 0..4 { dense(i) } |> residual { relu }\n',
    ],
    ['lambdas', 'let f=fn(x,y)=>x+y', 'let f = fn(x, y) => x + y\n'],
    [
      'choices',
      'let x=if a then b else if c then d else e',
      'let x = if a then b else if c then d else e\n',
    ],
    [
      'sections',
      'train t{data:"x"  batch:3,columns:{a:"b"}}',
      'train t { data: "x", batch: 3, columns: { a: "b" } }\n',
    ],
    ['empty sections and bodies', 'train { }\nfn f(x) { }', 'train {}\nfn f(x) {}\n'],
    [
      'imports, sizes, outputs',
      'import a,b from "x.nn"\nimport "y.nn" as y\ndim t<=8,t%2,s\noutput a,b',
      'import a, b from "x.nn"\nimport "y.nn" as y\ndim t <= 8, t % 2, s\noutput a, b\n',
    ],
    ['keywords as words', 'let x = f(in=1, if=2).let', 'let x = f(in=1, if=2).let\n'],
    [
      'a body of one statement that stands on a line',
      'layer f()(x){return x}',
      'layer f()(x) { return x }\n',
    ],
  ])('%s', (_, text, canonical) => expectFormat(text, canonical));
});

describe('several lines', () => {
  it.each([
    [
      'bodies of several statements',
      'fn f(x) { let y = x return y }',
      'fn f(x) {\n  let y = x\n  return y\n}\n',
    ],
    [
      'a body whose statement has a line of its own',
      'fn f(x) {\nreturn x }',
      'fn f(x) {\n  return x\n}\n',
    ],
    [
      'a section whose first key has a line of its own',
      'train {\nbatch: 3, steps: 1 }',
      'train {\n  batch: 3\n  steps: 1\n}\n',
    ],
    [
      'a long section',
      `train { a: "${long('a')}" b: "${long('b')}" c: "${long('c')}" }`,
      `train {\n  a: "${long('a')}"\n  b: "${long('b')}"\n  c: "${long('c')}"\n}\n`,
    ],
    [
      'a long pipe',
      `let x = ${long('a')} |> ${long('b')} |> ${long('c')}`,
      `let x = ${long('a')}\n  |> ${long('b')}\n  |> ${long('c')}\n`,
    ],
    [
      'a long pipe of a declaration',
      `layer f(n) = ${long('a')} |> ${long('b')} |> ${long('c')}`,
      `layer f(n) =\n  ${long('a')} |> ${long('b')} |> ${long('c')}\n`,
    ],
    [
      'a longer pipe of a declaration',
      `layer f(n) = ${long('a')} |> ${long('b')} |> ${long('c')} |> d`,
      `layer f(n) =\n  ${long('a')}\n  |> ${long('b')}\n  |> ${long('c')}\n  |> d\n`,
    ],
    [
      'a bare chain',
      `${long('a')} |> ${long('b')} |> ${long('c')} |> d`,
      `${long('a')}\n  |> ${long('b')}\n  |> ${long('c')}\n  |> d\n`,
    ],
    [
      'arguments',
      `let x = f(${long('a')}, ${long('b')}, ${long('c')}, d)`,
      `let x = f(\n  ${long('a')},\n  ${long('b')},\n  ${long('c')},\n  d,\n)\n`,
    ],
    [
      'a value that fits on the next line',
      `let xx = f(${long('a')}, ${long('b')}, ${long('c')})`,
      `let xx =\n  f(${long('a')}, ${long('b')}, ${long('c')})\n`,
    ],
    [
      'one list as the only argument',
      `f([${long('a')}, ${long('b')}, ${long('c')}, d])`,
      `f([\n  ${long('a')},\n  ${long('b')},\n  ${long('c')},\n  d,\n])\n`,
    ],
    [
      'sums',
      `expect ${long('a')} + ${long('b')} * c - ${long('d')}`,
      `expect ${long('a')}\n  + ${long('b')} * c\n  - ${long('d')}\n`,
    ],
    [
      'choices',
      `let x = if a then ${long('b')} else if c then ${long('d')} else ${long('e')}`,
      `let x =\n  if a then ${long('b')}\n  else if c then ${long('d')}\n  else ${long('e')}\n`,
    ],
    [
      'parameters',
      `fn f(${long('a')}, ${long('b')}, ${long('c')}, d = 1) = d`,
      `fn f(\n  ${long('a')},\n  ${long('b')},\n  ${long('c')},\n  d = 1,\n) = d\n`,
    ],
    [
      'a block',
      `skip { ${long('a')} |> ${long('b')} |> ${long('c')} |> d }`,
      `skip {\n  ${long('a')}\n  |> ${long('b')}\n  |> ${long('c')}\n  |> d\n}\n`,
    ],
    [
      'a lambda with statements',
      'let y = scan(x, fn(h, z) { let c = h return c }, axis=1)',
      'let y = scan(\n  x,\n  fn(h, z) {\n    let c = h\n    return c\n  },\n  axis=1,\n)\n',
    ],
  ])('%s', (_, text, canonical) => expectFormat(text, canonical));
});

describe('comments and empty lines', () => {
  it.each([
    [
      'alone, before, behind, at the end',
      '# a\nlet x = 1 # b\n# c\n\n# d',
      '# a\nlet x = 1  # b\n# c\n\n# d\n',
    ],
    ['only comments', '\n\n# a\n#b', '# a\n#b\n'],
    [
      'empty lines, at most one',
      'let x = 1\n\n\n\nlet y = 2\nlet z = 3\n\n',
      'let x = 1\n\nlet y = 2\nlet z = 3\n',
    ],
    [
      'a doc comment stays one, and another stays none',
      '## doc\nfn f(x) = x\n## none\n\nfn g(x) = x',
      '## doc\nfn f(x) = x\n## none\n\nfn g(x) = x\n',
    ],
    [
      'in brackets',
      'let x = f(1, # a\n# b\n2\n# c\n) # d',
      'let x = f(\n  1,  # a\n  # b\n  2,\n  # c\n)  # d\n',
    ],
    ['in empty brackets', 'let x = f(\n# a\n)', 'let x = f(\n  # a\n)\n'],
    [
      'in pipes',
      'let x = a # b\n# c\n|> d # e\n|> f',
      'let x = a  # b\n  # c\n  |> d  # e\n  |> f\n',
    ],
    [
      'in bodies',
      'fn f(x) { # a\n\n# b\nreturn x # c\n\n# d\n}',
      'fn f(x) {  # a\n  # b\n  return x  # c\n\n  # d\n}\n',
    ],
    [
      'in sections',
      'train { # a\ndata: "x", # b\n\n# c\n}',
      'train {  # a\n  data: "x"  # b\n  # c\n}\n',
    ],
    ['behind the sign', 'let x = # a\n1', 'let x = 1  # a\n'],
    ['below the sign', 'let x =\n# a\n1', 'let x =\n  # a\n  1\n'],
    ['in the middle of operators', 'let x = a + # b\nc', 'let x = a + c  # b\n'],
    [
      'between the words of a choice',
      'let x = if a # b\nthen c # d\nelse e',
      'let x =\n  if a  # b\n    then c  # d\n  else e\n',
    ],
  ])('%s', (_, text, canonical) => expectFormat(text, canonical));
});

describe('left alone', () => {
  it('a text with a syntax error comes back as its diagnostics', () => {
    const { text, diagnostics } = formatSource({ name: 'a.nn', text: 'let x = (1\nlet y = 2.' });
    expect(text).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['NN0101', 'NN0003']);
  });
});

/** Name and text of every `.nn` file of the repository, and of the programs in its pages. */
function repositoryTexts(): readonly (readonly [string, string])[] {
  const files = ['models', 'compiler/std', 'test/grammar/examples'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.nn'))
      .map((name) => path.join(folder, name)),
  );
  const pages = ['docs/language.md', 'README.md'].flatMap((page) =>
    [...read(page).matchAll(/^```nn(.*)\n([\s\S]*?)^```$/gm)].map(
      ([, name = '', text = '']) => [`${page}${name}`, text] as const,
    ),
  );
  return [...files.map((file) => [file, read(file)] as const), ...pages];
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

describe('canonical', () => {
  it.each(repositoryTexts())('%s (`nnc fmt` writes it so)', (_, text) => {
    expect(formatted(text)).toBe(text);
  });
});
