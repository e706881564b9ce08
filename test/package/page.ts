/** Runs a bundle in a page of the real Chromium. */
import { chromium } from 'playwright';
import { chromiumLaunch } from '../../scripts/chromium.ts';
import type { Bundle } from './bundle.ts';
import type { Used } from './consumer/used.ts';

/** WebGPU is only where the connection is safe; nobody answers there but the route. */
const origin = 'https://page.test';

/** What the program of `consumer/page.ts` leaves behind. Rejects with what it throws. */
export async function runInPage({ chunks }: Bundle): Promise<Used> {
  const browser = await chromium.launch(await chromiumLaunch());
  try {
    const page = await browser.newPage();
    const failed = new Promise<never>((_, reject) => page.on('pageerror', reject));
    const [entry] = chunks.keys();
    await page.route(`${origin}/**`, (route) => {
      const code = chunks.get(new URL(route.request().url()).pathname.slice(1));
      return code === undefined
        ? route.fulfill({
            contentType: 'text/html',
            body: `<!doctype html><script type="module" src="/${entry}"></script>`,
          })
        : route.fulfill({ contentType: 'text/javascript', body: code });
    });
    await page.goto(origin);
    const used = page.evaluate(() => (globalThis as unknown as { used: Promise<Used> }).used);
    return await Promise.race([used, failed]);
  } finally {
    await browser.close();
  }
}
