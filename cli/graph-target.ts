/** `nnc compile --target dot` and `--target mermaid`: the forward graph, or the step of training, as a drawing's text. */
import type { Model } from '../compiler/model.ts';
import { dotText } from '../emit/graph-dot.ts';
import { drawnGraph } from '../emit/graph-drawing.ts';
import { mermaidText } from '../emit/graph-mermaid.ts';
import { drawnStep } from '../emit/step-drawing.ts';
import type { Output } from './terminal.ts';
import { checkWritable, writeWhole } from './whole-file.ts';

export function graphText(model: Model, target: 'dot' | 'mermaid', step: boolean): string {
  const drawing = step ? drawnStep(model) : drawnGraph(model);
  return target === 'dot' ? dotText(drawing) : mermaidText(drawing);
}

/** To the file, or to standard output where none is named. */
export function writeText(text: string, file: string | undefined, results: Output): void {
  if (file === undefined || file === '-') {
    results.write(text);
    return;
  }
  checkWritable(file, { option: '-o', what: 'graph', example: 'graph.dot' });
  writeWhole(file, text, 'the graph');
  results.line(`${file}: written`);
}
