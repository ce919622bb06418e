import { computed } from '@preact/signals';
import { language } from '../state/settings';
import { en, type Texts } from './en';
import { zh } from './zh';

/** The texts in the language of the page. */
export const text = computed<Texts>(() => (language.value === 'zh' ? zh : en));

/** The name of a data set, an optimizer and the like; as the command line has it, if there is no other. */
export function nameOf(name: string): string {
  return text.value.names[name] ?? name;
}
