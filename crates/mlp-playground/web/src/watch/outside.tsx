import { useState } from 'preact/hooks';
import { Panel } from '../controls/fields';
import { copy } from '../theme/clipboard';
import { configured } from '../state/experiment';
import { text } from '../text';

/** The command and the program that train the same network. */
export function OutsidePanel() {
  const { outside: words } = text.value;
  const [isRust, setRust] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const experiment = configured.value;
  const content = (isRust ? experiment?.rust : experiment?.command) ?? '';
  const choose = (next: boolean): void => {
    setRust(next);
    setCopied(false);
  };
  // Of two tabs, each arrow key leads to the other one.
  const move = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: !isRust, ArrowRight: !isRust, Home: false, End: true }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
    const tabs = (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role="tab"]');
    tabs[next ? 1 : 0].focus();
  };
  const tab = (label: string, isTabRust: boolean) => (
    <button
      type="button"
      role="tab"
      aria-selected={isRust === isTabRust}
      aria-controls="outside-text"
      tabIndex={isRust === isTabRust ? 0 : -1}
      onClick={() => choose(isTabRust)}
    >
      {label}
    </button>
  );
  return (
    <Panel title={words.heading} name="outside" aside={<span class="hint">{words.explain}</span>}>
      <div class="tabs">
        <div role="tablist" aria-label={words.heading} onKeyDown={move}>
          {tab(words.command, false)}
          {tab(words.rust, true)}
        </div>
        <button type="button" class="quiet" onClick={() => void copy(content).then(setCopied)}>
          {isCopied ? words.copied : words.copy}
        </button>
      </div>
      <pre id="outside-text" role="tabpanel" tabIndex={0}>
        <code>{content}</code>
      </pre>
    </Panel>
  );
}
