/** Modules in a page: the emitted JavaScript, imported as it is, computes what a session of the same plan computes there, bit by bit. */
import { expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import { type Plan, pageHost } from '../../runtime/index.ts';
import {
  type Compared,
  differingOutputs,
  differingTraining,
  inputsFor,
  withBoth,
} from '../emit/compare.ts';
import type { LoadedModule } from '../emit/shipped.ts';
import type { ShippedToPage } from './ship-command.ts';

async function importScript(script: string): Promise<LoadedModule> {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  return (await import(/* @vite-ignore */ url)) as LoadedModule;
}

async function openDevice(descriptor: GPUDeviceDescriptor): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('this browser offers no WebGPU adapter');
  return await adapter.requestDevice(descriptor);
}

const comparedOf = ({ plan, choices, weights }: ShippedToPage): Compared => ({
  plan: JSON.parse(plan) as Plan,
  choices,
  weights: Uint8Array.from(weights),
  counted: true,
  below: { label: 10 },
});

test.each([
  { model: 'mlp', rows: [1, 3] },
  { model: 'digits', rows: [4], train: true },
])('$model, train: $train', async ({ model, ...options }) => {
  const shipped = await commands.shipToPage(model, options);
  const [loaded, compared] = [await importScript(shipped.script), comparedOf(shipped)];
  const device = await openDevice(loaded.deviceDescriptor);
  expect(device.features.has('subgroups')).toBe(false);
  await withBoth(loaded, compared, { device, host: pageHost }, async (network, session) => {
    if (options.train === true) {
      const always = () => undefined;
      expect(await differingTraining(network, session, compared, always, 5)).toEqual([]);
    }
    for (const { name, kind } of compared.plan.programs) {
      if (kind !== 'predict') continue;
      const inputs = inputsFor(compared, name, 3);
      expect(await differingOutputs(network, session, name, inputs)).toEqual([]);
    }
  });
  device.destroy();
});

test('the page of docs/shipping.md', async () => {
  const text = await commands.readFile('docs/shipping.md');
  const [, html = ''] = /```html\n([\s\S]*?)```/.exec(text) ?? [];
  expect(html).toContain("from './net.js'");
  const { script } = await commands.shipToPage('glyphs', {
    rows: [1],
    embedWeights: true,
    train: true,
  });
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const frame = document.createElement('iframe');
  frame.srcdoc = html.replace('./net.js', url);
  document.body.append(frame);
  const shown = () => frame.contentDocument?.querySelector('output')?.textContent;
  await expect.poll(shown, { timeout: 20_000 }).toMatch(/^a \d$/);
  frame.remove();
});
