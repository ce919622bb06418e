import { describe, expect, it } from 'vitest';
import type { FrameHeader } from '../protocol/FrameHeader';
import { countWeights, decodeFrame, weightIndex } from './frame';

/** A message as the program writes it. */
function encode(header: FrameHeader, weights: number[], maps: number[]): ArrayBuffer {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const buffer = new ArrayBuffer(4 + text.length + 4 * weights.length + maps.length);
  const view = new DataView(buffer);
  view.setUint32(0, text.length, true);
  new Uint8Array(buffer, 4, text.length).set(text);
  weights.forEach((weight, index) => view.setFloat32(4 + text.length + 4 * index, weight, true));
  new Uint8Array(buffer, 4 + text.length + 4 * weights.length).set(maps);
  return buffer;
}

const HEADER: FrameHeader = {
  step: 7,
  epoch: 2,
  num_weights: 3,
  resolution: 2,
  rows: 1,
  ranges: [[-1, 1]],
  output_resolution: 2,
  output_rows: 2,
  output_ranges: [[0, 0.5]],
  inputs: [],
  input_ranges: [],
};

describe('a frame', () => {
  it('holds the weights and maps that were written, wherever the header ends', () => {
    // Each of the four headers has another length, so that weights begin at every alignment.
    for (const step of [1, 10, 100, 1000]) {
      const frame = decodeFrame(encode({ ...HEADER, step }, [0.5, -2, 8], [1, 255, 10, 20, 30, 40]));
      expect(frame.header.step).toBe(step);
      expect([...frame.weights]).toEqual([0.5, -2, 8]);
      expect(frame.units.map((map) => [...map])).toEqual([[1, 255]]);
      expect(frame.outputs.map((map) => [...map])).toEqual([[10, 20, 30, 40]]);
    }
  });

  it('holds the maps of derived inputs behind all others', () => {
    const header: FrameHeader = { ...HEADER, inputs: [2], input_ranges: [[0, 9]] };
    const frame = decodeFrame(encode(header, [0.5, -2, 8], [1, 255, 10, 20, 30, 40, 7, 8]));
    expect(frame.outputs.map((map) => [...map])).toEqual([[10, 20, 30, 40]]);
    expect(frame.inputs.map((map) => [...map])).toEqual([[7, 8]]);
  });

  it('has no maps if none were asked for', () => {
    const header = { ...HEADER, rows: 0, ranges: [], output_rows: 0, output_ranges: [] };
    const frame = decodeFrame(encode(header, [1, 2, 3], []));
    expect(frame.units).toEqual([]);
    expect(frame.outputs).toEqual([]);
  });

  it('is refused if it is cut off', () => {
    const buffer = encode(HEADER, [0.5, -2, 8], [1, 255, 10, 20, 30, 40]);
    expect(() => decodeFrame(buffer.slice(0, buffer.byteLength - 1))).toThrow(RangeError);
    expect(() => decodeFrame(buffer.slice(0, buffer.byteLength - 10))).toThrow(RangeError);
  });
});

describe('weights', () => {
  it('lie row by row, and biases behind the matrix', () => {
    // 2 inputs, 3 units, 1 output: 2·3 + 3 weights, then 3·1 + 1.
    const sizes = [2, 3, 1];
    expect(countWeights(sizes)).toBe(13);
    expect(weightIndex(sizes, 0, 1, 2)).toBe(5);
    expect(weightIndex(sizes, 0, null, 0)).toBe(6);
    expect(weightIndex(sizes, 1, 2, 0)).toBe(11);
    expect(weightIndex(sizes, 1, null, 0)).toBe(12);
  });
});
