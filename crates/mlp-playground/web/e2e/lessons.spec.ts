import { describe, expect, it } from 'vitest';
import { LESSONS_EN } from '../src/lessons/en';
import { LESSONS } from '../src/lessons/states';
import { LESSONS_ZH } from '../src/lessons/zh';
import { count, failure, until, useBrowser, visit } from './browser';

useBrowser();

describe('each lesson', () => {
  it.each(LESSONS.map((lesson, index) => [lesson.name, index]))(
    '%s opens, and trains without a complaint',
    async (name, index) => {
      const page = await visit();
      await page
        .locator('.lesson-link')
        .nth(index as number)
        .click();
      await page.getByRole('heading', { name: LESSONS_EN[name].title }).waitFor();
      await until(page, 'step', (step) => step === 0);
      await page.locator('.play').click();
      await until(page, 'step', (step) => step > 0);
      expect(await failure(page)).toBeUndefined();
    },
  );

  it('can be read in Chinese, and that is remembered', async () => {
    const page = await visit();
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('.lesson-link').nth(2).click();
    await page.getByRole('heading', { name: LESSONS_ZH['xor'].title }).waitFor();
    await page.goto(page.url().split('#')[0]);
    await page.getByRole('button', { name: 'English' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh');
  });

  it('leads to the next one, and back', async () => {
    const page = await visit('#lesson=neuron');
    await page.getByRole('button', { name: 'Next →' }).click();
    await page.getByRole('heading', { name: LESSONS_EN['rate'].title }).waitFor();
    await page.getByRole('button', { name: '← Previous' }).click();
    await page.getByRole('heading', { name: LESSONS_EN['neuron'].title }).waitFor();
    await page.getByRole('button', { name: 'Close the lesson' }).click();
    expect(await page.locator('.lesson').count()).toBe(0);
  });

  it('can be restored after changes', async () => {
    const page = await visit();
    await page.locator('.lesson-link').nth(3).click();
    await page.getByRole('button', { name: 'Remove a neuron from hidden layer 1' }).click();
    await expect.poll(() => page.locator('.node[data-column="1"]').count()).toBe(2);
    await page.getByRole('button', { name: 'Restore this lesson' }).click();
    await expect.poll(() => page.locator('.node[data-column="1"]').count()).toBe(3);
    expect(await count(page, 'step')).toBe(0);
  });
});

describe('what lessons promise', () => {
  it('a perceptron solves or, and stops', async () => {
    const page = await visit('#data=or&model=perceptron&pace=full&rows=tve');
    await page.locator('.play').click();
    await expect
      .poll(() => page.locator('.readout .state').getAttribute('data-state'), { timeout: 20_000 })
      .toBe('complete');
  });

  it('a large learning rate makes adaline diverge', async () => {
    const page = await visit('#data=sine&model=adaline&learning_rate=3&pace=full');
    await page.locator('.play').click();
    await expect
      .poll(() => page.locator('.readout .state').getAttribute('data-state'), { timeout: 20_000 })
      .toBe('diverged');
  });

  it('gradients vanish in a deep network of sigmoids, and do not with tanh', async () => {
    const lesson = '#data=circles&hidden=6,6,6,6,6&optimizer=sgd&learning_rate=0.1&diagnosis=1&activation=';
    const deep = await visit(`${lesson}sigmoid`);
    await deep.getByRole('button', { name: 'One epoch' }).click();
    await deep.locator('.verdict[data-verdict="vanishing"]').waitFor();
    const tanh = await visit(`${lesson}tanh`);
    await tanh.getByRole('button', { name: 'One epoch' }).click();
    await tanh.locator('.verdict[data-verdict="even"]').waitFor();
  });
});
