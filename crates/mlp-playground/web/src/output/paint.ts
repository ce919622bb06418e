import type { Frame } from '../connection/frame';
import { fillMap, fillProbability, mapIndex, spreadOf } from '../network/unitmap';
import type { Axis } from '../protocol/Axis';
import type { NetworkInfo } from '../protocol/NetworkInfo';
import type { Neuron } from '../state/view';
import type { PixelMap } from '../theme/canvas';
import {
  classColor,
  css,
  divergingPixels,
  mix,
  pixel,
  probabilityColor,
  scaleColor,
  type Palette,
} from '../theme/color';
import { contour, margin } from './contour';
import { shareOf, type Projected } from './project';

/** Paints the regions of classes, or the predicted numbers. */
export function paintSurface(
  canvas: HTMLCanvasElement,
  picture: PixelMap,
  { header, outputs }: Frame,
  palette: Palette,
  targets: Axis | undefined,
): void {
  const { output_resolution: columns, output_rows: rows, output_ranges: ranges } = header;
  if (outputs.length === 0 || rows <= 1) return;
  const target = picture.pixels(columns, rows);
  if (targets) {
    const [low, high] = ranges[0];
    const colors = Uint32Array.from({ length: 256 }, (_, byte) =>
      pixel(mix(palette.zero, scaleColor(palette, shareOf(targets, low + (byte / 255) * (high - low))), 0.72)),
    );
    for (let place = 0; place < target.length; place += 1) target[place] = colors[outputs[0][place]];
  } else {
    const probabilities = new Float32Array(Math.max(2, outputs.length));
    for (let place = 0; place < target.length; place += 1) {
      for (let output = 0; output < outputs.length; output += 1) {
        const [low, high] = ranges[output];
        probabilities[output] = Math.max(0, low + (outputs[output][place] / 255) * (high - low));
      }
      if (outputs.length === 1) [probabilities[1], probabilities[0]] = [probabilities[0], 1 - probabilities[0]];
      target[place] = pixel(probabilityColor(palette, probabilities));
    }
  }
  picture.paint(canvas);
}

/** Paints what a single neuron gives. */
export function paintNeuron(
  canvas: HTMLCanvasElement,
  picture: PixelMap,
  { header, units, outputs }: Frame,
  network: NetworkInfo,
  { layer, unit }: Neuron,
  palette: Palette,
): void {
  const pixels = divergingPixels(palette);
  if (layer === network.layers.length - 1) {
    const output = outputs.length > network.layers[layer].units ? outputs.length - 1 : unit;
    const target = picture.pixels(header.output_resolution, header.output_rows);
    const range = header.output_ranges[output];
    if (!range) return;
    fillProbability(target, outputs[output], range, palette, classColor(palette, output));
  } else {
    const map = mapIndex(network, layer, unit);
    const range = header.ranges[map];
    if (!range) return;
    const target = picture.pixels(header.resolution, header.rows);
    fillMap(target, units[map], range, spreadOf(network.layers[layer].activation, range), pixels);
  }
  picture.paint(canvas);
}

/** Paints the lines between the regions of classes. */
export function paintBoundary(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { header, outputs }: Frame,
  palette: Palette,
): void {
  const { output_resolution: columns, output_rows: rows, output_ranges: ranges } = header;
  context.clearRect(0, 0, width, height);
  if (outputs.length === 0 || rows <= 1) return;
  context.strokeStyle = css(palette.ink, 0.62);
  context.lineWidth = 1.5;
  context.lineCap = 'round';
  context.beginPath();
  // The line around each class but the last one; with two classes, that is one line.
  for (let output = 0; output < Math.max(1, outputs.length - 1); output += 1) {
    for (const [x1, y1, x2, y2] of contour(margin(outputs, ranges, output), columns, rows)) {
      context.moveTo(((x1 + 0.5) / columns) * width, ((y1 + 0.5) / rows) * height);
      context.lineTo(((x2 + 0.5) / columns) * width, ((y2 + 0.5) / rows) * height);
    }
  }
  context.stroke();
}

const SPLIT_SHAPES = ['circle', 'square', 'triangle'] as const;

/** A mark whose shape says what a row is for. */
export function mark(context: CanvasRenderingContext2D, split: number, x: number, y: number, radius: number): void {
  context.beginPath();
  const shape = SPLIT_SHAPES[split] ?? 'circle';
  if (shape === 'circle') context.arc(x, y, radius, 0, 2 * Math.PI);
  else if (shape === 'square') context.rect(x - 0.9 * radius, y - 0.9 * radius, 1.8 * radius, 1.8 * radius);
  else {
    context.moveTo(x, y - 1.2 * radius);
    context.lineTo(x + 1.15 * radius, y + 0.85 * radius);
    context.lineTo(x - 1.15 * radius, y + 0.85 * radius);
    context.closePath();
  }
}

export interface PointStyle {
  splits: readonly boolean[];
  /** The row that is followed. */
  traced: number | undefined;
  /** The range of the numbers that are predicted; none if classes are. */
  targets: Axis | undefined;
  /** Whether colours mean nothing. */
  isPlain: boolean;
  palette: Palette;
}

/** Paints the rows. */
export function paintPoints(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  projected: readonly Projected[],
  { splits, traced, targets, isPlain, palette }: PointStyle,
): void {
  context.clearRect(0, 0, width, height);
  const radius = projected.length > 800 ? 2.4 : projected.length > 300 ? 3.1 : projected.length < 12 ? 6 : 3.8;
  for (const { row, split, target, x, y } of projected) {
    if (!splits[split]) continue;
    const color = isPlain
      ? mix(palette.zero, palette.ink, 0.45)
      : targets
        ? scaleColor(palette, shareOf(targets, target))
        : classColor(palette, target);
    mark(context, split, x * width, (1 - y) * height, radius);
    context.fillStyle = css(color);
    context.fill();
    context.strokeStyle = css(palette.paper, 0.95);
    // Where rows lie upon each other, their outlines would hide their colours.
    context.lineWidth = projected.length > 800 ? 0.4 : 1.1;
    context.stroke();
    if (row === traced) {
      context.beginPath();
      context.arc(x * width, (1 - y) * height, radius + 5, 0, 2 * Math.PI);
      context.strokeStyle = css(palette.ink);
      context.lineWidth = 2.2;
      context.stroke();
    }
  }
}

/** Paints predictions over a single column as curves: a number, or the probability of each class. */
export function paintCurve(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { header, outputs }: Frame,
  upwards: Axis,
  isClassification: boolean,
  palette: Palette,
): void {
  context.clearRect(0, 0, width, height);
  outputs.forEach((map, output) => {
    const [low, high] = header.output_ranges[output];
    context.strokeStyle = isClassification ? css(classColor(palette, output)) : css(palette.positive);
    context.lineWidth = 3;
    context.lineJoin = 'round';
    context.beginPath();
    map.forEach((byte, place) => {
      const value = low + (byte / 255) * (high - low);
      context.lineTo(((place + 0.5) / map.length) * width, (1 - shareOf(upwards, value)) * height);
    });
    context.stroke();
  });
}
