import { epoch, reset, step } from '../state/session';
import { toggle } from './transport';

/** Elements that do something of their own with letters. Boxes to tick and sliders do not. */
const OWN_KEYS = 'input:not([type="checkbox"], [type="range"]), select, textarea, [contenteditable]';
/** A field of a number. */
const NUMBER = 'input[type="number"]';
const OWN_SPACE = `${OWN_KEYS}, input[type="checkbox"], button, a, summary`;

/** Runs the training by single keys, wherever they mean nothing else. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target as Element;
    if (event.key === ' ') {
      if (target.closest(OWN_SPACE)) return;
      event.preventDefault();
      toggle();
      return;
    }
    const key = event.key.toLowerCase();
    const field = target.closest<HTMLInputElement>(OWN_KEYS);
    if (field) {
      // A number has an `e`, but neither of these.
      if (!field.matches(NUMBER) || !'sr'.includes(key)) return;
      event.preventDefault();
      // What was typed counts.
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }
    const action = { s: step, e: epoch, r: reset }[key];
    action?.();
  });
}
