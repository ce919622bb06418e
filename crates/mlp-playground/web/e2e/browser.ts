import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

/** Where the program answers. */
export const ADDRESS = process.env['PLAYGROUND_URL'] ?? 'http://127.0.0.1:8100';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser: Browser;
const open: Page[] = [];
const complaints: string[] = [];

/** Starts a browser for the tests of a file, and fails those during which a page complained. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((page) => page.context().close()));
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());
}

/** Opens the page with the state of a link, and waits until the network is there. */
export async function visit(
  hash = '',
  context: BrowserContextOptions = {},
  prepare?: (page: Page) => Promise<void>,
): Promise<Page> {
  const fresh = await browser.newContext({ viewport: { width: 1400, height: 1000 }, locale: 'en-GB', ...context });
  const page = await fresh.newPage();
  open.push(page);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Chromium reports a lost connection by itself, and a file that is refused.
    if (message.type() === 'error' && !/WebSocket|ERR_|status of 422/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  await prepare?.(page);
  await page.goto(`${ADDRESS}/${hash}`);
  await ready(page);
  return page;
}

/** Waits until the program has answered. */
export async function ready(page: Page): Promise<void> {
  await page.locator('.node, .clusters canvas').first().waitFor();
}

/** The number that stands at a place, such as `epoch` or `step`. */
export async function count(page: Page, name: string): Promise<number> {
  const content = await page.getByTestId(name).textContent();
  return Number((content ?? '').split('/')[0].replace(/\D/g, ''));
}

/** Waits until a number on the page is as it should be. */
export async function until(page: Page, name: string, holds: (value: number) => boolean): Promise<void> {
  await expect.poll(() => count(page, name).then(holds), { timeout: 20_000 }).toBe(true);
}

/** The failure that the page reports, or `undefined`. */
export async function failure(page: Page): Promise<string | undefined> {
  const alert = page.getByRole('alert');
  return (await alert.count()) > 0 ? ((await alert.first().textContent()) ?? '') : undefined;
}

/** The part of the address after `#`, once it says what the page shows. */
export async function link(page: Page): Promise<URLSearchParams> {
  await page.waitForTimeout(400);
  return new URLSearchParams(new URL(page.url()).hash.slice(1));
}
