import type { Frame } from '../connection/frame';
import type { NetworkInfo } from '../protocol/NetworkInfo';
import type { Plane } from '../protocol/Plane';
import { PixelMap, sharpen } from '../theme/canvas';
import { classColor, css, scaleColor, pixel, type Palette } from '../theme/color';
import { fillInput, fillMap, fillProbability, mapIndex, spreadOf } from './unitmap';

const INPUT_SIDE = 16;
const CURVE_SIDE = 44;

/** Paints what each neuron does into its own small canvas. */
export class NodePainter {
  private readonly hidden: { canvas: HTMLCanvasElement; map: number; activation: string }[] = [];
  private readonly outputs: HTMLCanvasElement[] = [];
  private readonly inputs: HTMLCanvasElement[] = [];
  private readonly picture = new PixelMap();

  constructor(
    root: HTMLElement,
    private readonly network: NetworkInfo,
    private readonly isClassification: boolean,
    private readonly palette: Palette,
    private readonly pixels: Uint32Array,
  ) {
    const last = network.layers.length;
    for (const canvas of root.querySelectorAll<HTMLCanvasElement>('.node > canvas')) {
      const { column, unit } = (canvas.parentElement as HTMLElement).dataset;
      if (Number(column) === 0) this.inputs.push(canvas);
      else if (Number(column) === last) this.outputs.push(canvas);
      else {
        const layer = Number(column) - 1;
        this.hidden.push({
          canvas,
          map: mapIndex(network, layer, Number(unit)),
          activation: network.layers[layer].activation,
        });
      }
    }
  }

  /** Columns do not change: those along an axis rise along it, all others keep their value. */
  paintInputs(plane: Plane | undefined): void {
    this.inputs.forEach((canvas, index) => {
      const name = this.network.inputs[index];
      const axis = name === plane?.x ? 'x' : name === plane?.y ? 'y' : undefined;
      const target = this.picture.pixels(INPUT_SIDE, INPUT_SIDE);
      if (axis) fillInput(target, INPUT_SIDE, axis, this.pixels);
      else target.fill(pixel(this.palette.zero));
      this.picture.paint(canvas);
    });
  }

  paint(frame: Frame): void {
    const { resolution, rows, ranges, output_resolution, output_rows, output_ranges } = frame.header;
    if (rows <= 1) {
      this.paintCurves(frame);
      return;
    }
    frame.header.inputs.forEach((input, index) => {
      const canvas = this.inputs[input];
      if (!canvas) return;
      const target = this.picture.pixels(resolution, rows);
      // From one end of the colours to the other, as a column along an axis.
      fillMap(target, frame.inputs[index], [-1, 1], { middle: 0, reach: 1 }, this.pixels);
      this.picture.paint(canvas);
    });
    for (const { canvas, map, activation } of this.hidden) {
      if (!ranges[map]) continue;
      const target = this.picture.pixels(resolution, rows);
      fillMap(target, frame.units[map], ranges[map], spreadOf(activation, ranges[map]), this.pixels);
      this.picture.paint(canvas);
    }
    this.outputs.forEach((canvas, index) => {
      // One neuron may stand for two classes; it is the second one that it is for.
      const output = Math.min(this.outputs.length === 1 ? output_ranges.length - 1 : index, output_ranges.length - 1);
      if (!output_ranges[output]) return;
      const target = this.picture.pixels(output_resolution, output_rows);
      const map = frame.outputs[output];
      if (this.isClassification) {
        fillProbability(target, map, output_ranges[output], this.palette, classColor(this.palette, output));
      } else {
        const colors = Uint32Array.from({ length: 256 }, (_, byte) => pixel(scaleColor(this.palette, byte / 255)));
        for (let place = 0; place < map.length; place += 1) target[place] = colors[map[place]];
      }
      this.picture.paint(canvas);
    });
  }

  /** Over a single column, a neuron is a curve rather than a map. */
  private paintCurves({ header, units, outputs, inputs }: Frame): void {
    header.inputs.forEach((input, index) => {
      const canvas = this.inputs[input];
      if (canvas) this.paintCurve(canvas, inputs[index], (byte) => byte / 127.5 - 1);
    });
    for (const { canvas, map, activation } of this.hidden) {
      const range = header.ranges[map];
      if (!range) continue;
      const { middle, reach } = spreadOf(activation, range);
      this.paintCurve(canvas, units[map], (byte) => (range[0] + (byte / 255) * (range[1] - range[0]) - middle) / reach);
    }
    this.outputs.forEach((canvas, index) => {
      if (outputs[index]) this.paintCurve(canvas, outputs[index], (byte) => byte / 127.5 - 1);
    });
  }

  private paintCurve(canvas: HTMLCanvasElement, map: Uint8Array, valueOf: (byte: number) => number): void {
    const context = sharpen(canvas, CURVE_SIDE, CURVE_SIDE);
    context.fillStyle = css(this.palette.zero);
    context.fillRect(0, 0, CURVE_SIDE, CURVE_SIDE);
    const half = CURVE_SIDE / 2;
    context.fillStyle = css(this.palette.ink, 0.18);
    context.fillRect(0, half - 0.5, CURVE_SIDE, 1);
    context.strokeStyle = css(this.palette.positive);
    context.lineWidth = 2;
    context.lineJoin = 'round';
    context.beginPath();
    map.forEach((byte, place) => {
      context.lineTo((place / (map.length - 1)) * CURVE_SIDE, half - valueOf(byte) * (half - 4));
    });
    context.stroke();
  }
}
