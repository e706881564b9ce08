/** What the prelude asks about the options of its functions: whether one is given, and whether its word is known. */
import { nearest } from '../../../grammar/did-you-mean.ts';
import { complain, textAt } from '../report.ts';
import { bool, type Value } from '../value.ts';
import { type Builtin, type Call, define, needsStatic, operand } from './builtin.ts';

/** An option that may be left out has the default `[]`; any other value is given. */
function given(c: Call): Value {
  const { value } = operand(c, 'option');
  if (value.kind === 'unknown') return value;
  return bool(value.kind !== 'list' || value.items.length > 0);
}

/** The word, if it is one of the list: `one_of(reduction, ["mean", "sum", "none"])`. */
function oneOf(c: Call): Value {
  const option = operand(c, 'option');
  const words = operand(c, 'words').value;
  if (option.value.kind === 'unknown') return option.value;
  const known =
    words.kind === 'list' ? words.items.flatMap((w) => (w.kind === 'string' ? w.value : [])) : [];
  const allowed = known.map((w) => `"${w}"`).join(', ');
  if (option.value.kind !== 'string') {
    needsStatic(c, 'option', option, `one of ${allowed}`);
    return { kind: 'unknown' };
  }
  const { value } = option.value;
  if (known.includes(value)) return option.value;
  const suggestion = nearest(value, known);
  return complain(
    c.run,
    'NN0307',
    { option: textAt(option.place), value, allowed, suggestion },
    option.place,
  );
}

export const optionBuiltins: readonly Builtin[] = [
  define('given', 'option', 'Whether an option whose default is `[]` was given.', given),
  define(
    'one_of',
    'option, words',
    'The word, if it is one of the list; else a message that names them.',
    oneOf,
  ),
];
