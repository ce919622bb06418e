import { computed } from '@preact/signals';
import { appearance, isDark } from '../state/settings';
import { DARK, LIGHT, divergingPixels } from './color';

/** The colours of the theme. */
export const palette = computed(() => {
  void appearance.value;
  return isDark() ? DARK : LIGHT;
});

/** The pixels of values from −1 to 1. */
export const valuePixels = computed(() => divergingPixels(palette.value));
