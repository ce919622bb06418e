import { css, type Palette } from '../theme/color';

/** A place in a picture, in pixels. */
export type Place = readonly [number, number];

/** Paints the units of a map, and the lines between neighbours. */
export function paintMap(
  context: CanvasRenderingContext2D,
  places: readonly Place[],
  edges: readonly (readonly [number, number])[],
  palette: Palette,
): void {
  const path = (): void => {
    context.beginPath();
    for (const [from, to] of edges) {
      context.moveTo(...places[from]);
      context.lineTo(...places[to]);
    }
    context.stroke();
  };
  context.lineCap = 'round';
  context.strokeStyle = css(palette.paper, 0.8);
  context.lineWidth = 4;
  path();
  context.strokeStyle = css(palette.ink, 0.75);
  context.lineWidth = 1.5;
  path();
  const radius = places.length > 250 ? 2.2 : places.length > 80 ? 3 : 4;
  for (const [x, y] of places) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = css(palette.ink);
    context.fill();
    context.strokeStyle = css(palette.paper);
    context.lineWidth = 1;
    context.stroke();
  }
}

/** Paints the centroids of clusters: crosses. */
export function paintCentroids(context: CanvasRenderingContext2D, places: readonly Place[], palette: Palette): void {
  for (const [x, y] of places) {
    for (const [color, width] of [
      [palette.paper, 6],
      [palette.ink, 2.5],
    ] as const) {
      context.beginPath();
      context.moveTo(x - 7, y - 7);
      context.lineTo(x + 7, y + 7);
      context.moveTo(x + 7, y - 7);
      context.lineTo(x - 7, y + 7);
      context.strokeStyle = css(color);
      context.lineWidth = width;
      context.stroke();
    }
  }
}
