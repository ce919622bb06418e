import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { failure, link, until, useBrowser, visit } from './browser';

useBrowser();

/** How many colours a canvas has: one that was never painted has one. */
function colors(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
}

describe('the pictures', () => {
  it('are painted for each neuron and for the output', async () => {
    const page = await visit('#data=circles');
    await page.getByRole('button', { name: 'One epoch' }).click();
    await until(page, 'epoch', (epoch) => epoch === 1);
    for (const selector of [
      '.node[data-column="0"] canvas',
      '.node[data-column="1"] canvas',
      '.node[data-column="3"] canvas',
      '.surface',
      '.edges',
    ]) {
      await expect.poll(() => colors(page, selector), { message: selector }).toBeGreaterThan(5);
    }
  });

  it('are curves if there is one column', async () => {
    const page = await visit('#data=sine');
    await expect.poll(() => colors(page, '.overlay')).toBeGreaterThan(2);
    await expect.poll(() => colors(page, '.node[data-column="1"] canvas')).toBeGreaterThan(3);
  });

  it('show other columns, and keep the others at a row', async () => {
    const page = await visit('#data=iris');
    await page.getByRole('combobox', { name: 'Horizontal axis' }).selectOption('petal_length');
    await page.getByRole('combobox', { name: 'Vertical axis' }).selectOption('petal_width');
    await page.getByRole('spinbutton', { name: 'Other columns from row' }).fill('3');
    await page.getByRole('spinbutton', { name: 'Other columns from row' }).press('Enter');
    expect(Object.fromEntries(await link(page))).toMatchObject({ x: 'petal_length', y: 'petal_width', row: '3' });
    expect(await failure(page)).toBeUndefined();
  });

  it('show the rows that are asked for', async () => {
    const page = await visit();
    await page.getByRole('checkbox', { name: 'test' }).check();
    await page.getByRole('checkbox', { name: 'training' }).uncheck();
    expect((await link(page)).get('rows')).toBe('ve');
  });

  it('say what is predicted under the pointer', async () => {
    const page = await visit();
    await page.locator('.canvas-stack').hover({ position: { x: 100, y: 100 } });
    await expect.poll(() => page.locator('.reading').textContent()).toMatch(/%/);
  });
});

describe('a weight', () => {
  it('shows its number, and can be changed where it is', async () => {
    const page = await visit('#data=xor&hidden=1');
    const picture = page.locator('.network-picture');
    const box = await picture.boundingBox();
    const from = await page.locator('.node[data-column="1"]').boundingBox();
    const to = await page.locator('.node[data-column="2"]').first().boundingBox();
    if (!box || !from || !to) throw new Error('the network is not drawn');
    // In the middle between two neurons, a curve is half way between their heights.
    const x = (from.x + from.width + to.x) / 2;
    const y = (from.y + to.y) / 2 + from.height / 2;
    await page.mouse.move(x, y);
    await page.locator('.tip').waitFor();
    await page.mouse.click(x, y);
    const field = page.locator('.weight-editor input');
    await field.fill('2.5');
    await field.press('Enter');
    await page.locator('.node[data-column="2"]').first().click();
    await expect.poll(() => page.locator('.weights input').first().inputValue()).toBe('2.500');
  });
});

describe('backpropagation', () => {
  it('is explained in five steps for a neuron and a row', async () => {
    const page = await visit('#data=xor&hidden=2');
    await page.locator('.node[data-column="1"]').first().click();
    await page.getByRole('button', { name: 'Next row' }).click();
    await expect.poll(() => page.locator('.step').count()).toBe(5);
    // The chain rule holds: δ = slope · Σ w·δ.
    const lines = await page.locator('.step').nth(3).locator('.line b').allTextContents();
    const [sum, slope, delta] = lines.map((text) => Number(text.replaceAll('−', '-')));
    expect(delta).toBeCloseTo(sum * slope, 3);
  });

  it('follows the row that was clicked', async () => {
    const page = await visit('#data=xor');
    const box = await page.locator('.canvas-stack').boundingBox();
    if (!box) throw new Error('the output is not drawn');
    // With a margin of 12 % of the range, the corner (0, 0) is at 0.12 / 1.24 of the width.
    const place = 0.12 / 1.24;
    await page.mouse.click(box.x + place * box.width, box.y + (1 - place) * box.height);
    expect((await link(page)).get('trace')).not.toBeNull();
  });
});

describe('the page', () => {
  it.each([400, 640, 900, 1240, 1600])('fits a width of %d pixels', async (width) => {
    const page = await visit('#lesson=backpropagation&data=iris&hidden=8,8,8,8&neuron=0.0&trace=3&diagnosis=1', {
      viewport: { width, height: 900 },
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

  it('is there within 300 milliseconds', async () => {
    const page = await visit();
    const paints: number[] = [];
    // The best of some, because the machine may be busy.
    for (let load = 0; load < 3; load += 1) {
      await page.reload();
      await page.waitForTimeout(500);
      paints.push(
        await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN),
      );
    }
    expect(Math.min(...paints)).toBeLessThan(300);
  });

  it('asks no other machine for anything', async () => {
    const hosts = new Set<string>();
    await visit('', {}, async (page) => {
      page.on('request', (request) => hosts.add(new URL(request.url()).host));
    });
    hosts.delete('');
    expect(hosts.size).toBe(1);
  });

  it('copies the command and the program', async () => {
    const page = await visit('', { permissions: ['clipboard-read', 'clipboard-write'] });
    for (const [tab, content] of [
      ['Command', /trainer train circles/],
      ['Rust', /fn main/],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator('.outside .quiet').click();
      await page.locator('.outside').getByRole('button', { name: 'Copied' }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(content);
    }
  });

  it('is light or dark as the system, or as chosen', async () => {
    const page = await visit('', { colorScheme: 'dark' });
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await ground()).toBe('rgb(14, 16, 20)');
    await page.getByRole('button', { name: /^Colours/ }).click();
    expect(await ground()).toBe('rgb(245, 244, 241)');
  });
});
