/** The matrix of `nnc eval --confusion` as text, JSON and CSV, and the choice of what it compares. */
import { describe, expect, test } from 'vitest';
import { chooseComparison } from '../../cli/confusion-choice.ts';
import { confusionLines } from '../../cli/confusion-text.ts';
import { evaluationCsv, evaluationJson, evaluationLines } from '../../cli/evaluation-text.ts';
import { UserError } from '../../cli/failure.ts';
import { decodeCsv } from '../../data/csv.ts';
import { type Confusion, createConfusion } from '../../train/index.ts';
import { modelOf } from '../support/model.ts';

const plain = (text: string): string => text;
const width = (columns: number) => ({ columns, unicode: true, paint: plain });

function confusionOf(pairs: readonly (readonly [number, number])[], classes: number): Confusion {
  const counter = createConfusion(classes);
  for (const [actual, predicted] of pairs) counter.add([actual], [predicted]);
  return counter.result();
}

const small = confusionOf(
  [
    [0, 0],
    [0, 1],
    [1, 1],
  ],
  2,
);
const title = { predicted: 'class', actual: 'species', classes: ['setosa', 'versicolor'] };

describe('as text', () => {
  test('counts with the scores beside them', () => {
    expect(confusionLines(small, title, width(80))).toEqual([
      'class: predicted (columns) against species (rows)',
      '            setosa  versicolor    precision  recall      f1  support',
      'setosa           1           1       1.0000  0.5000  0.6667        2',
      'versicolor       ·           1       0.5000  1.0000  0.6667        1',
      'accuracy 0.6667: 2 of 3',
    ]);
  });

  test('below them where the line is too short, with numbers over the columns if names are too long', () => {
    expect(confusionLines(small, title, width(40))).toEqual([
      'class: predicted (columns) against spec…',
      '            setosa  versicolor',
      'setosa           1           1',
      'versicolor       ·           1',
      '',
      '      precision  recall      f1  support',
      'set…     1.0000  0.5000  0.6667        2',
      'ver…     0.5000  1.0000  0.6667        1',
      'accuracy 0.6667: 2 of 3',
    ]);
    const long = { ...title, classes: ['a name of no use 1', 'a name of no use 2'] };
    expect(confusionLines(small, long, width(45)).slice(1, 4)).toEqual([
      '                      0  1',
      '0 a name of no use 1  1  1',
      '1 a name of no use 2  ·  1',
    ]);
  });

  test('where there is no room for the matrix: the mistakes, the most frequent first', () => {
    const pairs = Array.from({ length: 30 }, (_, i) => [i, i < 3 ? i + 1 : i] as const);
    const classes = pairs.map((_, at) => String(at));
    const lines = confusionLines(
      confusionOf([...pairs, [1, 2]], 30),
      { ...title, classes },
      width(80),
    );
    expect(lines.slice(-7)).toEqual([
      '',
      'true  taken for  times',
      '1     2              2',
      '0     1              1',
      '2     3              1',
      '-o FILE.csv has all 30 by 30 counts',
      'accuracy 0.8710: 27 of 31',
    ]);
  });

  test.each([40, 50, 79, 80, 120])('no line is longer than %d characters', (columns) => {
    for (const classes of [2, 3, 10, 65]) {
      const pairs = Array.from(
        { length: 900 },
        (_, i) => [i % classes, (i * i) % classes] as const,
      );
      const names = Array.from({ length: classes }, (_, i) => `class number ${i}`);
      const text = { ...title, classes: names };
      for (const line of confusionLines(confusionOf(pairs, classes), text, width(columns)))
        expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  test('names that would not be seen, or would do something, are shown', () => {
    const classes = [' ', '\n', '\u001b[2Jx', '\u009b', "it's"];
    const lines = confusionLines(
      confusionOf([[0, 1]], 5),
      { ...title, classes },
      { ...width(100), unicode: false },
    );
    const names = ['" "', '␊', '␛[2Jx', '�', "it's"];
    expect(lines.slice(2, 7).map((line) => line.split('  ')[0])).toEqual(names);
  });

  test('labels that are ignored are told, and so is that nothing is left', () => {
    const counter = createConfusion(2, [255]);
    counter.add([255], [1]);
    expect(confusionLines(counter.result(), title, width(80)).at(-1)).toBe(
      'nothing to compare; 1 label that the loss ignores left out',
    );
  });
});

describe('for programs', () => {
  const evaluated = {
    data: 'iris.csv',
    rows: 3,
    values: new Map([['loss', 0.5]]),
    confusion: { found: small, title: { ...title, classes: ['a,b', 'c'] } },
  };

  test('JSON has whole counts, and null for what is not defined', () => {
    const found = JSON.parse(evaluationJson(evaluated));
    expect(found).toMatchObject({ data: 'iris.csv', rows: 3, values: { loss: 0.5 } });
    expect(found.confusion).toMatchObject({
      output: 'class',
      label: 'species',
      classes: ['a,b', 'c'],
      matrix: [
        [1, 1],
        [0, 1],
      ],
      total: 3,
      correct: 2,
      accuracy: 2 / 3,
    });
    const empty = { ...evaluated, confusion: { found: createConfusion(1).result(), title } };
    const { accuracy, perClass } = JSON.parse(evaluationJson(empty)).confusion;
    expect([accuracy, perClass[0].precision]).toEqual([null, null]);
  });

  test('CSV can be read back', () => {
    const bytes = Uint8Array.from(Buffer.from(evaluationCsv(evaluated)));
    const table = decodeCsv(bytes, 'confusion.csv');
    const columns = table.columns.map(({ name, values }) => [name, [...values]]);
    expect(columns.slice(0, 3)).toEqual([
      ['true', [0, 1]],
      ['predicted.a,b', [1, 0]],
      ['predicted.c', [1, 1]],
    ]);
    expect(table.columns[0]?.classes).toEqual(['a,b', 'c']);
  });

  test('without a confusion: one line, whatever the form', () => {
    const { confusion: _, ...plainly } = evaluated;
    expect(evaluationCsv(plainly)).toBe('data,rows,loss\niris.csv,3,0.5\n');
    expect(evaluationLines({ ...plainly, note: 'all' }, width(80))).toEqual([
      'loss 0.5000   3 samples of iris.csv (all)',
    ]);
    expect(JSON.parse(evaluationJson(plainly))).toEqual({
      data: 'iris.csv',
      rows: 3,
      values: { loss: 0.5 },
    });
  });
});

describe('the choice', () => {
  const base = 'input x: f32[n, 4]\ninput label: u8[n]\nlet logits = x |> dense(3)\n';
  const choose = (text: string, asked: string | true = true) =>
    chooseComparison(modelOf(base + text), asked, 'm.nn');
  const refusal = (text: string, asked: string | true = true): readonly unknown[] => {
    try {
      choose(text, asked);
    } catch (error) {
      if (error instanceof UserError) return [error.message, error.help];
    }
    throw new Error('this was not refused');
  };
  const two = 'output probs = softmax(logits)\noutput other = x |> dense(5)\n';

  test('what a metric compares comes before outputs, an output of classes before scores', () => {
    const metric = 'metric a = accuracy(logits, label)\n';
    expect(choose(two + metric).name).toBe('a');
    expect(choose(`${two}output class = argmax(logits, axis=-1)`).name).toBe('class');
    expect(choose(two + metric, 'other').predicted.op.name).toBe('argmax');
    expect(choose(two, 'other:label').name).toBe('other');
  });

  test('several: all that could be meant', () => {
    expect(refusal(two)).toEqual([
      '--confusion: m.nn has several classes that could be compared',
      'choose one: --confusion probs:label, or --confusion other:label',
    ]);
  });

  test('none: both sides, with their shapes', () => {
    expect(refusal('output y = sum(x, axis=-1)')[0]).toBe(
      [
        '--confusion: no output of m.nn can be compared with an input',
        '  outputs  y f32[n]',
        '  inputs   x f32[n, 4], label u8[n]',
      ].join('\n'),
    );
    expect(refusal(`${two}output mean_x = mean(x, axis=-1)`, 'mean_x')[0]).toMatch(
      /^--confusion: no class of `mean_x` of m\.nn can be compared with an input\n {2}outputs {2}mean_x f32\[n\]\n/,
    );
  });

  test('unknown names', () => {
    expect(refusal(two, 'prob')).toEqual([
      '--confusion: m.nn has no output `prob`',
      'did you mean `probs`?',
    ]);
    expect(refusal(two, 'probs:y')).toEqual([
      '--confusion: m.nn has no input `y`',
      'it has x, label',
    ]);
  });
});
