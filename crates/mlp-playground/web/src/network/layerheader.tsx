import { Icon } from '../controls/icon';
import { configured, effective, options, wanted, withActivation, withHidden } from '../state/experiment';
import { isEmbedded } from '../state/page';
import { configure, refusals } from '../state/session';
import { text } from '../text';

/** What is free between two headers. */
const HEADER_GAP = 4;
/** A column that is narrower has smaller buttons, so that they do not lie under those of the next one. */
const WIDE_COLUMN = 88;

/** What stands above a column of neurons: how many there are, and the activation of a hidden layer. */
export function LayerHeader({ index, x, width }: { index: number; x: number; width: number }) {
  const { network: words } = text.value;
  const network = configured.value?.network;
  if (!network) return null;
  const style = { left: `${x}px`, width: `${Math.min(112, width - HEADER_GAP)}px` };
  const isInput = index === 0;
  if (isInput || index === network.layers.length) {
    return (
      <div class="layer-header" style={style}>
        <span class="layer-name">{isInput ? words.inputs : words.outputs}</span>
        <span class="hint">{isInput ? network.inputs.length : network.layers[index - 1].units}</span>
      </div>
    );
  }
  const layer = network.layers[index - 1];
  if (isEmbedded.value) {
    return (
      <div class="layer-header" style={style}>
        <span class="layer-name">{words.units(layer.units)}</span>
        <span class="hint">{layer.activation}</span>
      </div>
    );
  }
  const hidden = effective.value.hidden ?? [];
  const most = options.value?.max_units ?? 16;
  const set = (units: number): void =>
    configure(withHidden(wanted.peek(), effective.peek(), hidden.with(index - 1, units)));
  const names = options.value?.activations ?? [];
  return (
    <div
      class="layer-header"
      data-crowded={width < WIDE_COLUMN}
      style={style}
      role="group"
      aria-label={`${words.layers} ${index}: ${words.units(layer.units)}`}
    >
      <div class="stepper">
        <button
          type="button"
          class="small"
          onClick={() => set(layer.units - 1)}
          disabled={layer.units <= 1}
          aria-label={words.removeUnit(index)}
          title={words.removeUnit(index)}
        >
          <Icon name="minus" />
        </button>
        <b>{layer.units}</b>
        <button
          type="button"
          class="small"
          onClick={() => set(layer.units + 1)}
          disabled={layer.units >= most}
          aria-label={words.addUnit(index)}
          title={words.addUnit(index)}
        >
          <Icon name="plus" />
        </button>
      </div>
      <select
        key={refusals.value}
        aria-label={words.activationOf(index)}
        title={layer.activation}
        value={layer.activation}
        onChange={(event) =>
          configure(withActivation(wanted.peek(), effective.peek(), index - 1, event.currentTarget.value))
        }
      >
        {(names.includes(layer.activation) ? names : [layer.activation, ...names]).map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
