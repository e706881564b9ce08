/**
 * `import "resnet.nn" as resnet` and `import mha, block from "./attention.nn"`: reading the files that a file
 * names, and declaring what they bring. A file is read and parsed once; reading itself is the caller's.
 */

import type { File, Import, LayerDecl, Name } from '../../grammar/ast.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { nearest } from '../../grammar/did-you-mean.ts';
import { parse } from '../../grammar/parse.ts';
import type { Source } from '../../grammar/source.ts';
import { fileAsLayer, outputNames } from './file-layer.ts';
import { checkVersion } from './language-version.ts';
import { evaluateName } from './names.ts';
import { complain } from './report.ts';
import type { Run } from './run.ts';
import { isPrivate } from './scope.ts';
import type { Binding, NamedBody, Place, Scope } from './value.ts';

/** Finds the text of a file: `path` as written, `from` the name of the source that imports it. */
export type ReadImport = (path: string, from: string) => Source | Unreadable;

/** Where it was looked for, and what is known about why it is not there. */
export interface Unreadable {
  readonly tried: string;
  readonly reason?: string | undefined;
  readonly help?: string | undefined;
}

export interface ImportedFile {
  readonly source: Source;
  readonly file: File;
  /** Of its syntax. */
  readonly diagnostics: readonly Diagnostic[];
  /** The file as a layer: its constants, inputs and statements. */
  readonly layer: LayerDecl;
}

/** The files that were imported, by name; shared by all elaborations of a program. */
export interface Library {
  readonly read: ReadImport | undefined;
  readonly files: Map<string, ImportedFile>;
}

export const newLibrary = (read: ReadImport | undefined): Library => ({ read, files: new Map() });

/** What a file imports becomes known in `target`; unknown names stand for what is not there. */
export function declareImport(
  run: Run,
  item: Import,
  target: Scope,
  declareName: (name: Name, binding: Binding) => void,
): void {
  const place: Place = { source: target.source, span: item.path.span };
  const imported = load(run, item.path.text, place);
  const namespace = imported && namespaceOf(run, imported, target, place);
  const missing = (name: Name): Binding => ({
    kind: 'import',
    value: { kind: 'unknown' },
    place: { source: target.source, span: name.span },
  });
  if (item.as !== undefined)
    declareName(
      item.as,
      imported === undefined || namespace === undefined
        ? missing(item.as)
        : {
            ...missing(item.as),
            value: {
              kind: 'template',
              name: item.as.text,
              decl: imported.layer,
              scope: namespace,
              ancestry: [],
              file: imported.file,
            },
          },
    );
  for (const name of item.names)
    declareName(
      name,
      (imported && namespace && taken(run, name, imported, namespace, target.source)) ??
        missing(name),
    );
}

/** The file, parsed; undefined after a report. */
function load(run: Run, path: string, place: Place): ImportedFile | undefined {
  const { read, files } = run.library;
  const found = read?.(path, place.source.name);
  if (found === undefined || 'tried' in found) {
    complain(run, 'NN0308', { path, tried: found?.tried }, place, {
      facts: found?.reason === undefined ? [] : [found.reason],
      help:
        found === undefined
          ? 'this program was given as text, without files beside it'
          : found.help,
    });
    return undefined;
  }
  const known = files.get(found.name);
  if (known !== undefined) return reported(run, known, place);
  const { file, diagnostics } = parse(found);
  const imported: ImportedFile = {
    source: found,
    file,
    diagnostics,
    layer: fileAsLayer(found, file),
  };
  files.set(found.name, imported);
  return reported(run, imported, place);
}

/** Nothing is made of a file that has mistakes in its syntax; they are reported, with the place of the import. */
function reported(run: Run, imported: ImportedFile, place: Place): ImportedFile | undefined {
  const note = { message: 'imported here', file: place.source.name, span: place.span };
  checkVersion(run, imported.file, imported.source);
  for (const d of imported.diagnostics) run.diagnostics.push({ ...d, notes: [...d.notes, note] });
  return imported.diagnostics.some((d) => d.severity === 'error') ? undefined : imported;
}

/** The declarations of an imported file, with its constants as they stand there; undefined after a report. */
function namespaceOf(
  run: Run,
  imported: ImportedFile,
  target: Scope,
  place: Place,
): Scope | undefined {
  const { name } = imported.source;
  const known = run.namespaces.get(name);
  if (known !== undefined) return known;
  const start = run.importing.findIndex((one) => one.name === name);
  if (start >= 0) {
    const names = [...run.importing.slice(start).map((one) => one.name), name];
    complain(run, 'NN0308', { path: name, cycle: names.join(' -> ') }, place);
    return undefined;
  }
  run.importing.push({ name, place });
  const body: NamedBody = { kind: 'file', name, prefix: '', ancestry: [] };
  const namespace = run.declare(imported, target.parent, body);
  run.importing.pop();
  run.namespaces.set(name, namespace);
  return namespace;
}

/** One declaration of an imported file; undefined after a report. */
export function taken(
  run: Run,
  name: Name,
  imported: Pick<ImportedFile, 'source' | 'file'>,
  namespace: Scope,
  by: Source,
): Binding | undefined {
  const place: Place = { source: by, span: name.span };
  const binding = namespace.names.get(name.text);
  if (binding !== undefined && !isPrivate(name.text))
    return { kind: binding.kind, value: evaluateName(run, name.text, place, namespace), place };
  complain(run, 'NN0301', { name: name.text, where: imported.source.name }, place, {
    help: whyNot(name.text, imported, namespace, binding !== undefined),
  });
  return undefined;
}

function whyNot(
  name: string,
  { file, source }: Pick<ImportedFile, 'source' | 'file'>,
  namespace: Scope,
  there: boolean,
): string {
  if (there) return `names that start with \`_\` are private to their file, ${source.name}`;
  const names = [...namespace.names.keys()].filter((n) => !isPrivate(n));
  const near = nearest(name, names);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (
    outputNames(file).includes(name) ||
    file.items.some((i) => 'name' in i && i.name?.text === name)
  )
    return `it is a statement of ${source.name}; the whole file is a layer: \`import "..." as net\``;
  return names.length === 0
    ? `${source.name} declares nothing: the whole file is a layer, \`import "..." as net\``
    : `${source.name} declares ${names.map((n) => `\`${n}\``).join(', ')}`;
}
