import { useRef } from 'preact/hooks';
import type { DatasetInfo } from '../protocol/DatasetInfo';
import { configured, effective, options, usedFeatures, wanted, withData, withoutOrWith } from '../state/experiment';
import { configure } from '../state/session';
import { files, open } from '../state/files';
import { OTHER_TABLE, show } from '../state/view';
import { nameOf, text } from '../text';
import { whole } from '../theme/number';
import { Amount, Choice, Panel } from './fields';
import { Thumbnails } from './thumbnails';

/** Changes a setting of the data. */
function changeData(change: Partial<(typeof wanted.value)['data']>): void {
  configure({ ...wanted.peek(), data: { ...wanted.peek().data, ...change } });
}

/** Takes another table, whose columns and rows are others. */
function chooseTable(name: string): void {
  show(OTHER_TABLE);
  configure(withData(wanted.peek(), name));
}

/** Forgets a setting of the data, so that it has its default; nothing to forget if it has it. */
function restoring(name: 'samples' | 'noise' | 'valid_size' | 'test_size'): (() => void) | undefined {
  if (wanted.value.data[name] === undefined) return undefined;
  return () => {
    const { [name]: _, ...data } = wanted.peek().data;
    configure({ ...wanted.peek(), data });
  };
}

/** What the network learns from. */
export function DataControls() {
  const { data: words } = text.value;
  const { data } = effective.value;
  const datasets = options.value?.datasets ?? [];
  const name = data.name ?? 'circles';
  const info = datasets.find((dataset) => dataset.name === name);
  const rows = configured.value?.rows;
  return (
    <Panel title={words.heading} name="data">
      <Thumbnails chosen={name} onChoose={chooseTable} />
      <Choice label={words.choose} value={name} onChoose={chooseTable}>
        <Tables label={words.generated} tables={datasets.filter((table) => table.is_generated)} />
        <Tables label={words.tables} tables={datasets.filter((table) => !table.is_generated)} />
        {(files.value.length > 0 || !info) && (
          <optgroup label={words.files}>
            {[...new Set([...files.value, ...(info ? [] : [name])])].map((file) => (
              <option key={file} value={file}>
                {file}
              </option>
            ))}
          </optgroup>
        )}
      </Choice>
      {info && <p class="hint">{text.value.descriptions[name] ?? info.description}</p>}
      <FileButton />
      <TargetChoice />
      {info?.is_generated && (
        <>
          <Amount
            label={words.samples}
            value={data.samples}
            min={20}
            max={2000}
            step={10}
            isWhole
            onChange={(samples) => changeData({ samples: Math.round(samples) })}
            onRestore={restoring('samples')}
          />
          <Amount
            label={words.noise}
            value={data.noise}
            min={0}
            max={1}
            step={0.01}
            stepping={0.05}
            onChange={(noise) => changeData({ noise })}
            onRestore={restoring('noise')}
          />
        </>
      )}
      {data.valid_size !== undefined && (
        <Amount
          label={words.validSize}
          value={data.valid_size}
          min={0.05}
          max={0.6}
          step={0.05}
          onChange={(valid_size) => changeData({ valid_size })}
          onRestore={restoring('valid_size')}
        />
      )}
      {data.test_size !== undefined && (
        <Amount
          label={words.testSize}
          value={data.test_size}
          min={0.05}
          max={0.6}
          step={0.05}
          onChange={(test_size) => changeData({ test_size })}
          onRestore={restoring('test_size')}
        />
      )}
      {rows && configured.value?.clustering && <p class="hint">{words.allRows(whole(rows.train))}</p>}
      {rows && !configured.value?.clustering && (
        <p class="hint">{words.rowsOf(whole(rows.train), whole(rows.valid), whole(rows.test))}</p>
      )}
      <FeatureChoice />
    </Panel>
  );
}

function Tables({ label, tables }: { label: string; tables: DatasetInfo[] }) {
  return (
    <optgroup label={label}>
      {tables.map((table) => (
        <option key={table.name} value={table.name}>
          {nameOf(table.name)}
        </option>
      ))}
    </optgroup>
  );
}

function FileButton() {
  const input = useRef<HTMLInputElement>(null);
  const { data: words } = text.value;
  return (
    <div class="file">
      <button type="button" class="quiet" onClick={() => input.current?.click()}>
        {words.file}
      </button>
      <span class="hint">{words.dropHere}</span>
      <input
        ref={input}
        type="file"
        class="visually-hidden"
        accept=".csv,.tsv,.txt,.json,.parquet,.xlsx,.ods,.gz"
        aria-label={words.file}
        tabIndex={-1}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void open(file);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}

/** Which column of a file is predicted. */
function TargetChoice() {
  const experiment = configured.value;
  if (!experiment || experiment.file_columns.length === 0) return null;
  const choose = (target: string): void => {
    const { drop: _, derive: __, ...data } = wanted.peek().data;
    const { loss: ___, ...others } = wanted.peek();
    configure({ ...others, data: { ...data, target } });
  };
  return (
    <Choice label={text.value.data.target} value={experiment.target} onChoose={choose}>
      {experiment.clustering && experiment.target === '' && <option value="">{text.value.watch.none}</option>}
      {experiment.file_columns.map((column) => (
        <option key={column} value={column}>
          {column}
        </option>
      ))}
    </Choice>
  );
}

/** What the network sees: columns, and features that are derived from them. */
function FeatureChoice() {
  const experiment = configured.value;
  if (!experiment) return null;
  const { input_columns: columns, derivable } = experiment;
  if (columns.length + derivable.length < 2) return null;
  const { data: words } = text.value;
  const { data } = experiment.experiment;
  const used = usedFeatures(experiment);
  const toggle = (name: string): void =>
    changeData(
      derivable.includes(name)
        ? { derive: withoutOrWith(data.derive ?? [], name) }
        : { drop: withoutOrWith(data.drop ?? [], name) },
    );
  const list = (names: string[], kind: string) => (
    <ul class={kind}>
      {names.map((name) => (
        <li key={name}>
          <label class="switch">
            <input
              type="checkbox"
              checked={used.includes(name)}
              disabled={used.length === 1 && used.includes(name)}
              onChange={() => toggle(name)}
            />
            <span class="cut" title={name}>
              {name}
            </span>
          </label>
        </li>
      ))}
    </ul>
  );
  // Few enough to be seen at once.
  if (columns.length <= 2 && derivable.length > 0) {
    return (
      <fieldset class="features">
        <legend>{words.features}</legend>
        {list([...columns, ...derivable], 'few')}
        <p class="hint">{words.derived}</p>
      </fieldset>
    );
  }
  return (
    <details class="columns">
      <summary>
        {words.columns} <small>{`${used.length} / ${columns.length + derivable.length}`}</small>
      </summary>
      {list([...columns, ...derivable], 'many')}
    </details>
  );
}
