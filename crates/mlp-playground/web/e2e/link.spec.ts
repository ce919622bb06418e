import type { WebSocketRoute } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ADDRESS, count, failure, link, ready, until, useBrowser, visit } from './browser';

useBrowser();

describe('a link', () => {
  const STATE = '#data=spirals&noise=0.02&hidden=5,3&activation=relu,tanh&seed=3&diagnosis=1&neuron=0.1&lang=zh';

  it('brings back the whole page', async () => {
    const page = await visit(STATE);
    expect(await page.locator('.node[data-column="1"]').count()).toBe(5);
    expect(await page.locator('.node[data-column="2"]').count()).toBe(3);
    expect(await page.locator('.layer-header select').first().inputValue()).toBe('relu');
    expect(await page.locator('.node[aria-pressed="true"]').count()).toBe(1);
    expect(await page.locator('html').getAttribute('lang')).toBe('zh');
    expect(Object.fromEntries(await link(page))).toEqual(Object.fromEntries(new URLSearchParams(STATE.slice(1))));
  });

  it('survives a reload', async () => {
    const page = await visit();
    await page.getByRole('combobox', { name: 'Table' }).selectOption('blobs');
    await expect.poll(async () => (await link(page)).get('data')).toBe('blobs');
    await page.reload();
    await ready(page);
    await expect.poll(() => page.locator('.node[data-column="3"]').count()).toBe(3);
  });

  it('that the program cannot follow leads to a page that works', async () => {
    const page = await visit('#data=nothing.csv');
    expect(await failure(page)).toMatch(/nothing\.csv/);
    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, 'step', (step) => step === 1);
  });

  it('that is refused stays in the address until something is changed', async () => {
    const hash = '#data=iris&seed=7&hidden=100&optimizer=sgd';
    const page = await visit(hash);
    await page.getByRole('alert').waitFor();
    await page.waitForTimeout(600);
    expect(new URL(page.url()).hash).toBe(hash);
    await page.getByRole('combobox', { name: 'Table' }).selectOption('blobs');
    await expect.poll(async () => (await link(page)).toString()).toMatch(/^data=blobs&lang=en$/);
    await page.goto(`${ADDRESS}/${hash}`);
    await page.getByRole('alert').waitFor();
    await page.waitForTimeout(600);
    expect(new URL(page.url()).hash).toBe(hash);
    expect(await page.getByRole('combobox', { name: 'Table' }).inputValue()).toBe('blobs');
  });

  it('can be followed without loading the page anew', async () => {
    const page = await visit('#data=circles&hidden=4');
    await page.evaluate(() => {
      location.hash = '#data=circles&hidden=2';
    });
    await expect.poll(() => page.locator('.node[data-column="1"]').count()).toBe(2);
  });

  it('is followed back and forward', async () => {
    const page = await visit('#seed=5');
    const table = page.getByRole('combobox', { name: 'Table' });
    const first = await table.inputValue();
    await link(page);
    await page.goto(`${ADDRESS}/#data=iris`);
    await expect.poll(() => table.inputValue()).toBe('iris');
    await link(page);
    await page.goBack();
    await expect.poll(() => table.inputValue()).toBe(first);
    expect((await link(page)).get('seed')).toBe('5');
    await page.goForward();
    await expect.poll(() => table.inputValue()).toBe('iris');
    expect((await link(page)).get('data')).toBe('iris');
  });

  it('with nothing but a lesson shows the state of that lesson', async () => {
    const page = await visit('#lesson=xor');
    expect(await page.getByRole('combobox', { name: 'Table' }).inputValue()).toBe('xor');
    expect(await page.getByRole('combobox', { name: 'Model' }).inputValue()).toBe('perceptron');
    expect((await link(page)).get('data')).toBe('xor');
  });

  it('loses a lesson that does not exist, and numbers that mean nothing', async () => {
    const page = await visit('#lesson=zzz&data=moons&seed=-1&samples=1.5');
    expect(await failure(page)).toBeUndefined();
    const parameters = await link(page);
    expect(parameters.get('data')).toBe('moons');
    await page.getByRole('status').filter({ hasText: 'samples, seed' }).waitFor();
    for (const name of ['lesson', 'seed', 'samples']) expect(parameters.has(name), name).toBe(false);
  });

  it('hides the controls for a page within another one', async () => {
    const page = await visit('#data=moons&embed=1');
    expect(await page.locator('.controls').count()).toBe(0);
    expect(await page.getByRole('combobox', { name: 'Table' }).count()).toBe(0);
    await page.locator('.play').click();
    await until(page, 'step', (step) => step > 0);
    expect(await page.getByRole('link', { name: 'Open in the playground' }).getAttribute('href')).not.toMatch(/embed/);
  });
});

