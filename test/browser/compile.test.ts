/** The compiler in a page makes the very plan that it makes in Node, down to the letter. */
import { expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import { stagePrinter } from '../../compiler/print-stages.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { parse } from '../../grammar/index.ts';

test('mnist.nn in a page, against the golden prints of Node', async () => {
  const text = await commands.readFile('models/mnist.nn');
  const source = { name: 'models/mnist.nn', text };
  const { file } = parse(source);
  const { model } = elaborate(file, { source });
  if (model === undefined) throw new Error('mnist.nn does not elaborate');
  const programs = (['train', 'eval', 'predict'] as const).map((kind) => ({
    kind,
    dims: { batch: 128 },
  }));
  const print = stagePrinter({ file, model, options: { device: portable, programs } });
  for (const stage of ['plan', 'wgsl'] as const) {
    const golden = await commands.readFile(`test/prints/golden/mnist/${stage}.txt`);
    expect(golden.length).toBeGreaterThan(1000);
    expect(print(stage) === golden, stage).toBe(true);
  }
});
