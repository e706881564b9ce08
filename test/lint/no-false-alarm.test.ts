/** Programs that are right get no warning: the models, the examples of the reference, the prelude itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import { lint } from '../../compiler/lint/index.ts';
import { stdSources } from '../../compiler/std/embedded.ts';
import { parse } from '../../grammar/index.ts';
import { lintText } from './lint-text.ts';

/** What a file may be warned about, because it shows what not to do. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  'by_hand.nn': ['NN0910 log(sum(exp(x), axis=-1, keepdims=true))'],
};

/** Undefined where the file has errors: parts of the reference that are not compiled yet. */
function warningsOf(name: string, text: string): readonly string[] | undefined {
  const source = { name, text };
  const { file, diagnostics } = parse(source);
  const elaborated = elaborate(file, { source });
  if ([...diagnostics, ...elaborated.diagnostics].length > 0) return undefined;
  return lint(file, source, elaborated).map(
    (d) => `${d.code} ${text.slice(d.span.start, d.span.end)}`,
  );
}

for (const folder of ['models', 'test/grammar/examples']) {
  const files = readdirSync(new URL(`../../${folder}/`, import.meta.url)).filter((name) =>
    name.endsWith('.nn'),
  );
  test.each(files)(`${folder}/%s`, (name) => {
    const text = readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), 'utf8');
    const found = warningsOf(name, text);
    if (folder === 'models') expect(found).toBeDefined();
    expect(found ?? wanted[name] ?? []).toEqual(wanted[name] ?? []);
  });
}

/** The prelude as if a user had written it, with every fn that some of these arguments fit in use. */
test('the prelude', () => {
  const start =
    'input x: f32[n, 6]\ninput y: f32[n, 6]\ninput label: u8[n]\nlet hidden = x |> dense(6)\n';
  const text = `${start}${stdSources.map((source) => source.text).join('\n')}\n`;
  const names = [...text.matchAll(/^fn (\w+)/gm)].map(([, name]) => name ?? '');
  const argumentLists = [
    'hidden',
    'hidden, y',
    'hidden, label',
    'hidden, 0.5',
    '0.1, 10',
    '0.1, 10, 2',
  ];
  const used: string[] = [];
  for (const name of names) {
    const call = argumentLists
      .map((args) => `output _${name} = mean(x) + mean(${name}(${args}))\n`)
      .find((line) => warningsOf('call.nn', start + line) !== undefined);
    if (call !== undefined) used.push(call);
  }
  const layers =
    'output normed = hidden |> layer_norm |> batch_norm |> residual { dense(6) |> relu }\n';
  // What is not the rows' own business: these functions are meant to be called in any way.
  const found = warningsOf('prelude.nn', text + used.join('') + layers) ?? ['it has errors'];
  expect(used.length).toBeGreaterThan(30);
  expect(found.filter((one) => !one.includes('_'))).toEqual([]);
});

test('forms near a warning that are right', () => {
  const texts = [
    // Each row by itself, its maximum taken off.
    'input x: f32[n, 10]\nlet e = exp(x - max(x, axis=-1, keepdims=true))\noutput y = e / sum(e, axis=-1, keepdims=true)\n',
    // Over everything, and saying so.
    'input x: f32[4, 10]\nlet e = exp(x - max(x))\noutput y = e / sum(e, axis=[0, 1])\n',
    'input x: f32[10]\nlet e = exp(x - max(x))\noutput y = e / sum(e)\n',
    'input x: f32[n, 10]\noutput y = x / sum(x)\n',
    // Every sample against every other.
    'input x: f32[n, 10]\noutput y = softmax(x @ x.T)\n',
    'input x: f32[10, n]\noutput y = softmax(x, axis=0)\n',
    'input x: f32[10, n]\nparam w: f32[1, 10] = 0\noutput y = x @ softmax(w @ x).T\n',
    // A value is read before it is replaced; a name says that it is not needed; a part is skipped.
    'input x: f32[n, 10]\nlet h = x * 2\nlet h = h + x\noutput y = h\n',
    'input x: f32[n, 10]\nlet _h = x * 2\nlet (a, b) = split(x, 2, axis=-1)\noutput y = b\n',
    'input x: f32[n, 10]\nlet scale = 2\nlet f = fn(a) { let b = a * scale  return b }\noutput y = f(x)\n',
    // Sizes that differ on purpose.
    'input x: f32[n, m]\ninput y: f32[k1, k2]\ninput z: f32[h_in, w_in]\noutput a = mean(x) + mean(y) + mean(z)\n',
    'input x: f32[rows, row]\noutput a = mean(x)\n',
    // A parameter that is shown, or that a field asks for.
    'input x: f32[n, 10]\nlet d = dense(3)\noutput y = d(x)\noutput w = d.W\n',
    'layer table()(x: f32[n, k]) {\n  param t: f32[k] = 0\n  return x\n}\ninput x: f32[n, 10]\nlet a = table()\noutput y = a(x) + a.t\n',
    // Random numbers change with every step.
    'input x: f32[n, 10]\noutput y = normal(0, 1, shape=[3])\noutput z = x\n',
    'const deep = true\ninput x: f32[n, 10]\noutput y = if deep then x |> relu else x |> tanh\noutput z = if deep then x else (x |> relu)\n',
    // One offset a row, and the mean of each row taken off.
    'input x: f32[n, 4]\ninput offset: f32[n, 1]\nlet p = x - offset |> dense(3)\nlet q = p - mean(p, axis=-1, keepdims=true)\nloss = mean(q ** 2)\n',
    // The losses with what they ask for.
    'input x: f32[n, 10]\ninput label: u8[n]\nlet z = x |> dense(3)\nloss = softmax_crossentropy(z, label)\nloss b = nll(log_softmax(z), label)\nmetric m = accuracy(softmax(z), label)\n',
    'input x: f32[n, 10]\ninput t: f32[n, 3]\nloss = categorical_crossentropy(x |> dense(3) |> softmax, t)\nloss b = bce(x |> dense(3) |> sigmoid, t)\n',
  ];
  for (const text of texts) expect([text, lintText(text)]).toEqual([text, []]);
});
