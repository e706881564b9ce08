/** Which round is the best, and when patience is at its end. */
import { expect, test } from 'vitest';
import { placeAt } from '../../train/fit-event.ts';
import { exhausted, type Monitor, unwatched, watch } from '../../train/monitor.ts';

/** The epochs taken for the best so far, and after which epoch it ends. */
function follow(monitor: Monitor, values: readonly number[]) {
  let state = unwatched;
  const best: number[] = [];
  for (const [index, value] of values.entries()) {
    const place = placeAt((index + 1) * 3, 300, 3);
    const measured = { train: new Map(), validation: new Map([['m', value]]) };
    state = watch(monitor, state, place, measured);
    if (state.waited === 0) best.push(place.epoch);
    if (exhausted(monitor, state)) return { best, ends: place.epoch, value: state.best?.value };
  }
  return { best, ends: undefined, value: state.best?.value };
}

const monitor: Monitor = { name: 'm', rows: 'validation', better: 'less', minDelta: 0 };

test.each<[string, Monitor, readonly number[], ReturnType<typeof follow>]>([
  ['less is better', monitor, [3, 2, 2, 1, 5], { best: [1, 2, 4], ends: undefined, value: 1 }],
  [
    'more is better',
    { ...monitor, better: 'more' },
    [3, 2, 4],
    { best: [1, 3], ends: undefined, value: 4 },
  ],
  [
    'patience counts rounds in a row',
    { ...monitor, patience: 2 },
    [3, 4, 2, 2, 2, 1],
    { best: [1, 3], ends: 5, value: 2 },
  ],
  [
    'steps smaller than minDelta do not count, however many',
    { ...monitor, minDelta: 0.5, patience: 3 },
    [3, 2.8, 2.6, 2.4, 2.2],
    { best: [1, 4], ends: undefined, value: 2.4 },
  ],
  [
    'what is not finite is never the best, also as the first',
    { ...monitor, patience: 3 },
    [Number.NaN, Number.POSITIVE_INFINITY, 9, Number.NaN, Number.NEGATIVE_INFINITY, Number.NaN],
    { best: [3], ends: 6, value: 9 },
  ],
])('%s', (_, given, values, expected) => {
  expect(follow(given, values)).toEqual(expected);
});

test('a name that is not measured is never better', () => {
  const state = watch(monitor, unwatched, placeAt(3, 3, 3), { train: new Map([['m', 1]]) });
  expect(state).toEqual({ waited: 1 });
});
