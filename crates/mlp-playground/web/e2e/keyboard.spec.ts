import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { count, failure, link, until, useBrowser, visit } from './browser';

useBrowser();

/** Presses the tab key until an element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`no tab leads to ${selector}`);
}

describe('the keyboard alone', () => {
  it('trains, steps and starts over', async () => {
    const page = await visit();
    await page.keyboard.press('s');
    await until(page, 'step', (step) => step === 1);
    await page.keyboard.press('e');
    await until(page, 'epoch', (epoch) => epoch === 1);
    await page.keyboard.press(' ');
    await until(page, 'epoch', (epoch) => epoch > 2);
    await page.keyboard.press(' ');
    await page.waitForTimeout(300);
    await page.keyboard.press('r');
    await until(page, 'step', (step) => step === 0);
  });

  it('reaches every neuron, and changes a weight', async () => {
    const page = await visit('#data=xor&hidden=3,2');
    await tabTo(page, '.node');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Hidden layer 2, neuron 2',
    );
    await page.keyboard.press('Enter');
    expect((await link(page)).get('neuron')).toBe('1.1');
    await tabTo(page, '.weights input');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('-1.5');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.weights input').first().inputValue()).toBe('-1.500');
    expect(await failure(page)).toBeUndefined();
  });

  it('takes a step while a weight is typed, and not an epoch', async () => {
    const page = await visit('#data=xor&hidden=2&neuron=0.0');
    const weight = page.locator('.weights input').first();
    await weight.fill('-1.5');
    await page.keyboard.press('s');
    await until(page, 'step', (step) => step === 1);
    await page.keyboard.press('e');
    await page.waitForTimeout(300);
    expect(await count(page, 'step')).toBe(1);
  });

  it('steps after a slider or a box was clicked', async () => {
    const page = await visit('#data=moons');
    await page.getByRole('slider', { name: 'Noise' }).click();
    await page.waitForTimeout(300);
    await page.keyboard.press('s');
    await until(page, 'step', (step) => step === 1);
    await page.getByRole('checkbox', { name: 'test' }).click();
    await page.keyboard.press('s');
    await until(page, 'step', (step) => step === 2);
    await page.keyboard.press('e');
    await until(page, 'epoch', (epoch) => epoch === 1);
    await page.keyboard.press('r');
    await until(page, 'step', (step) => step === 0);
    // The space bar ticks the box, and trains nothing.
    await page.keyboard.press(' ');
    expect(await page.getByRole('checkbox', { name: 'test' }).isChecked()).toBe(false);
    await page.waitForTimeout(300);
    expect(await count(page, 'step')).toBe(0);
  });

  it('chooses a row, a lesson and a table', async () => {
    const page = await visit('#data=xor&hidden=2&neuron=0.0');
    await tabTo(page, 'button[aria-label="Next row"]');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.step').count()).toBe(5);
    await page.locator('body').press('Home');
    await tabTo(page, '.lesson-link');
    await page.keyboard.press('Enter');
    await page.locator('.lesson').waitFor();
    await tabTo(page, '.field select');
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(300);
    expect(await count(page, 'step')).toBe(0);
  });

  it('changes between command and program', async () => {
    const page = await visit();
    await page.getByRole('tab', { name: 'Command' }).focus();
    await page.keyboard.press('ArrowRight');
    const chosen = page.getByRole('tab', { selected: true });
    expect(await chosen.textContent()).toBe('Rust');
    expect(await chosen.evaluate((tab) => tab === document.activeElement)).toBe(true);
    await page.keyboard.press('ArrowRight');
    expect(await chosen.textContent()).toBe('Command');
    expect(await page.getByRole('tabpanel').textContent()).toMatch(/^trainer train/);
  });

  it('finds one region of each name', async () => {
    const page = await visit();
    const names = await page.evaluate(() =>
      [...document.querySelectorAll('section')].map(
        (section) =>
          section.getAttribute('aria-label') ??
          document.getElementById(section.getAttribute('aria-labelledby') ?? '')?.textContent,
      ),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('shows where it is', async () => {
    const page = await visit();
    await page.keyboard.press('Tab');
    const skip = await page.evaluate(() => document.activeElement?.textContent);
    expect(skip).toBe('Skip to the network');
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
    expect(outline).toBe('solid');
  });

  it('shows what has the focus, above the bar of a narrow page', async () => {
    const page = await visit('#data=iris', { viewport: { width: 400, height: 700 } });
    const hidden = new Set<string>();
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const bar = document.querySelector('.transport') as HTMLElement;
        const isHidden = element.getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
        return isHidden && !bar.contains(element) && element !== document.body ? element.outerHTML : '';
      });
      if (name) hidden.add(name);
    }
    expect([...hidden]).toEqual([]);
  });

  it('finds a name for every control', async () => {
    const page = await visit('#lesson=backpropagation&data=iris&neuron=0.0&trace=1&diagnosis=1');
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, select, input, a')]
        .filter((element) => {
          const labels = (element as HTMLInputElement).labels;
          const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
          return (
            name.trim() === '' ||
            (['INPUT', 'SELECT'].includes(element.tagName) && !element.hasAttribute('aria-label') && !labels?.length)
          );
        })
        .filter((element) => !element.hasAttribute('aria-label') && !(element as HTMLInputElement).labels?.length)
        .map((element) => element.outerHTML),
    );
    expect(nameless).toEqual([]);
  });
});
