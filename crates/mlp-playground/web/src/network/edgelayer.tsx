import { useEffect, useRef } from 'preact/hooks';
import { layerSizes } from '../state/experiment';
import { onFrame, repaint } from '../state/picture';
import { watchedNeuron } from '../state/view';
import { sharpen } from '../theme/canvas';
import { palette } from '../theme/palette';
import { paintEdges } from './edges';
import type { Edge, Layout } from './layout';

/** A weight or bias that is changed, and where on the picture. */
export interface Editing {
  layer: number;
  from: number | null;
  to: number;
  x: number;
  y: number;
}

/** The weights as curves. */
export function EdgeLayer({ layout, hovered }: { layout: Layout; hovered: Edge | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const emphasis = useRef<Edge | undefined>(undefined);
  emphasis.current = hovered;
  const watched = watchedNeuron.value;
  const colors = palette.value;

  useEffect(
    () =>
      onFrame(({ weights }) => {
        if (!canvas.current) return;
        const context = sharpen(canvas.current, layout.width, layout.height);
        paintEdges(context, layout, layerSizes.peek(), weights, colors, { hovered: emphasis.current, watched });
      }),
    [layout, watched?.layer, watched?.unit, colors],
  );
  useEffect(repaint, [hovered?.layer, hovered?.from, hovered?.to]);

  return (
    <canvas
      class="edges"
      ref={canvas}
      style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
      aria-hidden="true"
    />
  );
}
