/** A function of the program as what the elaborator runs twice: once for training, once for evaluation. */
import {
  declarationsOf,
  preludeScope,
  stateFacts,
} from '../compiler/elaborate/declarations-of-file.ts';
import type { RunProgram } from '../compiler/elaborate/elaborate.ts';
import { newLibrary } from '../compiler/elaborate/imports.ts';
import { newRun } from '../compiler/elaborate/new-run.ts';
import { prelude } from '../compiler/elaborate/prelude.ts';
import { newScope } from '../compiler/elaborate/scope.ts';
import { readTrainSections } from '../compiler/elaborate/train-section.ts';
import type { NamedBody } from '../compiler/elaborate/value.ts';
import type { File } from '../grammar/index.ts';
import { Building, within } from './building.ts';
import type { CallSite } from './call-site.ts';
import { toValue } from './convert.ts';

/** What a run of a program leaves for messages. */
export interface Ran {
  readonly building: Building;
}

/** Runs `body` in a new building; `done` is told of it. */
export function programOf(
  site: CallSite,
  seed: number,
  body: (building: Building) => void,
  done: (building: Building) => void,
): RunProgram {
  return (registry, training, solved) => {
    const { source } = site;
    const run = newRun(registry, source, newLibrary(undefined), training, seed, solved);
    const owner: NamedBody = { kind: 'file', name: source.name, prefix: '', ancestry: [] };
    const std = preludeScope(run, prelude);
    const declarations = declarationsOf(run, { source, file: fileOf([]) }, std, owner);
    const scope = newScope(declarations, source, owner);
    const building = new Building(run, std, scope);
    done(building);
    building.attempt(site, () => within(building, () => body(building)));
    for (const dim of building.dims) stateFacts(run, dim.file, { ...scope, source: dim.source });
    const trainSource = building.trainedAt?.source ?? source;
    const inTrain: NamedBody = { ...owner, kind: 'train', prefix: 'train!' };
    const trainScope = newScope(scope, trainSource, inTrain);
    const at = building.trainedAt?.whole ?? site.whole;
    building.inside(trainScope, () =>
      within(building, () => {
        for (const [name, x] of building.late)
          trainScope.names.set(name, { kind: 'argument', value: toValue(building, x, at) });
      }),
    );
    const train = readTrainSections(run, fileOf(building.sections), trainScope);
    return { run, train, scope: trainScope };
  };
}

const fileOf = (items: File['items']): File => ({
  kind: 'file',
  items,
  span: { start: 0, end: 0 },
});
