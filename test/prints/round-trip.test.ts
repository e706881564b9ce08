/** The printed graph of every model, before and after every pass, reads back as the same graph. */
import { expect, test } from 'vitest';
import { bindProgram } from '../../compiler/compile.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { parseGraph } from '../../compiler/graph/parse-text.ts';
import { type NamedResult, printGraph } from '../../compiler/graph/print.ts';
import { builtinOps } from '../../compiler/ops/registry.ts';
import { forwardResults, namedResults } from '../../compiler/print-stages.ts';
import { exampleModel, exampleNames } from '../support/example-models.ts';

test.each(exampleNames)('%s', (name) => {
  const { model, programs } = exampleModel(name);
  const { graph, training, evaluation } = model;
  const stages = new Map<string, readonly NamedResult[]>([
    ['forward, training', forwardResults(training)],
    ['forward, evaluation', forwardResults(evaluation)],
  ]);
  for (const program of programs)
    bindProgram(model, program, {
      onStage(stage) {
        if (stage.kind === 'graph')
          stages.set(`${stage.program} after ${stage.pass}`, namedResults(stage.results));
      },
    });
  expect(stages.size).toBeGreaterThan(5);

  for (const [stage, results] of stages) {
    const text = printGraph(graph, results);
    // Equal nodes are one object within a graph.
    const again = parseGraph(text, builtinOps, graph);
    expect(
      again.results.map((r) => r.name),
      stage,
    ).toEqual(results.map((r) => r.name));
    for (const [i, { node }] of again.results.entries()) {
      expect(node === results[i]?.node, `${stage}: ${results[i]?.name}`).toBe(true);
    }
    const elsewhere = parseGraph(text, builtinOps, new Graph());
    expect(printGraph(elsewhere.graph, elsewhere.results), stage).toBe(
      printGraph(graph, results, { origins: false }),
    );
  }
});
