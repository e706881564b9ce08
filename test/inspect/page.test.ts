/** The page of `nnc inspect` in a real Chromium: a line shows its kernels, a kernel its lines, and nothing of a model becomes markup. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layOut } from '../../inspect/graph-layout.ts';
import type { InspectedProgram, Inspection } from '../../inspect/inspection.ts';
import { inspectionPage } from '../../inspect/page.ts';
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

/** The browser of the tests may have no fonts, so that text has no size: elements are asked to click themselves. */
const click = (page: Page, selector: string): Promise<void> =>
  page.$eval(selector, (element) => (element as HTMLElement).click());
const count = (page: Page, selector: string): Promise<number> => page.locator(selector).count();

test('what is embedded is current (else run `node scripts/embed-inspect.ts`)', () => {
  expect(readFileSync(path.join(root, 'inspect/embedded.ts'), 'utf8')).toBe(embeddedPage());
});

test('a layout has every node below what it reads, and none on another', () => {
  const inputs = [[], [], [0, 1], [2], [0, 3], [], [4, 5], [2]];
  const places = layOut(inputs);
  inputs.forEach((own, node) => {
    for (const input of own) expect(places[node]?.[0]).toBeGreaterThan(places[input]?.[0] ?? 99);
  });
  expect(new Set(places.map(String)).size).toBe(places.length);
});

describe('mnist, with times', () => {
  test('lines, kernels, graph and memory are linked', async () => {
    const page = await opened(inspected(path.join(root, 'models/mnist.nn'), '--run'));
    expect(await count(page, '.row')).toBe(16);
    expect(await page.textContent('[data-line="0:4"] .type')).toBe('f32[batch, 10]');
    const kernels = await count(page, '[data-kernel]');
    expect(kernels).toBeGreaterThan(2);
    expect(await count(page, '[data-kernel] .time')).toBe(kernels);
    expect(await count(page, '[data-kernel].on')).toBe(0);

    await click(page, '[data-line="0:6"]');
    expect(await count(page, '.row.on')).toBe(1);
    const chosen = await count(page, '[data-kernel].on');
    expect(chosen).toBeGreaterThan(0);
    expect(chosen).toBeLessThan(kernels);
    expect(await page.textContent('#detail pre')).toContain('@compute');

    await click(page, '[data-kernel="0"]');
    expect(await count(page, '[data-line="0:4"].on')).toBe(1);
    expect(await page.textContent('#detail')).toContain('dense.W');

    await click(page, '#detail .chip');
    expect(await count(page, '.node.on')).toBe(1);
    expect(await count(page, '.node.gradient')).toBeGreaterThan(0);
    expect(await count(page, '.node.optimizer')).toBeGreaterThan(0);
    const withLine = await page.evaluate(() => {
      const { programs } = JSON.parse(document.getElementById('data')?.textContent ?? '');
      const shown = [...document.querySelectorAll<HTMLElement>('.node.forward')];
      const found = shown.find(
        (n) => programs[0].nodes[Number(n.dataset['node'])].lines.length > 0,
      );
      return found?.dataset['node'];
    });
    await click(page, `[data-node="${withLine}"]`);
    expect(await count(page, '.row.on')).toBeGreaterThan(0);

    await click(page, 'nav [data-view=memory]');
    await click(page, '.region');
    expect(await page.textContent('nav .said')).toMatch(/ [kM]?B/);
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
    await page.keyboard.type('no such words');
    expect(await count(page, '[data-kernel]')).toBe(0);
    await page.close();
    expect(errors).toEqual([]);
  });
});

test('three hundred kernels: only what is in sight is there', async () => {
  const html = inspected(path.join(root, 'models/mnist.nn'));
  const [, text = ''] = /id="data">(.*?)<\/script>/s.exec(html) ?? [];
  const small: Inspection = JSON.parse(text);
  const page = await opened(
    inspectionPage({ ...small, programs: small.programs.map(hundredfold) }),
  );
  const all = (small.programs[0]?.kernels.length ?? 0) * 100;
  expect(all).toBeGreaterThanOrEqual(300);
  expect(await count(page, '[data-kernel]')).toBeGreaterThan(10);
  expect(await count(page, '[data-kernel]')).toBeLessThan(80);
  await click(page, '[data-line="0:6"]');
  expect(await page.textContent('nav .said')).toMatch(
    /^line 6: \d{3,} operations, \d{3,} kernels$/,
  );
  await click(page, 'nav [data-view=graph]');
  const nodes = await count(page, '.node');
  expect(nodes).toBeGreaterThan(10);
  expect(nodes).toBeLessThan(400);
  await page.close();
  expect(errors).toEqual([]);
});

/** A program with a hundred copies of everything, one below the other. */
function hundredfold(program: InspectedProgram): InspectedProgram {
  const copies = Array.from({ length: 100 }, (_, i) => i);
  const { nodes, kernels, layers } = program;
  return {
    ...program,
    layers: layers * 100,
    kernels: copies.flatMap((i) =>
      kernels.map((one) => ({ ...one, nodes: one.nodes.map((n) => n + i * nodes.length) })),
    ),
    nodes: copies.flatMap((i) =>
      nodes.map((one) => ({
        ...one,
        inputs: one.inputs.map((n) => n + i * nodes.length),
        kernels: one.kernels.map((k) => k + i * kernels.length),
        at: [one.at[0] + i * layers, one.at[1]] as const,
      })),
    ),
  };
}

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
