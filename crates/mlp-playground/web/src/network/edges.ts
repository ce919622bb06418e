import { weightOffset, type LayerSizes } from '../connection/frame';
import { css, type Palette } from '../theme/color';
import type { Edge, Layout } from './layout';

/** What of the weights is painted differently. */
export interface Emphasis {
  hovered?: Edge | undefined;
  /** The neuron whose incoming weights stand out. */
  watched?: { layer: number; unit: number } | undefined;
}

/** Beyond this many curves the faint ones are left out: they could not be told apart, and cost time. */
const MOST_CURVES = 900;

/** Paints each weight as a curve, whose colour gives its sign, and whose width and strength its size. */
export function paintEdges(
  context: CanvasRenderingContext2D,
  layout: Layout,
  sizes: LayerSizes,
  weights: Float32Array,
  palette: Palette,
  { hovered, watched }: Emphasis,
): void {
  context.clearRect(0, 0, layout.width, layout.height);
  context.lineCap = 'butt';
  const half = layout.size / 2;
  const count = sizes.slice(1).reduce((sum, size, layer) => sum + size * sizes[layer], 0);
  const faintest = count > MOST_CURVES ? 0.25 : 0;
  for (let layer = 0; layer + 1 < layout.columns.length; layer += 1) {
    const offset = weightOffset(sizes, layer);
    const units = sizes[layer + 1];
    const startX = layout.columns[layer].x + half;
    const endX = layout.columns[layer + 1].x - half;
    const middle = (startX + endX) / 2;
    const starts = layout.columns[layer].places;
    const ends = layout.columns[layer + 1].places;
    // In crowded layers, wide curves would cover each other.
    const widest = Math.max(2, Math.min(7, 60 / Math.sqrt(starts.length * ends.length)));
    for (let from = 0; from < starts.length; from += 1) {
      for (let to = 0; to < ends.length; to += 1) {
        const weight = weights[offset + from * units + to];
        const strength = Math.tanh(Math.abs(weight) / 1.6);
        const isHovered = hovered?.layer === layer && hovered.from === from && hovered.to === to;
        const isWatched = watched?.layer === layer && watched.unit === to;
        if (strength < faintest && !isHovered && !isWatched) continue;
        const isBehind = watched !== undefined && !isWatched && !isHovered;
        const opacity = (0.16 + 0.74 * strength) * (isBehind ? 0.28 : 1);
        context.strokeStyle = css(weight < 0 ? palette.negative : palette.positive, isHovered ? 1 : opacity);
        context.lineWidth = 0.6 + widest * strength + (isHovered ? 1.5 : 0);
        context.beginPath();
        context.moveTo(startX, starts[from].y);
        context.bezierCurveTo(middle, starts[from].y, middle, ends[to].y, endX, ends[to].y);
        context.stroke();
      }
    }
  }
}
