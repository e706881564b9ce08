/** What must hold of the canonical form of a text without syntax errors, and of the model that it means. */
import { type ElaborateOptions, elaborate } from '../../../compiler/elaborate/elaborate.ts';
import { type NamedResult, printGraph } from '../../../compiler/graph/print.ts';
import type { Model } from '../../../compiler/model.ts';
import { forwardResults } from '../../../compiler/print-stages.ts';
import {
  type File,
  formatSource,
  parse,
  printAst,
  renderAll,
  type Source,
} from '../../../grammar/index.ts';
import type { Must } from './check-messages.ts';
import { readImport } from './imported.ts';

/** The canonical text. */
export function checkFormat(source: Source, file: File, must: Must): Source {
  must('the canonical text keeps the tree and all comments');
  const { text, isFaithful } = formatSource(source);
  if (text === undefined || !isFaithful) throw new Error(`it becomes\n${text}`);
  const canonical = { ...source, text };
  if (printAst(parse(canonical).file) !== printAst(file)) throw new Error(`it becomes\n${text}`);
  must('the canonical text stays as it is');
  const again = formatSource(canonical).text;
  if (again !== text) throw new Error(`it becomes\n${text}\nand that\n${again}`);
  return canonical;
}

/** `model` is what the text itself means. */
export function checkMeaning(model: Model, canonical: Source, must: Must): void {
  must('the canonical text means the same');
  const again = modelOf(canonical, { onlyCheck: true });
  if (graphText(model) !== graphText(again))
    throw new Error(`\n${graphText(model)}\nand of the canonical text\n${graphText(again)}`);
}

/** Of a text without errors. */
export function modelOf(source: Source, options: Partial<ElaborateOptions> = {}): Model {
  const { file } = parse(source);
  const { model, diagnostics } = elaborate(file, { source, readImport, ...options });
  if (model === undefined)
    throw new Error(renderAll(diagnostics, (name) => (name === source.name ? source : undefined)));
  return model;
}

/** All that it computes, with the initial values. */
function graphText(model: Model): string {
  const results: NamedResult[] = [
    ...forwardResults(model.training),
    ...forwardResults(model.evaluation),
    ...[...model.params, ...model.states].map(({ path, init }) => ({ name: path, node: init })),
  ];
  return printGraph(model.graph, results, { origins: false });
}

export function checkAgreement(text: string, { training, evaluation }: Model, must: Must): void {
  must('training and evaluation agree where nothing depends on it');
  if (/\b(training|dropout|batch_norm|update|attention)\b/.test(text)) return;
  const [first, second] = [forwardResults(training), forwardResults(evaluation)];
  for (const [i, { name, node }] of first.entries())
    if (second[i]?.node !== node) throw new Error(`${name} differs`);
}
