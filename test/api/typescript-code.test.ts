/** What helps in files, as code of a program. Every piece that is made is TypeScript that parses. */
import { Project, SyntaxKind } from 'ts-morph';
import { expect, test } from 'vitest';
import { codeInTypeScript } from '../../api/typescript-code.ts';

const project = new Project({ useInMemoryFileSystem: true });

test.each([
  ['flatten |> nn.dense(784, 10)', 'nn.flatten, nn.dense(784, 10)'],
  ['param W: f32[784, 10]', "m.param('W', 'f32[784, 10]', …)"],
  ['param b: f32[10] = 0', "m.param('b', 'f32[10]', 0)"],
  ['input label: u8[batch]', "m.input('label', 'u8[batch]')"],
  ['x |> dense(100)', 'x.pipe(nn.dense(100))'],
  ['image .add(1) |> dense(100)', 'image.add(1).pipe(nn.dense(100))'],
  ['x |> dense(8) as fc |> log_softmax', "x.pipe(nn.dense(8).as('fc'), nn.logSoftmax)"],
  ['label[:, 0]', "label.slice(':', 0)"],
  ['y[..., None]', "y.slice('...', null)"],
  ['x[2:, :-1, ::2]', 'x.slice([2, null], [null, -1], [null, null, 2])'],
  ['pred[:, 0] - y', "pred.slice(':', 0).sub(y)"],
  ['(a + b) * 2', 'a.add(b).mul(2)'],
  ['2 - x', 'ops.sub(2, x)'],
  ['-x', 'x.neg()'],
  ['cast(x, f32)', "x.cast('f32')"],
  ["m.input('y', 'f32[n]') != 0", "m.input('y', 'f32[n]').ne(0)"],
  ['mean(...)', '….mean()'],
  ['sum(x, axis=1)', 'x.sum({ axis: 1 })'],
  ['where(c, a, b)', 'nn.where(c, a, b)'],
  ['one_hot(cast(y[:, 0], i32), 10)', "nn.oneHot(y.slice(':', 0).cast('i32'), 10)"],
  ['rearrange(x, "b (h w) -> b h w", h=2)', "nn.rearrange(x, 'b (h w) -> b h w', { h: 2 })"],
  ['axis=-1', '{ axis: -1 }'],
  ['min_delta=0.1', '{ minDelta: 0.1 }'],
  ['like=x', '{ like: x }'],
  ['dense(in?, units, bias=..., init=...)', 'nn.dense(in?, units, { bias, init })'],
  ['nn.dense(3, { bias: true } as {}) |> relu', 'nn.dense(3, { bias: true }).pipe(nn.relu)'],
  ["nn.dense(3, {  }) |> 'relu'", 'nn.dense(3).pipe(nn.relu)'],
])('%s', (code, expected) => {
  expect(codeInTypeScript(code, '')).toBe(expected);
  if (code.includes('?')) return;
  const source = project.createSourceFile('a.ts', `(${expected.replaceAll('…', 'x')});`, {
    overwrite: true,
  });
  expect(source.getDescendantsOfKind(SyntaxKind.ExpressionStatement)).toHaveLength(1);
  expect(project.getProgram().getSyntacticDiagnostics(source)).toEqual([]);
});

test.each([
  'x',
  'stop_gradient',
  '-1',
  'x.mul(2)',
  "m.input('x', 'f32[n]')",
  '2 + 3',
  'x +',
  '(2 + 3).T',
  'if',
])('%s is the same in both', (code) => {
  expect(codeInTypeScript(code, '')).toBeUndefined();
});

test('functions have the names that the program gives them', () => {
  const program = 'const { dense, logSoftmax } = nn;\nx.pipe(dense(3), logSoftmax);';
  expect(codeInTypeScript('x |> dense(4) |> relu', program)).toBe('x.pipe(dense(4), nn.relu)');
  expect(codeInTypeScript('dense(4)', program)).toBeUndefined();
  expect(codeInTypeScript('dense(4)', 'x.pipe(nn.dense(3))')).toBe('nn.dense(4)');
});
