import { Icon } from '../controls/icon';
import { Panel } from '../controls/fields';
import { configured } from '../state/experiment';
import { progress } from '../state/training';
import { show, tracedRow, view, watchedNeuron } from '../state/view';
import { neuronName } from '../network/names';
import { text } from '../text';
import { Steps } from './steps';
import { WeightTable } from './weights';

/** The watched neuron and row: weights to change, and backpropagation in numbers. */
export function WatchPanel() {
  const { watch: words } = text.value;
  const neuron = watchedNeuron.value;
  const row = tracedRow.value;
  return (
    <Panel title={words.heading} name="watch" aside={<Selection />}>
      {!neuron && <p class="empty">{row === undefined ? words.empty : words.noNeuron}</p>}
      {neuron && (
        <div class="watch-body">
          <WeightTable neuron={neuron} />
          {row === undefined ? <p class="empty">{words.noRow}</p> : <Steps neuron={neuron} row={row} />}
        </div>
      )}
      {neuron && row !== undefined && progress.value.state === 'playing' && <p class="hint">{words.moving}</p>}
    </Panel>
  );
}

/** Chooses neuron and row without the mouse. */
function Selection() {
  const { watch: words } = text.value;
  const experiment = configured.value;
  if (!experiment) return null;
  const { network, points } = experiment;
  const neuron = watchedNeuron.value;
  const row = tracedRow.value;
  const place = row === undefined ? -1 : points.rows.indexOf(row);
  const move = (step: number): void => {
    const next = (place + step + points.rows.length) % points.rows.length;
    show({ traceRow: points.rows[place < 0 ? 0 : next] });
  };
  return (
    <div class="selection">
      <label>
        <span>{words.neuron}</span>
        <select
          value={neuron ? `${neuron.layer}.${neuron.unit}` : ''}
          onChange={(event) => {
            const [layer, unit] = event.currentTarget.value.split('.').map(Number);
            show({ neuron: unit === undefined ? undefined : { layer, unit } });
          }}
        >
          <option value="">{words.none}</option>
          {network.layers.map((layer, index) =>
            Array.from({ length: layer.units }, (_, unit) => (
              <option key={`${index}.${unit}`} value={`${index}.${unit}`}>
                {neuronName(network, index + 1, unit)}
              </option>
            )),
          )}
        </select>
      </label>
      <label>
        <span>{words.row}</span>
        <input
          type="number"
          class="number"
          min={0}
          step={1}
          placeholder={words.none}
          value={row ?? ''}
          onChange={(event) => {
            const number = event.currentTarget.valueAsNumber;
            show({ traceRow: points.rows.includes(number) ? number : undefined });
            if (!points.rows.includes(number)) event.currentTarget.value = '';
          }}
        />
      </label>
      <span class="stepper">
        <button type="button" class="small" onClick={() => move(-1)} aria-label={words.previous} title={words.previous}>
          ‹
        </button>
        <button type="button" class="small" onClick={() => move(1)} aria-label={words.next} title={words.next}>
          ›
        </button>
      </span>
      {(view.value.neuron || row !== undefined) && (
        <button
          type="button"
          class="small"
          onClick={() => show({ neuron: undefined, traceRow: undefined })}
          aria-label={words.close}
          title={words.close}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
