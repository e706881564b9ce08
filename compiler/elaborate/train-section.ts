/**
 * The `train` sections of a file. The unnamed one holds the trainer's defaults, and with no other
 * beside it also says what is trained and how; named ones do that each for a part of the parameters.
 */
import type { Entry, File, Section } from '../../grammar/ast.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import { lineAt } from '../../grammar/source.ts';
import type { TrainDefaults } from '../model.ts';
import { entryOf, otherKeys } from './other-frameworks.ts';
import { complain, refusePolicy } from './report.ts';
import type { Run } from './run.ts';
import { defaultKeys, readDefault } from './train-defaults.ts';
import type { Place, Scope } from './value.ts';

export interface TrainSections {
  readonly defaults: TrainDefaults;
  /** In the order in which they run. */
  readonly sections: readonly SectionSource[];
}

/** What a section says; its names are looked up where the losses and parameters are known. */
export interface SectionSource {
  readonly name?: string;
  /** Its name, or the whole section. */
  readonly place: Place;
  /** Named sections take what they do not say themselves from the unnamed one. */
  readonly entries: ReadonlyMap<SectionKey, Entry>;
}

const sectionKeys = ['optimizer', 'clip', 'freeze', 'minimize', 'params', 'every'] as const;
export type SectionKey = (typeof sectionKeys)[number];
/** What the unnamed section may say for all named ones. */
const inheritedKeys = ['optimizer', 'clip', 'freeze'] as const;
export type InheritedKey = (typeof inheritedKeys)[number];
const keys: readonly string[] = [...sectionKeys, ...defaultKeys];

const isInherited = (key: SectionKey): key is InheritedKey =>
  (inheritedKeys as readonly SectionKey[]).includes(key);
const isSectionKey = (key: string): key is SectionKey =>
  (sectionKeys as readonly string[]).includes(key);

export function readTrainSections(run: Run, file: File, scope: Scope): TrainSections {
  const { source } = scope;
  const all = sectionsOf(run, file, scope);
  const unnamed = all.find((section) => section.name === undefined);
  const named = all.filter((section) => section.name !== undefined);
  let defaults: TrainDefaults = {};
  const common = new Map<SectionKey, Entry>();
  for (const entry of entriesOf(run, unnamed, scope)) {
    const { text, span } = entry.key;
    if (!isSectionKey(text)) defaults = { ...defaults, ...readDefault(run, entry, scope) };
    else if (named.length === 0 || isInherited(text)) common.set(text, entry);
    else complain(run, 'NN0501', { problem: 'shared', key: text }, { source, span });
  }
  const sections = named.map((section): SectionSource => {
    const entries = new Map(common);
    for (const entry of entriesOf(run, section, scope)) {
      const { text, span } = entry.key;
      if (isSectionKey(text)) entries.set(text, entry);
      else complain(run, 'NN0501', { problem: 'own', key: text }, { source, span });
    }
    const { name = { text: '', span: section.span } } = section;
    return { name: name.text, place: { source, span: name.span }, entries };
  });
  if (sections.length === 0)
    sections.push({
      place: { source, span: unnamed?.span ?? { start: 0, end: 0 } },
      entries: common,
    });
  return { defaults, sections };
}

/** A second section of the same name, or a second one without, is reported and left out. */
function sectionsOf(run: Run, file: File, { source }: Scope): readonly Section[] {
  const found = new Map<string, Section>();
  for (const item of file.items) {
    if (item.kind === 'policy') refusePolicy(run, { source, span: item.span });
    if (item.kind !== 'train') continue;
    const name = item.name?.text ?? '';
    const first = found.get(name);
    if (first === undefined) {
      found.set(name, item);
      continue;
    }
    const line = lineAt(source.text, first.span.start);
    const what = name === '' ? 'train' : `train ${name}`;
    const head = { start: item.span.start, end: item.span.start + 'train'.length };
    complain(
      run,
      'NN0303',
      { name: what, kind: 'a section', line },
      { source, span: item.name?.span ?? head },
      {
        help:
          name === ''
            ? 'put the keys of both into one, or name the sections: `train critic { … }`'
            : 'choose another name',
      },
    );
  }
  return [...found.values()];
}

/** Those with a key that exists, each once. */
function entriesOf(run: Run, section: Section | undefined, { source }: Scope): readonly Entry[] {
  const seen = new Set<string>();
  return (section?.entries ?? []).filter((entry) => {
    const key = entry.key.text;
    const place: Place = { source, span: entry.key.span };
    if (!keys.includes(key)) {
      const suggestion = nearest(key, keys);
      const help = entryOf(otherKeys, key);
      complain(run, 'NN0501', { problem: 'key', key, suggestion }, place, { help });
      return false;
    }
    if (seen.has(key)) {
      complain(run, 'NN0305', { callee: 'train', problem: 'duplicate', argument: key }, place);
      return false;
    }
    seen.add(key);
    return true;
  });
}
