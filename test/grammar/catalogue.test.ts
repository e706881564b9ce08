/** The catalogue: its sentences, and types that refuse a wrong code or hole. */
import { describe, expect, it } from 'vitest';
import { type Code, catalogue, type Params, report } from '../../grammar/catalogue/index.ts';
import { lints } from './sentences/lints.ts';
import { names } from './sentences/names.ts';
import type { Samples } from './sentences/samples.ts';
import { shapes } from './sentences/shapes.ts';
import { syntax } from './sentences/syntax.ts';
import { training } from './sentences/training.ts';
import { values } from './sentences/values.ts';

const place = { file: 'a.nn', span: { start: 0, end: 1 } };

const samples: Samples<Code> = { ...syntax, ...shapes, ...names, ...values, ...training, ...lints };

describe('sentences', () => {
  it.each(Object.entries(samples))('%s', (code, [params, message, help]) => {
    const diagnostic = report(code as Code, params as Params<Code>, place);
    expect(diagnostic).toMatchObject({ code, message, ...place });
    expect(diagnostic.help).toBe(help);
    expect(diagnostic.severity).toBe(/^NN09|NN0215/.test(code) ? 'warning' : 'error');
    expect(message).not.toMatch(/\.$/);
  });

  it('each code of the catalogue has a case', () => {
    expect(Object.keys(samples).toSorted()).toEqual(Object.keys(catalogue).toSorted());
  });

  it.each([
    ['missing', '`dense` needs `units`'],
    ['extra', '`dense` has no place for `units`'],
    ['duplicate', '`dense` is given `units` twice'],
  ] as const)('NN0305 %s', (problem, message) => {
    const params = { callee: 'dense', problem, argument: 'units', signature: 'dense(in?, units)' };
    const diagnostic = report('NN0305', params, place);
    expect(diagnostic.message).toBe(message);
    expect(diagnostic.help).toBe('its arguments are `dense(in?, units)`');
  });

  it('NN0501 for a value and for nothing to train', () => {
    const value = {
      problem: 'value',
      key: 'optimizer',
      expected: 'an optimizer',
      instead: 'adam()',
    } as const;
    expect(report('NN0501', value, place)).toMatchObject({
      message: '`optimizer` takes an optimizer',
      help: 'write `adam()`',
    });
    expect(report('NN0501', { problem: 'nothing' }, place).message).toMatch(/^nothing to train/);
  });

  it('the place may replace the help and add facts', () => {
    const params = { first: 'f32[b, 2]', second: 'f32[b, 3]', axis: 1, along: 0 };
    const diagnostic = report('NN0205', params, { ...place, help: 'other', facts: ['more'] });
    expect(diagnostic.help).toBe('other');
    expect(diagnostic.facts?.at(-1)).toBe('more');
    expect(diagnostic.facts).toHaveLength(4);
  });
});

describe('types', () => {
  it('refuse a wrong code, a missing hole and a wrong hole', () => {
    // @ts-expect-error There is no such code.
    expect(() => report('NN9999', {}, place)).toThrow();
    // @ts-expect-error `instead` is missing.
    report('NN0103', {}, place);
    // @ts-expect-error A number for a text.
    report('NN0306', { name: 3 }, place);
    // @ts-expect-error The key is missing.
    report('NN0501', { problem: 'key' }, place);
  });
});
