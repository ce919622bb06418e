import { signal } from '@preact/signals';
import { weightIndex } from '../connection/frame';
import { configured, layerSizes } from '../state/experiment';
import { noticed } from '../state/picture';
import { setWeight } from '../state/session';
import type { Neuron } from '../state/view';
import { neuronName, shortName, weightName } from '../network/names';
import { text } from '../text';
import { css, divergingColor } from '../theme/color';
import { palette } from '../theme/palette';

/** What is being typed, and for which source. */
const typed = signal<{ from: number | null; text: string } | null>(null);

/** The weights of a neuron and its bias, to be read and changed. */
export function WeightTable({ neuron: { layer, unit } }: { neuron: Neuron }) {
  const { watch: words, network: names } = text.value;
  const network = configured.value?.network;
  const weights = noticed.value?.weights;
  if (!network || !weights) return null;
  const sizes = layerSizes.value;
  const sources: (number | null)[] = [...Array.from({ length: sizes[layer] }, (_, from) => from), null];
  return (
    <div class="weights">
      <h3>{neuronName(network, layer + 1, unit)}</h3>
      <p class="hint">
        {network.layers[layer].activation} · {words.weights}
      </p>
      <ul>
        {sources.map((from) => {
          const value = weights[weightIndex(sizes, layer, from, unit)];
          return (
            <li key={from ?? 'bias'}>
              <span class="swatch" style={{ backgroundColor: css(divergingColor(palette.value, Math.tanh(value))) }} />
              <label>
                <span title={from === null ? names.bias : shortName(network, layer, from)}>
                  {from === null ? names.bias : shortName(network, layer, from)}
                </span>
                <input
                  type="number"
                  class="number"
                  step="0.1"
                  aria-label={weightName({ layer, from, to: unit })}
                  // What is being typed is not overwritten by the next frame.
                  value={typed.value?.from === from ? typed.value.text : value.toFixed(3)}
                  onInput={(event) => {
                    typed.value = { from, text: event.currentTarget.value };
                  }}
                  onBlur={() => {
                    typed.value = null;
                  }}
                  onChange={(event) => {
                    const next = event.currentTarget.valueAsNumber;
                    typed.value = null;
                    if (Number.isFinite(next)) setWeight(layer, from, unit, next);
                  }}
                />
              </label>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
