import { signal } from '@preact/signals';

export type Language = 'en' | 'zh';
export type Theme = 'system' | 'light' | 'dark';

/** What a browser remembers; a private window may refuse to. */
function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`trainer-play-${name}`);
  } catch {
    return null;
  }
}

function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`trainer-play-${name}`, value);
  } catch {
    // The choice then lasts as long as the page.
  }
}

function firstLanguage(): Language {
  const chosen = remembered('language') ?? (typeof navigator === 'undefined' ? 'en' : navigator.language);
  return chosen.startsWith('zh') ? 'zh' : 'en';
}

function firstTheme(): Theme {
  const chosen = remembered('theme');
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

export const language = signal<Language>(firstLanguage());
export const theme = signal<Theme>(firstTheme());
/** Counts the changes of the colours, for what is painted rather than styled. */
export const appearance = signal(0);

export function chooseLanguage(choice: Language): void {
  language.value = choice;
  remember('language', choice);
}

export function chooseTheme(choice: Theme): void {
  theme.value = choice;
  remember('theme', choice);
  applyTheme();
}

/** Gives the document the chosen theme. */
export function applyTheme(): void {
  const root = document.documentElement;
  if (theme.value === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme.value;
  appearance.value += 1;
}

/** Whether the page is dark now. */
export function isDark(): boolean {
  if (theme.value !== 'system') return theme.value === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}
