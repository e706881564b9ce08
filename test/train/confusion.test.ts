/** Counting which class was taken for which, and finding out which two classes a model compares. */
import { describe, expect, test } from 'vitest';
import {
  accuracyOf,
  classCount,
  classScores,
  comparedByMetrics,
  comparedByShape,
  createConfusion,
  NoClassError,
  noData,
} from '../../train/index.ts';
import { modelOf } from '../support/model.ts';

describe('counts', () => {
  test('over several batches, with classes that nobody has, and labels that are ignored', () => {
    const counter = createConfusion(3, [9]);
    counter.add([0, 0, 1, 9], [0, 1, 1, 2]);
    counter.add(Int32Array.of(0, 1), Int32Array.of(0, 0));
    const found = counter.result();
    expect(found).toEqual({
      counts: [
        [2, 1, 0],
        [1, 1, 0],
        [0, 0, 0],
      ],
      total: 5,
      correct: 3,
      ignored: 1,
    });
    expect(accuracyOf(found)).toBe(3 / 5);
    expect(classScores(found)).toEqual([
      { precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3 },
      { precision: 1 / 2, recall: 1 / 2, f1: 1 / 2, support: 2 },
      { precision: undefined, recall: undefined, f1: undefined, support: 0 },
    ]);
  });

  test('a class that is never predicted has no precision, but a recall', () => {
    const counter = createConfusion();
    counter.add([0, 1], [0, 0]);
    const [, second] = classScores(counter.result());
    expect(second).toEqual({ precision: undefined, recall: 0, f1: 0, support: 1 });
  });

  test('larger numbers make more classes; nothing counted has no accuracy', () => {
    const counter = createConfusion(1);
    expect(accuracyOf(counter.result())).toBeUndefined();
    counter.add([2], [0]);
    expect(counter.result().counts).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });

  test.each([-1, 0.5, 1000, Number.NaN])('%d is no class, on either side', (value) => {
    expect(() => createConfusion().add([value], [0])).toThrow(NoClassError);
    expect(() => createConfusion().add([0], [value])).toThrow(NoClassError);
  });
});

const head = `input x: f32[n, 4]
input label: u8[n]
let logits = x |> dense(3)
`;

/** `output:label, shape of the class, how many there are`. */
const texts = (found: ReturnType<typeof comparedByShape>): readonly string[] =>
  found.map((one) => {
    const { dtype, shape } = one.predicted.type;
    return `${one.name}:${one.label.name} ${dtype} ${shape.length} ${classCount(one, noData)}`;
  });

describe('what is compared', () => {
  test.each([
    ['accuracy of logits', 'metric accuracy = accuracy(logits, label)', ['accuracy:label i32 1 3']],
    [
      'the output that is the same class',
      'output class = argmax(logits, axis=-1)\nmetric a = accuracy(logits, label)',
      ['class:label i32 1 3'],
    ],
    [
      'the scores of which it is the largest',
      'output logits\nmetric a = accuracy(logits, label)',
      ['logits:label i32 1 3'],
    ],
    [
      'a label as one among zeros, label first',
      'let t = one_hot(label, 3)\nmetric a = mean(argmax(t, axis=-1) == argmax(logits, axis=-1))',
      ['a:label i32 1 3'],
    ],
    [
      'sides of a threshold',
      'let p = sigmoid(logits[:, 0])\nmetric a = binary_accuracy(p, cast(label, f32))',
      ['a:label bool 1 2'],
    ],
    ['a label with a constant is none', 'metric threes = sum(cast(label == 2, f32))', []],
  ])('by metrics: %s', (_, text, expected) => {
    expect(texts(comparedByMetrics(modelOf(`${head}${text}`)))).toEqual(expected);
  });

  test.each([
    ['scores', `${head}output probs = softmax(logits)`, ['probs:label i32 1 3']],
    ['a number', `${head}output class = argmax(logits, axis=-1)`, ['class:label i32 1 3']],
    ['a probability', `${head}output p = sigmoid(logits[:, 0])`, ['p:label bool 1 2']],
    [
      'a column of probabilities and a column of targets',
      'input x: f32[n, 4]\ninput y: f32[n, 1]\noutput p = x |> dense(1) |> sigmoid',
      ['p:y bool 2 2'],
    ],
    [
      'scores at every place of a row',
      'input text: u8[b, t]\ninput next: u8[b, t]\noutput logits = text |> embedding(9, 4) |> dense(7)',
      ['logits:next i32 2 7'],
    ],
    [
      'ones among zeros',
      'input x: f32[n, 4]\ninput y: f32[n, 3]\noutput p = x |> dense(3) |> softmax',
      ['p:y i32 1 3'],
    ],
    ['no probability', 'input x: f32[n, 4]\ninput y: f32[n, 1]\noutput p = x |> dense(1)', []],
    ['an input that the output needs', 'input x: f32[n, 4]\noutput y = x', []],
  ])('by shape: %s', (_, text, expected) => {
    expect(texts(comparedByShape(modelOf(text)))).toEqual(expected);
  });
});
