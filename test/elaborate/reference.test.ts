/** The examples of docs/language.md: they elaborate, or say exactly what is not there yet. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkExpectations } from '../../compiler/elaborate/expectations.ts';
import { elaborateText } from './elaborate-text.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/language.md`, 'utf8');
const examples = [...page.matchAll(/```nn (\w+)\n(.*?)```/gs)].map(
  (m) => [m[1] ?? '', m[2] ?? ''] as const,
);

const inModels = examples.filter(([name]) => existsSync(`${root}models/${name}.nn`));

/** What the examples need that this version refuses. */
const refused: Readonly<Record<string, readonly string[]>> = {
  fashion: ['conv2d'],
  resnet: ['conv2d'],
  char_lstm: ['lstm'],
  gpt: ['policy'],
  ddpm: ['conv2d'],
};

test('there are eighteen examples, thirteen of them files in models/', () => {
  expect(examples.length).toBe(18);
  expect(inModels.map(([name]) => name)).toEqual([
    'mlp',
    'linreg',
    'scalar',
    'logreg',
    'naive',
    'by_hand',
    'digits',
    'mnist',
    'autoencoder',
    'vae',
    'factorise',
    'pinn',
    'gan',
  ]);
});

describe.each(examples)('%s', (name, text) => {
  test(
    refused[name] === undefined
      ? 'elaborates, and its expectations hold'
      : 'says what is not there yet',
    () => {
      const { model, diagnostics } = elaborateText(text);
      const missing = diagnostics.map(
        (d) => `${d.code} ${d.message.replace(/ is part of .*$/, '').replace(/^`(\w+)`.*$/, '$1')}`,
      );
      expect(missing).toEqual((refused[name] ?? []).map((what) => `NN0190 ${what}`));
      if (model !== undefined) expect(checkExpectations(model).filter((r) => !r.holds)).toEqual([]);
    },
  );
});

test.each(inModels)('models/%s.nn is the example', (name, text) => {
  expect(readFileSync(`${root}models/${name}.nn`, 'utf8')).toBe(text);
});
