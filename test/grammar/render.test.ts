/** Code frames in the form of the language's reference, and the same diagnostics as JSON. */
import { describe, expect, it } from 'vitest';
import { report } from '../../grammar/catalogue/index.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { render, renderAll } from '../../grammar/render.ts';
import type { Source } from '../../grammar/source.ts';
import { toJson } from '../../grammar/to-json.ts';

/** The span of the `nth` occurrence of a word. */
function at(source: Source, word: string, nth = 0): { start: number; end: number } {
  let start = -1;
  for (let i = 0; i <= nth; i++) start = source.text.indexOf(word, start + 1);
  if (start < 0) throw new Error(`no ${word}`);
  return { start, end: start + word.length };
}

function shown(diagnostic: Diagnostic, ...sources: readonly Source[]): string {
  return render(diagnostic, (name) => sources.find((source) => source.name === name));
}

describe('frames', () => {
  it('a note on the line before', () => {
    const source = { name: 'models/mnist.nn', text: 'x\n  |> flatten\n  |> dense(100, 10)\n' };
    const params = { call: 'dense(100, 10)', expected: 100, actual: 784 };
    const fixes = { fixed: 'dense(784, 10)', inferred: 'dense(10)' };
    const diagnostic = report(
      'NN0202',
      { ...params, ...fixes },
      {
        file: source.name,
        span: at(source, 'dense'),
        label: '100 declared here',
        notes: [{ message: 'f32[batch, 784]', file: source.name, span: at(source, 'flatten') }],
      },
    );
    expect(shown(diagnostic, source)).toBe(
      [
        'error[NN0202]: `dense(100, 10)` expects 100 features; the value piped in has 784',
        '  --> models/mnist.nn:3:6',
        '   |',
        ' 2 |   |> flatten',
        '   |      ------- f32[batch, 784]',
        ' 3 |   |> dense(100, 10)',
        '   |      ^^^^^ 100 declared here',
        'help: write `dense(784, 10)`, or leave the input size out: `dense(10)`',
      ].join('\n'),
    );
  });

  it('two equal culprits on one line, their origins in a column', () => {
    const text = 'input x: f32[batch, 784]\n\n\nparam W: f32[100, 10] = 0\n\noutput y = x @ W';
    const source = { name: 'mlp.nn', text };
    const end = { start: text.length - 1, end: text.length };
    const diagnostic = report(
      'NN0203',
      {
        left: 784,
        right: 100,
        suggestion: '`param W: f32[784, 10]`, or a layer between: `x |> dense(100)`',
      },
      {
        file: source.name,
        span: { start: text.length - 5, end: text.length - 4 },
        label: 'f32[batch, 784]: 784 columns (input, line 1)',
        notes: [
          {
            message: 'f32[100, 10]: 100 rows (param, line 4)',
            file: source.name,
            span: end,
            equal: true,
          },
        ],
      },
    );
    expect(shown(diagnostic, source)).toBe(
      [
        'error[NN0203]: the inner sizes of this product differ',
        '  --> mlp.nn:6:12',
        '   |',
        ' 6 | output y = x @ W',
        '   |            ^   ^ f32[100, 10]: 100 rows        (param, line 4)',
        '   |            f32[batch, 784]: 784 columns        (input, line 1)',
        'help: `param W: f32[784, 10]`, or a layer between: `x |> dense(100)`',
      ].join('\n'),
    );
  });

  it('a mark, an explaining mark, a fact and a help', () => {
    const text = '\n\n\n\n\nloss = mean((pred - y) ** 2)';
    const source = { name: 'reg.nn', text };
    const diagnostic = report(
      'NN0208',
      {
        doing: 'subtracting',
        result: 'f32[n, n]',
        meaning: 'every prediction against every target',
        drop: 'pred[:, 0] - y',
        pairs: 'pred - y[None, :]',
      },
      {
        file: source.name,
        span: at(source, 'pred'),
        label: 'f32[n, 1] (dense(1), line 5)',
        notes: [{ message: 'f32[n] (input, line 2)', file: source.name, span: at(source, 'y') }],
      },
    );
    const lines = shown(diagnostic, source).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'error[NN0208]: subtracting these would stretch both sides',
      '  --> reg.nn:6:14',
      '   |',
      ' 6 | loss = mean((pred - y) ** 2)',
      '   |              ^^^^   - f32[n]        (input, line 2)',
    ]);
    expect(lines[5]).toMatch(/^ {3}\| {14}f32\[n, 1\] +\(dense\(1\), line 5\)$/);
    expect(lines[5]?.indexOf('(dense')).toBe(lines[4]?.indexOf('(input'));
    expect(lines.slice(6)).toEqual([
      '   = the result would be f32[n, n]: every prediction against every target',
      'help: drop the axis: `pred[:, 0] - y`; for all pairs write `pred - y[None, :]`',
    ]);
  });

  it('a warning; a note above; lines between are left out', () => {
    const text = `${'\n'.repeat(7)}let x = relu(t @ w1)\n\n\nlet x = w1 @ w2\n`;
    const source = { name: 'by_hand.nn', text };
    const diagnostic = report(
      'NN0901',
      { name: 'x', line: 8, help: 'did you mean `x @ w2`?' },
      {
        file: source.name,
        span: at(source, 'x', 1),
        label: 'replaces it: f32[784, 50], which no input can change',
        notes: [{ message: 'f32[n, 100], never read', file: source.name, span: at(source, 'x') }],
      },
    );
    expect(shown(diagnostic, source)).toBe(
      [
        'warning[NN0901]: the `x` of line 8 is never used',
        '  --> by_hand.nn:11:5',
        '   |',
        ' 8 | let x = relu(t @ w1)',
        '   |     - f32[n, 100], never read',
        '...',
        '11 | let x = w1 @ w2',
        '   |     ^ replaces it: f32[784, 50], which no input can change',
        'help: did you mean `x @ w2`?',
      ].join('\n'),
    );
  });

  it("the user's own file first, the library second", () => {
    const user = { name: 'mnist.nn', text: 'loss = f(label)' };
    const library = { name: 'std/losses.nn', text: 'fn f(label: int[...b]) = label' };
    const diagnostic = report(
      'NN0206',
      { argument: 'label', callee: 'f', problem: 'has one axis too many' },
      {
        file: user.name,
        span: at(user, 'label'),
        notes: [{ message: 'required here', file: library.name, span: at(library, 'int[...b]') }],
        facts: ['required by std/losses.nn:1'],
      },
    );
    expect(shown(diagnostic, user, library)).toBe(
      [
        'error[NN0206]: `label` of f has one axis too many',
        '  --> mnist.nn:1:10',
        '   |',
        ' 1 | loss = f(label)',
        '   |          ^^^^^',
        '  ::: std/losses.nn:1:13',
        '   |',
        ' 1 | fn f(label: int[...b]) = label',
        '   |             --------- required here',
        '   = required by std/losses.nn:1',
      ].join('\n'),
    );
    expect(shown(diagnostic)).toContain('--> mnist.nn\n');
  });

  it.each([
    ['tabs keep their width', '\t\tlet x = $', '$', '\t\t        ^'],
    ['a character of two units is one column', 'let s = "🙂" + $', '$', '              ^'],
    ['an empty span is one mark', 'let x =', '', '^'],
    ['a span over several lines ends with its first', 'f(a,\nb)', 'f(a,\nb)', '^^^^'],
  ])('%s', (_, text, word, marks) => {
    const source = { name: 'a.nn', text };
    const diagnostic = report('NN0002', {}, { file: 'a.nn', span: at(source, word) });
    expect(shown(diagnostic, source).split('\n')[4]).toBe(`   | ${marks}`);
  });

  it('several labels at one place', () => {
    const source = { name: 'a.nn', text: 'let x = f(a)' };
    const place = { file: 'a.nn', span: at(source, 'f') };
    const diagnostic = report(
      'NN0002',
      {},
      {
        ...place,
        label: 'first',
        notes: [
          { ...place, message: 'second' },
          { ...place, span: at(source, 'a'), message: 'third' },
        ],
      },
    );
    expect(shown(diagnostic, source).split('\n').slice(4, 7)).toEqual([
      '   |         ^ - third',
      '   |         first',
      '   |         second',
    ]);
  });

  it('wide line numbers move the gutter', () => {
    const source = { name: 'a.nn', text: `${'\n'.repeat(999)}x` };
    const diagnostic = report('NN0002', {}, { file: 'a.nn', span: { start: 999, end: 1000 } });
    expect(shown(diagnostic, source).split('\n').slice(1, 5)).toEqual([
      '    --> a.nn:1000:1',
      '     |',
      '1000 | x',
      '     | ^',
    ]);
  });

  it('colours go through the function that is passed in', () => {
    const source = { name: 'a.nn', text: 'x' };
    const diagnostic = report('NN0002', {}, { file: 'a.nn', span: { start: 0, end: 1 } });
    const painted = render(
      diagnostic,
      () => source,
      (text, style) => `<${style}>${text}</>`,
    );
    expect(painted).toContain('<error>error[NN0002]</><strong>: this string is not closed');
    expect(painted).toContain('<gutter> 1 |</> x');
    expect(painted).toContain('<gutter>   |</> <error>^</>');
    expect(painted).toContain('<help>help</>: ');
  });
});

