/** The library as declarations: the prelude, file by file, and what is built into the compiler, topic by topic. Pure. */
import type { Builtin } from '../compiler/elaborate/builtins/builtin.ts';
import { gatheringBuiltins } from '../compiler/elaborate/builtins/gathering.ts';
import { gradientBuiltins } from '../compiler/elaborate/builtins/gradient.ts';
import { builtins } from '../compiler/elaborate/builtins/index.ts';
import { mathBuiltins } from '../compiler/elaborate/builtins/math.ts';
import { notYetBuiltins } from '../compiler/elaborate/builtins/not-yet.ts';
import { optionBuiltins } from '../compiler/elaborate/builtins/options.ts';
import { randomBuiltins } from '../compiler/elaborate/builtins/random.ts';
import { reductionBuiltins } from '../compiler/elaborate/builtins/reductions.ts';
import { valueBuiltins } from '../compiler/elaborate/builtins/values.ts';
import { viewBuiltins } from '../compiler/elaborate/builtins/views.ts';
import { documentedPrelude } from '../compiler/elaborate/documented-prelude.ts';
import { entryOf, otherFrameworks } from '../compiler/elaborate/other-frameworks.ts';
import { isPrivate } from '../compiler/elaborate/scope.ts';
import { nearest } from '../grammar/index.ts';
import { type Declared, declarationsIn } from './declarations.ts';
import { EXIT, UserError } from './failure.ts';

const topics: readonly (readonly [topic: string, builtins: readonly Builtin[]])[] = [
  ['element by element', mathBuiltins],
  ['reductions', reductionBuiltins],
  ['shapes', viewBuiltins],
  ['new tensors and types', valueBuiltins],
  ['rows and order', gatheringBuiltins],
  ['random', randomBuiltins],
  ['derivatives', gradientBuiltins],
  ['options', optionBuiltins],
];

/** `file` is the prelude's file, or `built in: TOPIC`. */
export const library = (): readonly Declared[] => [
  ...documentedPrelude
    .flatMap(({ file, source }) => declarationsIn(file, source))
    .filter(({ name }) => !isPrivate(name)),
  ...builtIn(),
];

function builtIn(): readonly Declared[] {
  const missing = new Set(notYetBuiltins.map((one) => one.name));
  const topicOf = new Map(topics.flatMap(([topic, all]) => all.map((one) => [one.name, topic])));
  return [...builtins.values()]
    .filter(({ name }) => !missing.has(name))
    .map(({ name, parameters, doc }): Declared => {
      const names = parameters.map(
        (one) => `${one.name}${one.skippable ? '?' : ''}${one.optional ? '=' : ''}`,
      );
      const signature = `${name}(${names.join(', ')})`;
      const topic = topicOf.get(name);
      return {
        kind: 'built in',
        name,
        signature,
        short: signature,
        doc,
        text: '',
        file: topic === undefined ? 'built in' : `built in: ${topic}`,
        line: 0,
        params: parameters.map((one) => ({
          name: one.name,
          type: '',
          optional: one.optional || one.skippable,
        })),
        tensors: [],
        owned: [],
      };
    });
}

/** What to say of a name that the library does not have; `command` lists those that it has. */
export function unknown(name: string, command: string): UserError {
  if (notYetBuiltins.some((one) => one.name === name))
    return new UserError(
      `\`${name}\` belongs to the language, but this version does not compile it`,
      'docs/language.md, section 8, has the list',
    );
  const near = nearest(
    name,
    library().map((one) => one.name),
  );
  const hint = near === undefined ? undefined : `did you mean \`${near}\`?`;
  return new UserError(
    `the library has nothing called \`${name}\``,
    entryOf(otherFrameworks, name) ?? hint ?? `${command} lists all`,
    EXIT.usage,
  );
}
