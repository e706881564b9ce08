/** A plan from JSON is checked field by field; a wrong one is refused with the path to the mistake. */
import { describe, expect, test } from 'vitest';
import { PlanError, readPlan } from '../../runtime/index.ts';
import { smallPlan } from '../fixtures/small-plan.ts';

type Json = { [key: string]: Json } & Json[] & { length: number };

/** The small plan as JSON, changed by `change`. */
function broken(change: (plan: Json) => void): unknown {
  const plan = JSON.parse(JSON.stringify(smallPlan)) as Json;
  change(plan);
  return plan;
}

function errorOf(json: unknown): PlanError {
  try {
    readPlan(json);
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
  throw new Error('the plan was read without an error');
}

test('a good plan is read as it is; unknown fields are left out', () => {
  const json = broken((plan) => Object.assign(plan, { comment: 'from a later version' }));
  expect(readPlan(json)).toEqual(smallPlan);
});

test.each([
  [3, 'this plan has version 3; this runtime reads 2'],
  ['1', 'this plan has version "1"; this runtime reads 2'],
  [undefined, 'this plan has version nothing; this runtime reads 2'],
])('version %j is refused by a sentence of its own', (version, message) => {
  const error = errorOf({ ...smallPlan, version });
  expect(error.message).toBe(message);
  expect(error.path).toBe('version');
});

test.each([[null], [undefined], [7], ['plan'], [[smallPlan]], [() => smallPlan]])(
  'no object is no plan: %j',
  (json) => {
    expect(errorOf(json).expected).toBe('an object');
  },
);

const set =
  (path: string, value: unknown) =>
  (plan: Json): void => {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
    const last = keys.pop() ?? '';
    const place = keys.reduce<Json>((at, key) => at[key] as Json, plan);
    (place as Record<string, unknown>)[last] = value;
  };

describe('one field', () => {
  const cases: readonly [path: string, value: unknown, expected: string, at?: string][] = [
    ['name', '', 'a name'],
    ['requires', null, 'an object'],
    ['requires.features', 'subgroups', 'a list'],
    ['requires.limits', { maxBufferSize: 'all' }, 'an integer', 'requires.limits.maxBufferSize'],
    ['buffers', {}, 'a list'],
    ['buffers[0].id', 1.5, 'an integer'],
    ['buffers[1].id', 0, 'an id of its own'],
    ['buffers[0].bytes', 24, 'a multiple of 16'],
    ['buffers[0].bytes', 0, 'at least 16'],
    ['buffers[0].bytes', -16, 'at least 16'],
    ['buffers[0].bytes', 1e300, 'a multiple of 16'],
    ['buffers[0].bytes', '80', 'a multiple of 16'],
    ['buffers[0].class', 'weights', 'one of `state`, `input`, `output`, `scratch`, `uniform`'],
    ['buffers[0].class', '__proto__', 'one of'],
    ['buffers[0].data', [1], 'data in class `uniform` only'],
    ['buffers[3].data', [2 ** 32], 'from 0 to 4294967295', 'buffers[3].data[0]'],
    ['buffers[3].data', [1, 2, 3, 4, 5], 'at most 4 words'],
    ['tensors[0].name', 7, 'a text'],
    ['tensors[1].name', 'snapshot', 'a name of its own', 'tensors[4].name'],
    ['tensors[0].role', 'weight', 'one of'],
    ['tensors[0].dtype', 'f64', 'one of `f32`'],
    ['tensors[0].shape', [2, -1], 'an integer at least 0', 'tensors[0].shape[1]'],
    ['tensors[0].shape', [2 ** 40, 2 ** 40], 'fewer than 2^53 elements'],
    ['tensors[0].shape', [21], 'a range within the 80 bytes', 'tensors[0].offset'],
    ['tensors[0].offset', 2, 'a multiple of 4'],
    ['tensors[0].offset', 64, 'a range within the 80 bytes of buffer 0 (parameters)'],
    ['tensors[0].buffer', 77, 'the id of a buffer'],
    ['tensors[0].buffer', 6, 'a param in a buffer of class `state`'],
    ['tensors[5].buffer', 0, 'an input in a buffer of class `input`'],
    ['tensors[10].buffer', 5, 'an output in a buffer of class `output` or `state`'],
    ['tensors[5].program', 'tran', 'the name of a program'],
    ['tensors[5].program', undefined, 'the program of the input `x`'],
    ['tensors[3].dtype', 'i32', 'an f32 scalar for the metric `loss`', 'tensors[3]'],
    ['tensors[2].shape', [2], 'an f32 scalar for the counter `step`', 'tensors[2]'],
    ['kernels[0].wgsl', '', 'a name'],
    ['kernels[1].id', 10, 'an id of its own'],
    ['kernels[0].bindings[0].access', 'write', 'one of `read`, `read_write`, `uniform`'],
    ['kernels[0].bindings[0].minBytes', 6, 'a multiple of 4'],
    ['kernels[0].origin', 'line 1', 'a list'],
    ['programs[1].name', 'train', 'a name of its own'],
    ['programs[0].kind', 'fit', 'one of `train`, `eval`, `predict`'],
    ['programs[0].dims', { batch: 0.5 }, 'an integer', 'programs[0].dims.batch'],
    ['programs[0].dispatches[0].kernel', 3, 'the id of a kernel'],
    ['programs[0].dispatches[0].grid', [1, 1], 'three numbers'],
    [
      'programs[0].dispatches[0].grid',
      [65536, 1, 1],
      'from 0 to 65535',
      'programs[0].dispatches[0].grid[0]',
    ],
    [
      'programs[0].dispatches[0].grid',
      [1, 1, null],
      'an integer',
      'programs[0].dispatches[0].grid[2]',
    ],
    ['programs[0].dispatches[0].binds', [], 'the 4 bindings of k02_train'],
    ['programs[0].dispatches[0].binds[0].offset', 128, 'a multiple of 256'],
    [
      'programs[0].dispatches[0].binds[0].offset',
      256,
      'a range within the 16 bytes of buffer 1 (x)',
      'programs[0].dispatches[0].binds[0].bytes',
    ],
    ['programs[0].dispatches[0].binds[2].bytes', 68, 'at least the 72 of k02_train'],
    ['programs[0].dispatches[0].binds[0].bytes', 0, 'at least 4'],
    [
      'programs[0].dispatches[0].binds[2].buffer',
      1,
      'a range within',
      'programs[0].dispatches[0].binds[2].bytes',
    ],
    ['programs[2].dispatches[0].binds[1].buffer', 5.5, 'an integer'],
    ['programs[1].copies[0].to', 0, 'another buffer than `from`'],
    [
      'programs[1].copies[0].from',
      1,
      'a range within the 16 bytes',
      'programs[1].copies[0].fromOffset',
    ],
    ['programs[1].copies[0].bytes', 6, 'a multiple of 4'],
    ['programs[1].copies[0].toOffset', 4, 'a range within the 32 bytes'],
  ];
  test.each(cases)('%s = %j', (path, value, expected, at = path) => {
    const error = errorOf(broken(set(path, value)));
    expect(error.expected).toContain(expected);
    expect(error.path).toBe(at);
    expect(error.message).toContain(`\`${at}\``);
  });
});

describe('buffers that change places', () => {
  const state = { id: 20, bytes: 32, class: 'state', label: 'next' };
  const withSwaps = (swaps: unknown, more: unknown = []) =>
    broken((plan) => {
      plan['buffers']?.push(
        { ...state } as unknown as Json,
        { ...state, id: 21 } as unknown as Json,
      );
      set('programs[0].swaps', swaps)(plan);
      set('programs[2].swaps', more)(plan);
    });

  test('two of one size and of class `state` may', () => {
    expect(() => readPlan(withSwaps([[20, 21]], [[21, 20]]))).not.toThrow();
  });

  const cases: readonly [swaps: unknown, at: string, expected: string, more?: unknown][] = [
    [undefined, '', 'a list'],
    [[7], '[0]', 'a list'],
    [[[20]], '[0]', 'two buffers'],
    [[[20, 21, 7]], '[0]', 'two buffers'],
    [[[20, '21']], '[0][1]', 'an integer'],
    [[[20, 77]], '[0][1]', 'the id of a buffer'],
    [[[20, 20]], '[0][1]', 'another buffer than the first'],
    [[[20, 0]], '[0][1]', 'a buffer of 32 bytes'],
    [[[6, 20]], '[0][0]', 'a buffer of class `state`'],
    [[[20, 5]], '[0][1]', 'a buffer of class `state`'],
    [
      [
        [20, 21],
        [21, 7],
      ],
      '[1][0]',
      'a buffer in one pair',
    ],
  ];
  test.each(cases)('%j is refused', (swaps, at, expected) => {
    const error = errorOf(withSwaps(swaps));
    expect(error.expected).toContain(expected);
    expect(error.path).toBe(`programs[0].swaps${at}`);
  });

  test('not with another partner in another program, nor where a copy goes', () => {
    const another = errorOf(
      broken((plan) => {
        for (const id of [20, 21, 22]) plan['buffers']?.push({ ...state, id } as unknown as Json);
        set('programs[0].swaps', [[20, 21]])(plan);
        set('programs[2].swaps', [[20, 22]])(plan);
      }),
    );
    expect(another.path).toBe('programs[2].swaps[0][0]');
    expect(another.expected).toBe('a buffer with one partner, 21');
    const copied = errorOf(withSwaps([[7, 20]]));
    expect(copied.path).toBe('programs[1].copies[0].to');
    expect(copied.expected).toBe('a buffer that changes places with none');
  });

  test('so many that a dispatch would take thousands of bind groups are refused', () => {
    const many = broken((plan) => {
      const programs = plan['programs'] as unknown as Record<string, unknown>[];
      const [train] = programs;
      const ids = [0, 1, 2, 3, 4].map((i) => 30 + 2 * i);
      for (const id of ids)
        for (const one of [id, id + 1])
          plan['buffers']?.push({ ...state, id: one } as unknown as Json);
      // Five programs that exchange one pair each; a dispatch that binds all five.
      for (const [i, id] of ids.entries())
        programs.push({ ...train, name: `p${i}`, dispatches: [], swaps: [[id, id + 1]] });
      const kernel = { ...(plan['kernels'] as unknown as object[])[0], id: 90 };
      const bindings = ids.map(() => ({ access: 'read', minBytes: 16 }));
      plan['kernels']?.push({ ...kernel, bindings } as unknown as Json);
      const binds = ids.map((buffer) => ({ buffer, offset: 0, bytes: 32 }));
      const dispatches = [{ kernel: 90, binds, grid: [1, 1, 1] }];
      programs.push({ ...train, name: 'all', dispatches });
    });
    expect(errorOf(many).expected).toBe('buffers of at most 4 groups that change places');
  });
});

describe('rules of WebGPU about buffers within one dispatch', () => {
  const binds = 'programs[2].dispatches[1].binds';

  test('no kernel writes a constant or an input', () => {
    const error = errorOf(broken(set('programs[2].dispatches[0].binds[1].buffer', 2)));
    expect(error.expected).toContain('a range within');
    const large = broken((plan) => {
      set('buffers[2].bytes', 32)(plan);
      set('programs[2].dispatches[0].binds[1].buffer', 2)(plan);
    });
    expect(errorOf(large).expected).toBe('a buffer that k00_double may write');
  });

  test('a written buffer is not also read', () => {
    const error = errorOf(broken(set(`${binds}[0].buffer`, 6)));
    expect(error.expected).toBe('a written buffer that is not also bound for reading');
  });

  test('written ranges do not overlap, but may lie side by side', () => {
    const twoWrites = (offset: number) =>
      broken((plan) => {
        set('kernels[1].bindings[0].access', 'read_write')(plan);
        set('buffers[6].bytes', 512)(plan);
        set(`${binds}[0].buffer`, 6)(plan);
        set(`${binds}[1].offset`, offset)(plan);
      });
    expect(errorOf(twoWrites(0)).expected).toBe('written ranges that do not overlap');
    expect(() => readPlan(twoWrites(256))).not.toThrow();
  });
});

test('keys like __proto__ are keys and do no harm', () => {
  const json: unknown = JSON.parse(
    JSON.stringify({ ...smallPlan, requires: { features: [], limits: {} } }).replace(
      '"limits":{}',
      '"limits":{"__proto__":5}',
    ),
  );
  const plan = readPlan(json);
  expect(Object.keys(plan.requires.limits)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>)['5']).toBeUndefined();
});

test('a list with holes or a huge text gives a short message', () => {
  const sparse = broken((plan) => {
    const shape: unknown[] = [];
    shape[3] = 1;
    set('tensors[0].shape', shape)(plan);
  });
  expect(errorOf(sparse).path).toBe('tensors[0].shape[0]');
  expect(errorOf(broken(set('tensors[0].role', 'x'.repeat(1e6)))).message.length).toBeLessThan(300);
});
