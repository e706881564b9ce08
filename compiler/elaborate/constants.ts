/** Constants whose value comes from outside of the file: `--set depth=9`, `resnet(depth=9)`. */
import type { File } from '../../grammar/ast.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import { evaluateName } from './names.ts';
import type { SetValue } from './options.ts';
import { complain, describe } from './report.ts';
import type { Run } from './run.ts';
import { number, type Place, type Scope, unknown, type Value } from './value.ts';

/** The given value, of the same kind as the one that the file has; unknown after a report. */
export function fittingConstant(
  run: Run,
  name: string,
  usual: Value,
  given: Value,
  place: Place,
): Value {
  if (usual.kind === 'unknown' || given.kind === 'unknown') return given;
  if (given.kind === 'tensor') return complain(run, 'NN0410', { what: `\`${name}\`` }, place);
  const [wanted, is] = [kindOf(usual), kindOf(given)];
  if (wanted === is) return given;
  return complain(
    run,
    'NN0314',
    { text: name, is: describe(given), needed: `it is ${wanted} in the file, ${describe(usual)}` },
    place,
  );
}

/** Kinds that may stand for each other have one phrase. */
function kindOf(value: Value): string {
  switch (value.kind) {
    case 'number':
    case 'size':
      return 'a number';
    case 'bool':
      return '`true` or `false`';
    case 'string':
      return 'a string';
    case 'dtype':
      return 'an element type';
    case 'list':
    case 'tuple':
      return 'a list';
    case 'tensor':
    case 'unknown':
      return value.kind;
    default:
      return 'a layer or function';
  }
}

/**
 * `--set name=value` in place of the file's own constants. `usual` has them as they stand in the file: a
 * value computed there is not kept.
 */
export function setConstants(
  run: Run,
  file: File,
  scope: Scope,
  usual: () => Scope,
  set: Readonly<Record<string, SetValue>>,
): void {
  const names = Object.keys(set);
  const home = names.length === 0 ? scope : usual();
  for (const name of names) {
    const raw = set[name];
    const binding = scope.names.get(name);
    const place = binding?.place;
    if (binding?.kind !== 'const' || place === undefined) {
      unknownConstant(run, file, name, scope);
      continue;
    }
    const value =
      raw === undefined
        ? unknown
        : fittingConstant(run, name, evaluateName(run, name, place, home), asValue(raw), place);
    scope.names.set(name, { kind: 'const', value, place });
  }
}

function asValue(raw: SetValue): Value {
  switch (typeof raw) {
    case 'number':
      return number(raw);
    case 'boolean':
      return { kind: 'bool', value: raw };
    case 'string':
      return { kind: 'string', value: raw };
    default:
      return { kind: 'list', items: raw.map(asValue) };
  }
}

function unknownConstant(run: Run, file: File, name: string, scope: Scope): void {
  const constants = file.items.flatMap((i) => (i.kind === 'const' ? [i.name.text] : []));
  const near = nearest(name, constants);
  const help =
    constants.length === 0
      ? 'this file has no `const`'
      : near === undefined
        ? `its constants are ${constants.map((c) => `\`${c}\``).join(', ')}`
        : `did you mean \`${near}\`?`;
  const start: Place = { source: scope.source, span: { start: 0, end: 0 } };
  complain(run, 'NN0301', { name }, start, { help: `--set: ${help}` });
}
