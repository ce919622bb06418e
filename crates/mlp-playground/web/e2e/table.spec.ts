import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ADDRESS, count, failure, link, ready, until, useBrowser, visit } from './browser';

useBrowser();

/** A table whose class can be learned from two of its columns. */
function table(): string {
  const lines = ['width,height,colour,shape'];
  for (let row = 0; row < 120; row += 1) {
    const [width, height] = [(row * 37) % 50, (row * 53) % 40];
    lines.push(`${width},${height},${row % 3 === 0 ? 'red' : 'blue'},${width > height ? 'wide' : 'tall'}`);
  }
  return lines.join('\n');
}

/** Drops a file on the page. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([file, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], file, { type: 'text/csv' }));
      return data;
    },
    [name, content] as const,
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.locator('.dropzone').waitFor();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

describe('features', () => {
  it('are derived from two columns, alone or beside them, with maps of their own', async () => {
    const page = await visit('#data=circles&hidden=none');
    const inputs = (): Promise<(string | null)[]> =>
      page.locator('.node-label.before').evaluateAll((labels) => labels.map((label) => label.textContent));
    const features = page.getByRole('group', { name: 'Features' });
    expect(await features.locator('label').allTextContents()).toEqual([
      'x',
      'y',
      'x^2',
      'y^2',
      'x*y',
      'sin(x)',
      'sin(y)',
    ]);
    for (const name of ['x^2', 'y^2', 'x*y']) await features.getByRole('checkbox', { name, exact: true }).check();
    await expect.poll(inputs).toEqual(['x', 'y', 'x^2', 'y^2', 'x*y']);
    for (const name of ['x', 'y']) await features.getByRole('checkbox', { name, exact: true }).uncheck();
    await features.getByRole('checkbox', { name: 'x*y' }).uncheck();
    await expect.poll(inputs).toEqual(['x^2', 'y^2']);
    expect(Object.fromEntries(await link(page))).toMatchObject({ drop: 'x,y', derive: 'x^2,y^2' });
    expect(await page.locator('.outside').textContent()).toMatch(/--derive 'x\^2,y\^2' --only-derived x,y/);

    // The map of a square is the same at both ends, and another in the middle.
    const [left, middle, right] = await page
      .locator('.node[data-column="0"][data-unit="0"] canvas')
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const { width, height } = canvas;
        const data = canvas.getContext('2d')?.getImageData(0, Math.floor(height / 2), width, 1).data ?? [];
        const pixel = (place: number): string => [...data.slice(4 * place, 4 * place + 3)].join();
        return [pixel(0), pixel(Math.floor(width / 2)), pixel(width - 1)];
      });
    expect(left).not.toBe(middle);
    expect(right).not.toBe(middle);

    // Without a hidden layer, circles are separated by the squares alone.
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('full');
    await page.locator('.play').click();
    await until(page, 'epoch', (epoch) => epoch > 50);
    await page.reload();
    await expect.poll(inputs).toEqual(['x^2', 'y^2']);
    await features.getByRole('checkbox', { name: 'y^2' }).uncheck();
    await expect.poll(() => features.getByRole('checkbox', { name: 'x^2' }).isDisabled()).toBe(true);
    expect(await failure(page)).toBeUndefined();
  });

  it('are derived from a single column too, and forgotten with their table', async () => {
    const page = await visit('#data=sine&derive=sin(x)');
    await page.locator('.canvas-stack.curve').waitFor();
    await expect.poll(() => page.locator('.node[data-column="0"]').count()).toBe(2);
    await page.getByRole('combobox', { name: 'Table' }).selectOption('iris');
    await expect.poll(() => page.locator('.node[data-column="0"]').count()).toBe(4);
    expect((await link(page)).has('derive')).toBe(false);
    expect(await page.getByRole('group', { name: 'Features' }).count()).toBe(0);
  });

  it('of a link that mean nothing are refused', async () => {
    const page = await visit('#data=moons&derive=x^3');
    expect(await failure(page)).toMatch(/the derived feature `x\^3` must be/);
  });
});

describe('a file', () => {
  it('is dropped, asked for its target, and learned from', async () => {
    const page = await visit();
    await drop(page, 'shapes.csv', table());
    await page.getByRole('button', { name: 'shape', exact: true }).click();
    await page.getByRole('combobox', { name: 'Predict' }).waitFor();
    await page.getByRole('button', { name: 'One epoch' }).click();
    await until(page, 'epoch', (epoch) => epoch === 1);
    expect(Object.fromEntries(await link(page))).toMatchObject({ data: 'shapes.csv', target: 'shape' });
    expect(await page.locator('.classes').textContent()).toMatch(/wide/);

    await page.getByText('Columns in use').click();
    await page.getByRole('checkbox', { name: 'colour' }).uncheck();
    await expect.poll(async () => (await link(page)).get('drop')).toBe('colour');
    await expect.poll(() => page.locator('.node[data-column="0"]').count()).toBe(2);

    await page.getByRole('combobox', { name: 'Predict' }).selectOption('height');
    // Without the target, a single column of numbers is left.
    await page.locator('.canvas-stack.curve').waitFor();
    expect(await failure(page)).toBeUndefined();
  });

  it('that is built in can be learned without some of its columns', async () => {
    const page = await visit('#data=iris&hidden=4');
    expect(await page.locator('.node[data-column="0"]').count()).toBe(4);
    await page.getByText('Columns in use').click();
    await page.getByRole('checkbox', { name: 'sepal_length' }).uncheck();
    await page.getByRole('checkbox', { name: 'sepal_width' }).uncheck();
    await expect.poll(() => page.locator('.node[data-column="0"]').count()).toBe(2);
    expect((await link(page)).get('drop')).toBe('sepal_length,sepal_width');
    expect(await page.locator('.outside').textContent()).toMatch(
      /trainer train iris --drop sepal_length --drop sepal_width --model mlp/,
    );
    await page.getByRole('button', { name: 'One epoch' }).click();
    await until(page, 'epoch', (epoch) => epoch === 1);

    await page.reload();
    await expect.poll(() => page.locator('.node[data-column="0"]').count()).toBe(2);
    await page.getByText('Columns in use').click();
    expect(await page.getByRole('checkbox', { name: 'sepal_width' }).isChecked()).toBe(false);
    await page.getByRole('checkbox', { name: 'sepal_width' }).check();
    await expect.poll(() => page.locator('.node[data-column="0"]').count()).toBe(3);
    expect(await failure(page)).toBeUndefined();
  });

  it('whose link leaves out a column that does not exist is refused with the name that is meant', async () => {
    const page = await visit('#data=moons&drop=xx');
    expect(await failure(page)).toMatch(/has no column `xx`/);
  });

  it('is chosen by a button', async () => {
    const page = await visit();
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'chosen.csv', mimeType: 'text/csv', buffer: Buffer.from(table()) });
    await page.getByRole('button', { name: 'shape', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    // The table from before is still there.
    await expect.poll(() => page.getByRole('combobox', { name: 'Table' }).inputValue()).toBe('circles');
  });

  it('that cannot be read is refused', async () => {
    const page = await visit();
    await drop(page, 'broken.parquet', 'PAR1 no, it is not');
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.locator('option', { hasText: 'broken.parquet' }).count()).toBe(0);
    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, 'step', (step) => step === 1);
  });

  it('of a link is asked for its target too', async () => {
    const page = await visit();
    await page.context().request.put(`${ADDRESS}/tables/linked.csv`, { data: table() });
    await page.goto('about:blank');
    await page.goto(`${ADDRESS}/#data=linked.csv`);
    await page.waitForTimeout(600);
    await page.getByRole('button', { name: 'shape', exact: true }).click();
    await ready(page);
    expect((await link(page)).get('target')).toBe('shape');
  });

  it('that cannot be given to the program is not blamed for it', async () => {
    const page = await visit('', {}, async (fresh) => {
      await fresh.route(/tables/, (route) => route.abort());
    });
    await drop(page, 'late.csv', table());
    expect(await page.getByRole('alert').textContent()).toMatch(/The program cannot be reached/);
  });

  it('is not trained before its target is known, and neither is the table before', async () => {
    const page = await visit();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await until(page, 'step', (step) => step > 0);
    await drop(page, 'asked.csv', table());
    await page.getByRole('button', { name: 'shape', exact: true }).waitFor();
    expect(await page.locator('.play').isDisabled()).toBe(true);
    await page.keyboard.press('s');
    // The last steps before the pause are still to be shown.
    await page.waitForTimeout(500);
    const before = await count(page, 'step');
    await page.waitForTimeout(500);
    expect(await count(page, 'step')).toBe(before);
  });

  it('that is too large is refused', async () => {
    const page = await visit();
    await drop(page, 'large.csv', 'a,b\n'.repeat(5_000_000));
    expect(await page.getByRole('alert').textContent()).toMatch(/too large/);
  });
});

describe('names without an end', () => {
  const LETTERS = 'Anamewithoutspaces'.repeat(12);
  const ROWS = Array.from({ length: 60 }, (_, row) => `${row % 7},${row % 11},${row % 5},${LETTERS}${row % 2}`);
  const CSV = [`${LETTERS}a,${LETTERS}b,c,${LETTERS}target`, ...ROWS].join('\n');

  it.each([400, 800, 1400])('stay inside at a width of %i', async (width) => {
    const page = await visit('', { viewport: { width, height: 1000 } });
    const context = page.context().request;
    await context.put(`${ADDRESS}/tables/names.csv`, { data: CSV });
    const hash = `data=names.csv&target=${LETTERS}target&neuron=0.0&trace=1&x=c`;
    await page.goto(`${ADDRESS}/#${hash}`);
    await expect.poll(() => page.locator('.step').count()).toBe(5);
    const outside = await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      const right = (element: Element): number => element.getBoundingClientRect().right;
      return [...document.querySelectorAll('main .panel *')]
        .filter((element) => !element.closest('select, pre') && !element.parentElement?.closest('.cut'))
        .filter((element) => right(element) > right(element.closest('.panel') as Element) + 1)
        .map((element) => element.outerHTML);
    });
    expect(outside).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
