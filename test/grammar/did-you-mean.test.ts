/** Edit distance and the choice of a suggestion. */
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../grammar/did-you-mean.ts';
import { nearestType, typeElsewhere } from '../../grammar/element-types.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', '', 3],
    ['batch', 'bacth', 1],
    ['kitten', 'sitting', 3],
    ['softmax', 'sofmax', 1],
    ['ca', 'abc', 3],
  ])('%s to %s', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  it('says only "far" from the bound on', () =>
    expect(editDistance('kitten', 'sitting', 2)).toBe(2));
});

describe('nearest', () => {
  it.each([
    ['bacth', ['n', 'batch', 'match'], 'batch'],
    ['ReLU', ['relu', 'gelu'], 'relu'],
    ['LogSoftmax', ['softmax', 'log_softmax'], 'log_softmax'],
    ['epoch', ['epochs', 'every'], 'epochs'],
    ['softmax_crosentropy', ['softmax_crossentropy', 'softmax'], 'softmax_crossentropy'],
    ['x', ['y', 'z'], undefined],
    ['dense', ['conv2d', 'residual'], undefined],
    ['dense', ['dense'], undefined],
  ])('%s among %s', (word, candidates, suggestion) => {
    expect(nearest(word, candidates)).toBe(suggestion);
  });
});

describe('typeElsewhere', () => {
  it.each([
    ['float32', 'f32'],
    ['Half', 'f16'],
    ['uint8', 'u8'],
    ['f23', undefined],
  ])('%s', (word, type) => expect(typeElsewhere(word)).toBe(type));
});

describe('nearestType', () => {
  it.each([
    ['f23', 'f32'],
    ['flaot', 'float'],
    ['tensor', undefined],
  ])('%s', (word, type) => expect(nearestType(word)).toBe(type));
});
