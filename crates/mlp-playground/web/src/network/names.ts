import type { NetworkInfo } from '../protocol/NetworkInfo';
import { configured } from '../state/experiment';
import { text } from '../text';

/** The name of a neuron; columns are counted from the inputs, which are column 0. */
export function neuronName(network: NetworkInfo, column: number, unit: number): string {
  const { network: words } = text.value;
  if (column === 0) return words.input(network.inputs[unit] ?? String(unit + 1));
  if (column === network.layers.length) return words.output(network.outputs[unit] ?? String(unit + 1));
  return words.hidden(column, unit + 1);
}

/** The same, short enough for a table. */
export function shortName(network: NetworkInfo, column: number, unit: number): string {
  if (column === 0) return network.inputs[unit] ?? `x${unit + 1}`;
  if (column === network.layers.length) return network.outputs[unit] ?? `y${unit + 1}`;
  return `h${column}.${unit + 1}`;
}

/** The name of a weight, or of a bias if it comes from nowhere. */
export function weightName({ layer, from, to }: { layer: number; from: number | null; to: number }): string {
  const network = configured.value?.network;
  if (!network) return '';
  const { network: words } = text.value;
  const target = shortName(network, layer + 1, to);
  return from === null ? words.biasOf(target) : words.weightOf(shortName(network, layer, from), target);
}
