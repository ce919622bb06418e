import { describe, expect, it } from 'vitest';
import { useBrowser, visit } from './browser';

useBrowser();

describe('the headers of the layers', () => {
  it.each([400, 640, 800, 1240, 1400, 1600])('have room of their own at a width of %i', async (width) => {
    const page = await visit('#data=moons&hidden=12', { viewport: { width, height: 1000 } });
    for (let layers = 2; layers <= 8; layers += 1) {
      await page.getByRole('button', { name: 'Add a hidden layer' }).click();
      await page.locator(`.node[data-column="${layers + 1}"]`).first().waitFor();
      const { overlaps, reach } = await page.evaluate(() => {
        const parts = [...document.querySelectorAll('.layer-header')].map((header) =>
          [...header.children].map((part) => {
            // Texts and buttons, rather than the boxes around them.
            const range = document.createRange();
            range.selectNodeContents(part);
            return part.matches('select') ? part.getBoundingClientRect() : range.getBoundingClientRect();
          }),
        );
        const picture = document.querySelector('.network-picture') as HTMLElement;
        const labels = [...document.querySelectorAll('.node-label.after')];
        return {
          overlaps: parts.slice(1).flatMap((header, index) =>
            header.flatMap((part) =>
              parts[index].map((before) => before.right - part.left).filter((distance) => distance > -2),
            ),
          ),
          reach: labels.map((label) => label.getBoundingClientRect().right - picture.getBoundingClientRect().right),
        };
      });
      expect(overlaps, `${layers} layers`).toEqual([]);
      expect(Math.max(...reach), `${layers} layers`).toBeLessThanOrEqual(0);
    }
  });
});
