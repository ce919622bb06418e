import { useState } from 'preact/hooks';
import { isEmbedded, linkNow } from '../state/page';
import { chooseLanguage, chooseTheme, isDark, language, theme, type Theme } from '../state/settings';
import { text } from '../text';
import { copy } from '../theme/clipboard';
import { Icon } from './icon';
import { Readout, Transport } from './transport';

const THEMES: Theme[] = ['system', 'light', 'dark'];

/** The name of the page, the training, language and colours. */
export function Header() {
  const { header: words, title } = text.value;
  return (
    <header class="top">
      <h1>
        <Mark />
        {title}
      </h1>
      <Transport />
      <Readout />
      <div class="settings">
        {isEmbedded.value ? (
          <a class="quiet" href={linkNow({ embed: false })} target="_blank" rel="noreferrer">
            {words.open}
          </a>
        ) : (
          <>
            <CopyLink />
            <button
              type="button"
              class="quiet"
              lang={language.value === 'zh' ? 'en' : 'zh'}
              onClick={() => chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}
            >
              {words.language}
            </button>
            <ThemeChoice />
          </>
        )}
      </div>
    </header>
  );
}

function CopyLink() {
  const { header: words } = text.value;
  const [isCopied, setCopied] = useState(false);
  return (
    <button
      type="button"
      class="quiet"
      onClick={() =>
        void copy(new URL(linkNow(), location.href).href).then((isDone) => {
          setCopied(isDone);
          setTimeout(() => setCopied(false), 1600);
        })
      }
    >
      <Icon name="link" />
      <span class="wide-only">{isCopied ? words.copied : words.copyLink}</span>
    </button>
  );
}

function ThemeChoice() {
  const { header: words } = text.value;
  const name = words[theme.value];
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length];
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => chooseTheme(next)}
      aria-label={`${words.theme}: ${name}`}
      title={`${words.theme}: ${name}`}
      data-dark={isDark()}
    >
      <Icon name="theme" />
    </button>
  );
}

/** Two neurons and what one makes of the other. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 24" width="30" height="22" aria-hidden="true">
      <path d="M6 6C16 6 16 12 26 12" fill="none" stroke="var(--positive)" stroke-width="3" />
      <path d="M6 18C16 18 16 12 26 12" fill="none" stroke="var(--negative)" stroke-width="2" />
      <circle cx="6" cy="6" r="4" fill="var(--positive)" />
      <circle cx="6" cy="18" r="4" fill="var(--negative)" />
      <circle cx="26" cy="12" r="5" fill="currentColor" />
    </svg>
  );
}