describe('two pages', () => {
  it('train two networks at once', async () => {
    const [one, two] = [await visit('#data=moons&hidden=3'), await visit('#data=blobs&hidden=4,4')];
    await one.locator('.play').click();
    await two.locator('.play').click();
    await until(one, 'epoch', (epoch) => epoch > 2);
    await until(two, 'epoch', (epoch) => epoch > 2);
    expect(await one.locator('.node[data-column="1"]').count()).toBe(3);
    expect(await two.locator('.node[data-column="1"]').count()).toBe(4);
    expect([await failure(one), await failure(two)]).toEqual([undefined, undefined]);
  });
});

describe('a lost connection', () => {
  it('is reported, and found again with the same network', async () => {
    const sockets: WebSocketRoute[] = [];
    const page = await visit('#data=moons&hidden=3', {}, (fresh) =>
      fresh.routeWebSocket(/socket/, (socket) => {
        socket.connectToServer();
        sockets.push(socket);
      }),
    );
    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, 'step', (step) => step === 1);
    await sockets[0].close();
    await page.getByTestId('lost').waitFor();
    await page.getByTestId('lost').waitFor({ state: 'detached', timeout: 20_000 });
    expect(sockets.length).toBeGreaterThan(1);
    await until(page, 'step', (step) => step === 0);
    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, 'step', (step) => step === 1);
    expect(await page.locator('.node[data-column="1"]').count()).toBe(3);
    expect(await count(page, 'epoch')).toBe(0);
  });

  it('is told from a program that takes no more pages', async () => {
    const page = await visit();
    // As many as it takes, and a few more.
    await page.evaluate(
      (address) =>
        Promise.all(
          Array.from({ length: 20 }, () => {
            const socket = new WebSocket(address);
            (window as unknown as { sockets?: WebSocket[] }).sockets ??= [];
            (window as unknown as { sockets: WebSocket[] }).sockets.push(socket);
            return new Promise((resolve) => {
              socket.onopen = resolve;
              socket.onerror = resolve;
            });
          }),
        ).then(() => undefined),
      `${ADDRESS.replace('http', 'ws')}/socket`,
    );
    const late = await page.context().newPage();
    await late.goto(ADDRESS);
    await late.getByRole('alert').filter({ hasText: 'Too many pages' }).waitFor();
    await page.close();
    await ready(late);
    expect(await late.getByTestId('lost').count()).toBe(0);
  });

  it('says so, and trains again once it is found', async () => {
    const sockets: WebSocketRoute[] = [];
    let isThere = true;
    const page = await visit('#data=moons&epochs=9000', {}, async (fresh) => {
      await fresh.routeWebSocket(/socket/, (socket) => {
        if (isThere) socket.connectToServer();
        else void socket.close();
        sockets.push(socket);
      });
      await fresh.route('**', (route) => (isThere ? route.continue() : route.abort()));
    });
    await page.locator('.play').click();
    await until(page, 'epoch', (epoch) => epoch > 5);
    isThere = false;
    await sockets[0].close();
    await page.getByTestId('lost').waitFor();
    expect(await page.locator('.readout .state').textContent()).toMatch(/Disconnected/);
    for (const button of await page.locator('.transport button').all()) expect(await button.isDisabled()).toBe(true);
    const said = await failure(page);
    await page.waitForTimeout(700);
    expect(await failure(page)).toBe(said);
    isThere = true;
    await page.getByTestId('lost').waitFor({ state: 'detached', timeout: 20_000 });
    await until(page, 'epoch', (epoch) => epoch > 1);
    await expect.poll(() => page.locator('.play').getAttribute('aria-pressed')).toBe('true');
    await page.getByText('from the beginning').waitFor();
  });
});
