import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { count, failure, link, until, useBrowser, visit } from './browser';

useBrowser();

/** What is painted. */
function pixels(page: Page): Promise<string> {
  return page.locator('.clusters canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

/** What is painted once it no longer changes. */
async function settled(page: Page): Promise<string> {
  let painted = await pixels(page);
  for (;;) {
    await page.waitForTimeout(400);
    const later = await pixels(page);
    if (later === painted) return painted;
    painted = later;
  }
}

function command(page: Page): Promise<string | null> {
  return page.locator('#outside-text').textContent();
}

describe('a self-organising map', () => {
  it('is chosen, moves over the rows, pauses, steps and starts over', async () => {
    const page = await visit('#data=moons');
    await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('som');
    await page.getByRole('heading', { name: 'Map', exact: true }).waitFor();
    await page.getByRole('img', { name: /units of the map/ }).waitFor();
    await expect.poll(() => command(page)).toBe('trainer train moons --model som');
    const before = await settled(page);

    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, 'step', (step) => step === 1);
    await expect.poll(() => pixels(page)).not.toBe(before);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await until(page, 'step', (step) => step > 20);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForTimeout(400);
    const [paused, step] = [await pixels(page), await count(page, 'step')];
    await page.waitForTimeout(400);
    expect([await pixels(page), await count(page, 'step')]).toEqual([paused, step]);

    await page.getByRole('button', { name: 'Start over' }).click();
    await until(page, 'step', (steps) => steps === 0);
    await expect.poll(() => pixels(page)).not.toBe(paused);
    expect(await failure(page)).toBeUndefined();
  });

  it('has settings of its own, in the link and the command', async () => {
    const page = await visit('#data=circles&model=som&grid=4x5');
    for (const [name, value] of [
      ['Width of the map', '7'],
      ['Height of the map', '6'],
      ['Last radius', '0.5'],
      ['Epochs', '30'],
      ['Seed', '3'],
    ]) {
      const field = page.getByRole('spinbutton', { name, exact: true });
      await field.fill(value);
      await field.press('Enter');
      await page.waitForTimeout(150);
    }
    await page.getByRole('combobox', { name: 'Arrangement of the units' }).selectOption('hexagonal');
    const wanted = { model: 'som', grid: '6x7', last_radius: '0.5', epochs: '30', seed: '3', topology: 'hexagonal' };
    expect(Object.fromEntries(await link(page))).toMatchObject(wanted);
    await expect
      .poll(() => command(page))
      .toMatch(/--model som --grid 6x7 --last-radius 0.5 --topology hexagonal --epochs 30 --seed 3$/);
    await page.getByRole('tab', { name: 'Rust' }).click();
    expect(await command(page)).toMatch(/Model::Som, Problem::clustering\(&data\)/);
    expect(await failure(page)).toBeUndefined();
  });

  it('lies in any plane of a table, and says so to who cannot see it', async () => {
    const page = await visit('#data=iris&model=som');
    await page.getByRole('combobox', { name: 'Horizontal axis' }).selectOption('petal_length');
    await page.getByRole('img', { name: /over petal_length and/ }).waitFor();
    expect((await link(page)).get('x')).toBe('petal_length');
  });

  it('is run by keys', async () => {
    const page = await visit('#data=blobs&model=som');
    await page.locator('body').press('s');
    await until(page, 'step', (step) => step === 1);
    await page.locator('body').press('e');
    await until(page, 'epoch', (epoch) => epoch === 1);
  });
});

describe('an autoencoder', () => {
  it('shows codes while it is trained before clustering, and their clusters after', async () => {
    const page = await visit('#data=iris&model=idec&pretraining_epochs=20&clusters=3&epochs=3&pace=full');
    await page.getByRole('heading', { name: 'Codes', exact: true }).waitFor();
    await expect.poll(() => command(page)).toMatch(/--model idec .*--clusters 3 --d-code 2/);
    await expect.poll(() => page.getByTestId('phase').textContent()).toMatch(/reconstruct/);
    const before = await pixels(page);
    await page.getByRole('button', { name: 'One epoch' }).click();
    await until(page, 'epoch', (epoch) => epoch === 1);
    await expect.poll(() => pixels(page)).not.toBe(before);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByRole('button', { name: 'Train again' }).waitFor({ timeout: 30_000 });
    await expect.poll(() => page.getByTestId('phase').textContent()).toMatch(/gather.*3 clusters/);
    const byCluster = await pixels(page);
    await page.getByRole('combobox', { name: 'Colours', exact: true }).last().selectOption('class');
    await expect.poll(() => pixels(page)).not.toBe(byCluster);
    expect((await link(page)).get('color')).toBe('class');
    expect(await failure(page)).toBeUndefined();
  });

  it('gives way to another network, and comes back', async () => {
    const page = await visit('#data=blobs&model=dec');
    await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('mlp');
    await page.locator('.node').first().waitFor();
    await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('idec');
    await page.getByRole('heading', { name: 'Codes', exact: true }).waitFor();
    expect(await failure(page)).toBeUndefined();
  });
});

describe('a file without a target', () => {
  it('is mapped at once', async () => {
    const page = await visit('#model=som');
    const lines = Array.from({ length: 200 }, (_, row) => `${(row * 37) % 100},${(row * 61) % 89}`);
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'square.csv', mimeType: 'text/csv', buffer: Buffer.from(['x,y', ...lines].join('\n')) });
    await expect.poll(() => command(page)).toBe('trainer train square.csv --model som');
    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, 'step', (step) => step === 1);
    expect(await failure(page)).toBeUndefined();
  });
});

describe('a map on a small screen, in the dark and in Chinese', () => {
  it('fits, and has Chinese names', async () => {
    const page = await visit('#data=moons&model=som&lang=zh', {
      viewport: { width: 400, height: 900 },
      colorScheme: 'dark',
    });
    await page.getByRole('heading', { name: '映射', exact: true }).waitFor();
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(excess).toBeLessThanOrEqual(0);
  });
});