describe('many', () => {
  const source = { name: 'a.nn', text: 'a\nb\nc' };
  const on = (start: number): Diagnostic =>
    report(
      'NN0001',
      { text: 'abc'.charAt(start / 2) },
      { file: 'a.nn', span: { start, end: start + 1 } },
    );

  it('are sorted by position, with an empty line between', () => {
    const text = renderAll([on(4), on(0), on(2)], () => source);
    expect(text.split('\n\n').map((part) => part.split('\n')[1])).toEqual([
      '  --> a.nn:1:1',
      '  --> a.nn:2:1',
      '  --> a.nn:3:1',
    ]);
  });

  it('as JSON have the form of the Language Server Protocol', () => {
    const withFix: Diagnostic = {
      ...on(2),
      label: 'here',
      fix: { span: { start: 2, end: 3 }, text: 'd' },
      notes: [{ message: 'see', file: 'other.nn', span: { start: 5, end: 6 } }],
    };
    const lookup = (name: string): Source | undefined => (name === 'a.nn' ? source : undefined);
    const files = toJson(
      ['a.nn', 'fine.nn'],
      [on(4), withFix],
      lookup,
      (name) => `file:///${name}`,
    );
    const json = JSON.parse(JSON.stringify(files));
    const place = (line: number, character: number) => ({ line, character });
    const range = { start: place(1, 0), end: place(1, 1) };
    const help = 'names are written with Latin or Greek letters, digits and `_`';
    expect(json).toEqual([
      {
        uri: 'file:///a.nn',
        file: 'a.nn',
        diagnostics: [
          {
            range,
            severity: 1,
            code: 'NN0001',
            source: 'nnc',
            message: '`b` has no meaning here',
            relatedInformation: [
              {
                location: {
                  uri: 'file:///other.nn',
                  range: { start: place(0, 0), end: place(0, 0) },
                },
                message: 'see',
              },
            ],
            data: {
              label: 'here',
              facts: [],
              help,
              fixes: [
                { title: help, edit: { changes: { 'file:///a.nn': [{ range, newText: 'd' }] } } },
              ],
            },
          },
          {
            range: { start: place(2, 0), end: place(2, 1) },
            severity: 1,
            code: 'NN0001',
            source: 'nnc',
            message: '`c` has no meaning here',
            relatedInformation: [],
            data: { facts: [], help, fixes: [] },
          },
        ],
      },
      { uri: 'file:///fine.nn', file: 'fine.nn', diagnostics: [] },
    ]);
  });
});
