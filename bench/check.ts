/**
 * How long `nnc check` takes for a file of 300 lines, behind the start of the program: the first time
 * in a process, as the command does it, and warm, as an editor does. `node bench/check.ts [runs]`.
 */
import { execFileSync } from 'node:child_process';
import { checkSource } from '../cli/load-model.ts';

/** A classifier of `depth` layers that are each written out, with comments, outputs and metrics. */
function program(depth: number): string {
  const lines = ['nn 0.1', '# A deep classifier.', 'input x: f32[n, 64]', 'input label: u8[n]', ''];
  for (let i = 0; i < depth; i++) {
    lines.push(
      `## The layer number ${i}: a product, a softmax over it, and the way around both.`,
      `layer block${i}(d: dim)(v: f32[..., d]) {`,
      '  param w: f32[d, d] = glorot(d, d)',
      '  param b: f32[d] = 0',
      '  # Shifted, so that nothing overflows.',
      '  let h = v @ w + b',
      '  let e = exp(h - max(h, axis=-1, keepdims=true))',
      '  return e / sum(e, axis=-1, keepdims=true) + v',
      '}',
      `let h${i} = ${i === 0 ? 'x' : `h${i - 1}`} |> block${i}(64) |> dense(64) |> relu |> layer_norm`,
      `let m${i} = mean(h${i}, axis=-1)`,
      `output o${i} = m${i} * 2`,
      `metric q${i} = mean(abs(m${i}))`,
      '',
    );
  }
  lines.push(
    `let logits = h${depth - 1} |> dense(10)`,
    'loss = softmax_crossentropy(logits, label)',
    'metric accuracy = accuracy(logits, label)',
    'train { optimizer: adam(lr=1e-3), batch: 32, epochs: 2 }',
    '',
  );
  return lines.join('\n');
}

/** Milliseconds of one check in this process. */
function timeOf(text: string): number {
  const start = performance.now();
  const { diagnostics } = checkSource({ name: 'deep.nn', text }, { onlyCheck: true });
  if (diagnostics.length > 0) throw new Error('the program of this measurement has a mistake');
  return performance.now() - start;
}

const text = program(21);
const [mode = '9'] = process.argv.slice(2);
if (mode === '--once') {
  console.log(timeOf(text));
} else {
  const median = (times: readonly number[]): string =>
    (times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN).toFixed(0);
  const runs = Array.from({ length: Number(mode) });
  const cold = runs.map(() =>
    Number(execFileSync(process.execPath, [import.meta.filename, '--once'], { encoding: 'utf8' })),
  );
  const warm = Array.from({ length: 30 }, () => timeOf(text)).slice(-runs.length);
  console.log(`${text.split('\n').length} lines, 21 written layers, 128 parameters, adam`);
  console.log(
    `first check of a process  ${median(cold)} ms (least ${Math.min(...cold).toFixed(0)})`,
  );
  console.log(
    `warm                      ${median(warm)} ms (least ${Math.min(...warm).toFixed(0)})`,
  );
}
