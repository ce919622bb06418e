import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { count, failure, link, until, useBrowser, visit } from './browser';

useBrowser();

/** Chooses each value of a list, and expects that the program takes it. */
async function chooseEach(page: Page, label: string): Promise<void> {
  const list = page.getByRole('combobox', { name: label, exact: true });
  const values = await list
    .locator('option')
    .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  expect(values.length).toBeGreaterThan(1);
  for (const value of values) {
    await list.selectOption(value);
    await expect
      .poll(async () => (await failure(page)) ?? (await list.inputValue()), { message: `${label}: ${value}` })
      .toBe(value);
    await page.waitForTimeout(60);
    expect(await failure(page), `${label}: ${value}`).toBeUndefined();
  }
}

/** Types a number, and expects that the program takes it. */
async function type(page: Page, label: string, value: string): Promise<void> {
  const field = page.getByRole('spinbutton', { name: label, exact: true });
  await field.fill(value);
  await field.press('Enter');
  await expect.poll(() => field.inputValue(), { message: label }).toBe(value);
  await page.waitForTimeout(100);
  expect(await failure(page), label).toBeUndefined();
}

describe('the data', () => {
  it('can be each built-in table', async () => {
    const page = await visit();
    const list = page.getByRole('combobox', { name: 'Table' });
    const names = await list
      .locator('option')
      .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    for (const name of ['moons', 'circles', 'xor', 'spirals', 'blobs', 'sine', 'iris']) expect(names).toContain(name);
    for (const name of names) {
      await list.selectOption(name);
      await expect.poll(async () => (await link(page)).get('data'), { message: name, timeout: 20_000 }).toBe(name);
      await page.getByRole('button', { name: 'One step' }).click();
      await until(page, 'step', (step) => step === 1);
      expect(await failure(page), name).toBeUndefined();
    }
  }, 180_000);

  it('has rows, noise and parts', async () => {
    const page = await visit('#data=moons');
    await type(page, 'Rows', '300');
    await type(page, 'Noise', '0.3');
    await type(page, 'Validation share', '0.25');
    await type(page, 'Test share', '0.1');
    const parameters = await link(page);
    expect(Object.fromEntries(parameters)).toMatchObject({
      samples: '300',
      noise: '0.3',
      valid_size: '0.25',
      test_size: '0.1',
    });
    await page.getByRole('button', { name: 'Noise: back to the default' }).click();
    expect((await link(page)).get('noise')).toBeNull();
  });
});

describe('the network', () => {
  it('gets and loses layers and neurons', async () => {
    const page = await visit('#hidden=4,2');
    const hidden = async (): Promise<string | null> => (await link(page)).get('hidden');
    await page.getByRole('button', { name: 'Add a hidden layer' }).click();
    expect(await hidden()).toBe('4,2,2');
    await page.getByRole('button', { name: 'Add a neuron to hidden layer 2' }).click();
    expect(await hidden()).toBe('4,3,2');
    await page.getByRole('button', { name: 'Remove a neuron from hidden layer 1' }).click();
    expect(await hidden()).toBe('3,3,2');
    await page.getByRole('button', { name: 'Remove the last hidden layer' }).click();
    expect(await hidden()).toBe('3,3');
    await page.getByRole('combobox', { name: 'Activation of hidden layer 2' }).selectOption('relu');
    expect((await link(page)).get('activation')).toBe('tanh,relu');
    expect(await failure(page)).toBeUndefined();
  });

  it('can have each activation and normalisation', async () => {
    const page = await visit();
    await chooseEach(page, 'Activation of hidden layer 1');
    await page.getByRole('combobox', { name: 'Activation of all layers' }).selectOption('relu');
    await expect.poll(async () => (await link(page)).get('activation')).toBe('relu,relu');
    await chooseEach(page, 'Normalisation');
    await type(page, 'Dropout', '0.3');
  });

  it('can be each model', async () => {
    const page = await visit('#data=moons');
    await chooseEach(page, 'Model');
  });
});

