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
  const tab = (label: string, chosen: boolean, choose: () => void) => (
    <button
      type="button"
      role="tab"
      aria-selected={chosen}
      aria-controls="outside-text"
      onClick={() => {
        choose();
        setCopied(false);
      }}
    >
      {label}
    </button>
  );
  return (
    <Panel title={words.heading} name="outside" aside={<span class="hint">{words.explain}</span>}>
      <div class="tabs">
        <div role="tablist" aria-label={words.heading}>
          {tab(words.command, !isRust, () => setRust(false))}
          {tab(words.rust, isRust, () => setRust(true))}
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
