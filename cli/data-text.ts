/** What a person is told of data: which column feeds which input, which number is which class. Pure. */
import type { ColumnChoice } from '../compiler/model.ts';
import type { Feed } from '../train/index.ts';
import { grouped } from './numbers.ts';
import { shownName } from './shown-name.ts';

/** Inputs that a column of another name feeds without having been told to: `label is fed by c4`. */
export function boundColumns(feed: Feed, told: ColumnChoice | undefined): readonly string[] {
  const others = feed.columns.filter(
    ({ input, column }) => input !== column && told?.[input] === undefined,
  );
  if (others.length === 0) return [];
  const pairs = others.map(
    ({ input, column }) => `\`${input}\` is fed by the column \`${column}\``,
  );
  return [pairs.join(', ')];
}

const SHOWN_CLASSES = 12;

/** `label: 0 setosa, 1 versicolor, 2 virginica`; of characters, how many there are. */
export function classText(column: string, names: readonly string[]): string {
  if (names.every((name) => [...name].length === 1) && names.length > 1)
    return `\`${column}\` has ${grouped(names.length)} different characters`;
  const shown = names.slice(0, SHOWN_CLASSES).map((name, number) => `${number} ${shownName(name)}`);
  const rest = names.length > SHOWN_CLASSES ? ', …' : '';
  return `the classes of \`${column}\`: ${shown.join(', ')}${rest}`;
}
