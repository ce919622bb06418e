import { weightIndex } from '../connection/frame';
import { layerSizes } from '../state/experiment';
import { noticed } from '../state/picture';
import { text } from '../text';
import { short } from '../theme/number';
import type { Edge, Layout } from './layout';
import { weightName } from './names';

/** The value of the weight under the pointer. */
export function WeightTip({ layout, edge }: { layout: Layout; edge: Edge }) {
  const start = layout.columns[edge.layer]?.places[edge.from];
  const end = layout.columns[edge.layer + 1]?.places[edge.to];
  const weights = noticed.value?.weights;
  if (!start || !end || !weights) return null;
  const place = {
    left: `${(layout.columns[edge.layer].x + layout.columns[edge.layer + 1].x) / 2}px`,
    top: `${(start.y + end.y) / 2}px`,
  };
  return (
    <div class="tip" style={place} role="tooltip">
      <span>{weightName(edge)}</span>
      <b>{short(weights[weightIndex(layerSizes.value, edge.layer, edge.from, edge.to)])}</b>
      <small>{text.value.network.edit}</small>
    </div>
  );
}
