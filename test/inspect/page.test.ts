/** The page of `nnc inspect` in a real Chromium: a line shows its kernels, a kernel its lines, and nothing of a model becomes markup. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layOutCell } from '../../inspect/cell-layout.ts';
import { layOut } from '../../inspect/graph-layout.ts';
import type { Role } from '../../inspect/inspection.ts';
import { sectionsOf } from '../../inspect/sections.ts';
import { chromiumLaunch } from '../../scripts/chromium.ts';
import { embeddedPage } from '../../scripts/embed-inspect.ts';

const root = path.resolve(import.meta.dirname, '../..');
let folder = '';
let browser: Browser;
const errors: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'nnc-inspect-'));
  browser = await chromium.launch(await chromiumLaunch());
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

function inspected(model: string, ...more: readonly string[]): string {
  const output = path.join(folder, 'page.html');
  const bin = path.join(root, 'bin/nnc.js');
  execFileSync(process.execPath, [bin, 'inspect', model, '-o', output, '--portable', ...more]);
  return readFileSync(output, 'utf8');
}

async function opened(html: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.route('https://page.test/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: html }),
  );
  await page.goto('https://page.test/');
  return page;
}

const click = (page: Page, selector: string): Promise<void> =>
  page.locator(selector).first().click();
const count = (page: Page, selector: string): Promise<number> => page.locator(selector).count();

test('what is embedded is current (else run `node scripts/embed-inspect.ts`)', async () => {
  expect(readFileSync(path.join(root, 'inspect/embedded.ts'), 'utf8')).toBe(await embeddedPage());
});

test('a layout has every node below what it reads, and none on another', () => {
  const inputs = [[], [], [0, 1], [2], [0, 3], [], [4, 5], [2]];
  const places = layOut(inputs);
  inputs.forEach((own, node) => {
    for (const input of own) expect(places[node]?.[0]).toBeGreaterThan(places[input]?.[0] ?? 99);
  });
  expect(new Set(places.map(String)).size).toBe(places.length);
});

test('a cell is two boxes wide, and reads upward where it is asked to', () => {
  const inputs = [[], [], [], [0, 1, 2], [3]];
  const { size, at } = layOutCell(inputs, true);
  expect(size.columns).toBe(2);
  inputs.forEach((own, node) => {
    for (const input of own) expect(at[node]?.[0]).toBeLessThan(at[input]?.[0] ?? -1);
  });
});

describe('sections', () => {
  const node = (role: Role, path: string, line: string, ...inputs: readonly number[]) => ({
    role,
    path,
    line,
    inputs,
  });
  test('a layer used twice has two, and its gradients stand beside the use that they are of', () => {
    const { names, sectionOf, laneOf } = sectionsOf([
      { ...node('data', 'shared', '0:1'), name: 'shared.W' },
      node('forward', 'shared', '0:1', 0),
      node('forward', 'other', '0:2', 1),
      node('forward', 'shared', '0:1', 0, 2),
      node('forward', '', '0:3', 3),
      node('gradient', 'shared', '0:1', 4),
      node('gradient', 'other', '0:2', 5),
      node('gradient', 'shared', '0:1', 6),
      node('optimizer', 'shared.W', '0:9', 0, 5, 7),
    ]);
    expect(names).toEqual(['shared', 'other', 'shared', 'line 3']);
    expect(sectionOf).toEqual([0, 0, 1, 2, 3, 2, 1, 0, 0]);
    expect(laneOf[0]).toBe('forward');
  });
  test('what no line stands for is one section, whether it is read on the way forward or by updates', () => {
    const { names, sectionOf } = sectionsOf([
      { ...node('data', 'a', '0:1'), name: 'a.W' },
      { ...node('data', 'b', '0:1'), name: 'b.W' },
      node('forward', '', ''),
      node('forward', 'a', '0:1', 0, 2),
      node('forward', 'b', '0:1', 1, 3),
      node('optimizer', 'a.W', '0:9'),
      node('optimizer', 'a.W', '0:9', 0, 5),
      node('optimizer', 'b.W', '0:9', 1, 5),
    ]);
    expect(names).toEqual(['each step', 'a', 'b']);
    expect(sectionOf.slice(5)).toEqual([0, 1, 2]);
  });
  test('what all updates share belongs to no layer', () => {
    const { names, sectionOf } = sectionsOf([
      { ...node('data', 'a', '0:1'), name: 'a.W' },
      { ...node('data', 'b', '0:1'), name: 'b.W' },
      node('forward', 'a', '0:1', 0),
      node('forward', 'b', '0:1', 1, 2),
      node('optimizer', 'a.W', '0:9'),
      node('optimizer', 'a.W', '0:9', 0, 4),
      node('optimizer', 'b.W', '0:9', 1, 4),
    ]);
    expect(names).toEqual(['a', 'b', 'each step']);
    expect(sectionOf.slice(4)).toEqual([2, 0, 1]);
  });
});

describe('mnist, with times', () => {
  test('lines, kernels, graph and memory are linked', async () => {
    const page = await opened(inspected(path.join(root, 'models/mnist.nn'), '--run'));
    expect(await count(page, '.row')).toBe(16);
    expect(await page.textContent('[data-line="0:4"] .type')).toBe('f32[batch, 10]');
    const kernels = await count(page, '[data-kernel]');
    expect(kernels).toBeGreaterThan(2);
    expect(await count(page, '[data-kernel] .time')).toBe(kernels);
    expect(await page.textContent('[data-kernel="0"] .time')).toMatch(
      /^[\d.]+ [µm]s[\d.]+ % of peak$/,
    );
    expect(await count(page, '[data-kernel].on')).toBe(0);
    await click(page, '[data-order=time]');
    const times = await page.$$eval('[data-kernel] .bar i', (bars) =>
      bars.map((bar) => Number.parseFloat((bar as HTMLElement).style.width)),
    );
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    await click(page, '[data-order=run]');

    // A line shows its kernels.
    await click(page, '[data-line="0:6"]');
    expect(await count(page, '.row.on')).toBe(1);
    const chosen = await count(page, '[data-kernel].on');
    expect(chosen).toBeGreaterThan(0);
    expect(chosen).toBeLessThan(kernels);
    expect(await page.textContent('#detail pre')).toContain('@compute');

    // A kernel shows its lines, and leads to others, to its operations and its tensors.
    await click(page, '[data-kernel="0"]');
    expect(await count(page, '[data-line="0:4"].on')).toBe(1);
    expect(await page.textContent('#detail')).toContain('flop a byte');
    await click(page, '[data-kernel="1"]');
    await page
      .locator('#detail')
      .getByRole('button', { name: /^kernel \d+$/ })
      .first()
      .click();
    expect(await page.textContent('#said')).not.toMatch(/^kernel 1:/);
    await page.locator('#detail').getByRole('button', { name: 'dense.W' }).first().click();
    expect(await page.textContent('#said')).toMatch(/^dense\.W: 1\.61 MB, kept$/);
    expect(await page.textContent('.tensor.on .name')).toBe('dense.W');
    await click(page, 'nav [data-view=kernels]');
    await click(page, '[data-kernel="0"]');
    await click(page, '#detail .chip');
    expect(await count(page, '.node.on')).toBe(1);
    await page.keyboard.press('Escape');

    // In the graph, the gradient of a layer and its update stand beside it; updates are folded at first.
    const middles = await page.evaluate(() =>
      ['forward', 'gradient', 'optimizer'].map((lane) => {
        const all = [...document.querySelectorAll(`.node.${lane}`)];
        const boxes = all.map((one) => one.getBoundingClientRect());
        return {
          least: Math.min(...boxes.map((b) => b.left)),
          most: Math.max(...boxes.map((b) => b.right)),
        };
      }),
    );
    expect(middles[0]?.most).toBeLessThan(middles[1]?.least ?? 0);
    expect(middles[1]?.most).toBeLessThan(middles[2]?.least ?? 0);
    const folded = await count(page, '.node.optimizer');
    await click(page, '[data-fold=optimizer]');
    expect(await count(page, '.node.optimizer')).toBeGreaterThan(folded);
    await click(page, '[data-node]:has-text("contract")');
    expect(await count(page, '.row.on')).toBeGreaterThan(0);
    await click(page, '[data-section]:has-text("scores")');
    expect(await page.textContent('#said')).toMatch(/^scores: \d+ operations$/);

    await click(page, 'nav [data-view=memory]');
    expect(await page.textContent('.curve .label')).toMatch(/^peak \d+ kB$/);
    await click(page, '.region');
    expect(await page.textContent('#said')).toMatch(/ [kM]?B, from kernel \d+ to \d+$/);
    await click(page, '.strip i:last-child');
    expect(await page.textContent('#said')).toMatch(new RegExp(`^kernel ${kernels - 1}:`));
    await page.keyboard.press('Escape');
    await click(page, '[data-line="0:4"]');
    expect(await count(page, '.region.on')).toBeGreaterThan(0);

    await click(page, '[data-program="2"]');
    await click(page, 'nav [data-view=kernels]');
    expect(await count(page, '[data-kernel]')).toBeLessThan(kernels);
    await page.keyboard.press('Escape');
    expect(await count(page, '.on')).toBe(0);
    await page.keyboard.press('j');
    expect(await count(page, '[data-kernel].on')).toBe(1);
    await page.keyboard.press('/');
    await page.keyboard.type('softmax or what');
    expect(await count(page, '[data-kernel]')).toBe(0);
    await page.fill('#search', 'scores.w');
    await page.keyboard.press('Enter');
    expect(await count(page, '[data-kernel].on')).toBe(1);
    await page.close();
    expect(errors).toEqual([]);
  });
});

test('three hundred kernels: only what is in sight is there', async () => {
  const deep = ['--set', 'depth=12', '--size', 't=64'];
  const page = await opened(inspected(path.join(root, 'models/char_transformer.nn'), ...deep));
  expect(await page.textContent('.head .sum')).toMatch(/^3\d\d kernels · /);
  expect(await count(page, '[data-kernel]')).toBeGreaterThan(10);
  expect(await count(page, '[data-kernel]')).toBeLessThan(80);
  // What stays in sight while it scrolls is not made anew: a press and its release must find the same element.
  const row = page.locator('[data-kernel="10"]');
  const pressed = await row.elementHandle();
  await page.locator('.kernels').evaluate((list) => list.scrollTo({ top: 850 }));
  await page.locator('[data-kernel="0"]').waitFor({ state: 'detached' });
  expect(await pressed?.evaluate((element) => element.isConnected)).toBe(true);
  await click(page, '[data-line="0:14"]');
  expect(await page.textContent('#said')).toMatch(/^line 14: \d{3,} operations, \d{3,} kernels$/);
  await page.keyboard.press('Escape');
  // Folded, a box for each layer and lane; unfolded, thousands, of which few are made.
  await click(page, 'nav [data-view=graph]');
  for (const lane of ['forward', 'gradient', 'optimizer']) await click(page, `[data-fold=${lane}]`);
  const nodes = await count(page, '.node');
  expect(nodes).toBeGreaterThan(10);
  expect(nodes).toBeLessThan(400);
  // The search goes from match to match wherever they are.
  await page.fill('#search', 'blocks.11.block.ffn.dense.w');
  await page.keyboard.press('Enter');
  await page.locator('.node.on:has-text("W")').first().waitFor();
  await page.close();
  expect(errors).toEqual([]);
});

test('names and comments stay text', async () => {
  const model = path.join(folder, 'hostile.nn');
  writeFileSync(
    model,
    '# </script><img src=x onerror="document.title = 1"> <!-- `\ninput x: f32[n, 2]\noutput y = x |> dense(2)\n',
  );
  const page = await opened(inspected(model));
  expect(await count(page, 'img')).toBe(0);
  expect(await page.title()).toBe('hostile · nnc inspect');
  expect(await page.textContent('[data-line="0:1"]')).toContain('</script><img src=x');
  await page.close();
  expect(errors).toEqual([]);
});

test('what is wrong is a message', () => {
  const run = (...args: readonly string[]): string => {
    try {
      return execFileSync(process.execPath, [path.join(root, 'bin/nnc.js'), 'inspect', ...args], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      return String((error as { stderr?: string }).stderr);
    }
  };
  expect(run('nowhere.nn')).toContain('nowhere.nn');
  expect(
    run(path.join(root, 'models/mnist.nn'), '-o', path.join(folder, 'none', 'x.html')),
  ).toContain('none');
});