describe('the training', () => {
  it('can have each loss, optimizer and schedule', async () => {
    const page = await visit();
    await chooseEach(page, 'Loss');
    await chooseEach(page, 'Optimizer');
    await page.getByRole('combobox', { name: 'Optimizer' }).selectOption('adamw');
    await chooseEach(page, 'Schedule');
    await page.getByRole('button', { name: 'Schedule: back to the default' }).click();
    await page.getByRole('combobox', { name: 'Table' }).selectOption('sine');
    await expect.poll(async () => (await link(page)).get('data')).toBe('sine');
    await chooseEach(page, 'Loss');
  });

  it('has numbers', async () => {
    const page = await visit();
    await type(page, 'Learning rate', '0.02');
    await type(page, 'Weight decay', '0.01');
    await type(page, 'Batch size', '20');
    await type(page, 'Epochs', '50');
    await type(page, 'Seed', '7');
    await page.getByRole('button', { name: 'Another seed' }).click();
    expect((await link(page)).get('seed')).toBe('8');
  });

  it('shows again what holds if a number is refused', async () => {
    const page = await visit();
    const field = page.getByRole('spinbutton', { name: 'Learning rate' });
    const before = await field.inputValue();
    await field.fill('-1');
    const place = await page.locator('.board').boundingBox();
    await field.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.locator('.board').boundingBox()).toEqual(place);
    await expect.poll(() => page.getByRole('spinbutton', { name: 'Learning rate' }).inputValue()).toBe(before);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await failure(page)).toBeUndefined();
    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, 'step', (step) => step === 1);
  });

  it('plays, pauses, takes a step and an epoch, and starts over', async () => {
    const page = await visit();
    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, 'step', (step) => step === 1);
    await page.getByRole('button', { name: 'One epoch' }).click();
    await until(page, 'epoch', (epoch) => epoch === 1);
    await page.locator('.play').click();
    await until(page, 'epoch', (epoch) => epoch > 3);
    await page.locator('.play').click();
    await page.waitForTimeout(400);
    const paused = await count(page, 'step');
    await page.waitForTimeout(400);
    expect(await count(page, 'step')).toBe(paused);
    await page.getByRole('button', { name: 'Start over' }).click();
    await until(page, 'step', (step) => step === 0);
  });

  it.each(['10', '1000', 'full'])('goes at the pace of %s', async (pace) => {
    const page = await visit();
    await page.getByRole('combobox', { name: 'Speed' }).selectOption(pace);
    await page.locator('.play').click();
    await until(page, 'step', (step) => step >= 2);
    expect(await failure(page)).toBeUndefined();
  });

  it('goes on while its settings change', async () => {
    const page = await visit('#epochs=5000');
    await page.locator('.play').click();
    await until(page, 'epoch', (epoch) => epoch > 2);
    await page.getByRole('button', { name: 'Add a neuron to hidden layer 1' }).click();
    await until(page, 'epoch', (epoch) => epoch > 1);
    await expect.poll(() => page.locator('.play').getAttribute('aria-pressed')).toBe('true');
  });

  it('goes on while its settings change quickly', async () => {
    const page = await visit('#data=moons&epochs=9000');
    await page.locator('.play').click();
    await until(page, 'epoch', (epoch) => epoch > 2);
    const trains = async (): Promise<void> => {
      await page.waitForTimeout(600);
      await until(page, 'epoch', (epoch) => epoch > 0);
      await expect.poll(() => page.locator('.play').getAttribute('aria-pressed')).toBe('true');
    };
    for (const pause of [10, 20, 30, 45, 60, 100]) {
      const seed = page.getByRole('button', { name: 'Another seed' });
      await seed.evaluate((button, wait) => {
        (button as HTMLElement).click();
        setTimeout(() => (button as HTMLElement).click(), wait);
      }, pause);
      await trains();
    }
    const slider = await page.getByRole('slider', { name: 'Noise' }).boundingBox();
    if (!slider) throw new Error('no slider');
    const height = slider.y + slider.height / 2;
    await page.mouse.move(slider.x + 10, height);
    await page.mouse.down();
    await page.mouse.move(slider.x + slider.width - 10, height, { steps: 30 });
    await page.mouse.up();
    await trains();
    await page.getByRole('spinbutton', { name: 'Noise' }).focus();
    for (let press = 0; press < 4; press += 1) await page.keyboard.press('ArrowDown');
    await trains();
    await page.locator('.play').click();
    await page.getByRole('button', { name: 'Another seed' }).click();
    await page.waitForTimeout(500);
    expect(await page.locator('.play').getAttribute('aria-pressed')).toBe('false');
  });

  it('can begin again after its end', async () => {
    const page = await visit('#epochs=3&pace=full');
    await page.locator('.play').click();
    await expect.poll(() => page.locator('.readout .state').getAttribute('data-state')).toBe('complete');
    await page.getByRole('button', { name: 'Train again' }).click();
    await until(page, 'epoch', (epoch) => epoch === 3);
    expect(await failure(page)).toBeUndefined();
  });
});

describe('a number', () => {
  it.each([
    ['Noise', '', '0.3', '0.25'],
    ['Dropout', '', '0.2', '0.15'],
    ['Validation share', '', '0.4', '0.35'],
    ['Learning rate', '', '0.2', '0.1'],
    ['Weight decay', '&optimizer=adamw&weight_decay=0.01', '0.2', '0.1'],
    ['Batch size', '&batch_size=32', '512', '256'],
    ['Epochs', '&epochs=20', '60', '50'],
    ['Rows', '', '540', '530'],
  ])('goes up and down by the arrow keys: %s', async (label, settings, up, down) => {
    const page = await visit(`#data=moons&noise=0.1&learning_rate=0.01&samples=500${settings}`);
    const field = page.getByRole('spinbutton', { name: label, exact: true });
    await field.focus();
    for (let press = 0; press < 4; press += 1) await page.keyboard.press('ArrowUp');
    expect(await field.inputValue()).toBe(up);
    await page.waitForTimeout(500);
    expect(await field.inputValue()).toBe(up);
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(300);
    expect(await field.inputValue()).toBe(down);
    expect(await failure(page)).toBeUndefined();
  });

  it('that is not whole or too small is refused at its field', async () => {
    const page = await visit('#data=moons');
    for (const [label, value] of [
      ['Seed', '-1'],
      ['Seed', '1.5'],
      ['Rows', '-20'],
      ['Rows', '30.5'],
    ]) {
      const field = page.getByRole('spinbutton', { name: label, exact: true });
      await field.fill(value);
      await field.press('Enter');
      const message = await field.evaluate((input) => (input as HTMLInputElement).validationMessage);
      expect(message, `${label}: ${value}`).toMatch(/A whole number, [01] or more/);
    }
    expect(await failure(page)).toBeUndefined();
    const parameters = await link(page);
    expect([parameters.has('seed'), parameters.has('samples')]).toEqual([false, false]);
  });
});

describe('a loss that explodes', () => {
  it('is drawn by its powers of ten', async () => {
    const page = await visit('#data=sine&model=adaline&learning_rate=3&epochs=200&pace=full');
    await page.locator('.play').click();
    await expect.poll(() => page.locator('.chart small').count(), { timeout: 20_000 }).toBe(1);
  });
});
