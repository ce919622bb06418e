import { effect } from '@preact/signals';
import { render } from 'preact';
import { listenToKeys } from './controls/keys';
import { Page } from './page';
import { followAddress } from './state/page';
import { connect } from './state/session';
import { appearance, applyTheme, language } from './state/settings';

applyTheme();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  appearance.value += 1;
});
effect(() => {
  document.documentElement.lang = language.value;
});
followAddress();
listenToKeys();
const root = document.getElementById('page') as HTMLElement;
// What was shown until now.
root.replaceChildren();
render(<Page />, root);
connect();
