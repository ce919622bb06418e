import type { FrameHeader } from '../protocol/FrameHeader';

/** The network at one step: its weights, and what each of its units does. */
export interface Frame {
  header: FrameHeader;
  /** The weights and biases of all layers; see {@link weightOffset}. */
  weights: Float32Array;
  /** One map of each hidden unit, layer by layer. Empty if no maps were asked for. */
  units: Uint8Array[];
  /** One map of each output. */
  outputs: Uint8Array[];
  /** One map of each derived input; `header.inputs` says which these are. */
  inputs: Uint8Array[];
  /** The cluster of each row that has a code; of a network that finds clusters, `weights` are points. */
  clusters: Uint8Array;
}

/**
 * Reads a binary message: the length of the header (`u32`, little-endian), the header (JSON), the weights
 * (`f32`, little-endian) and the maps, without gaps.
 *
 * @throws RangeError if the message is shorter than its header says.
 */
export function decodeFrame(buffer: ArrayBuffer): Frame {
  const headerLength = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength));
  const header = JSON.parse(text) as FrameHeader;
  let offset = 4 + headerLength;

  // A copy, because the weights begin wherever the header ends, and a Float32Array must be aligned.
  const weightBytes = 4 * header.num_weights;
  if (offset + weightBytes > buffer.byteLength) throw new RangeError('a frame is shorter than its weights');
  const weights = new Float32Array(buffer.slice(offset, offset + weightBytes));
  offset += weightBytes;

  const maps = (count: number, size: number): Uint8Array[] => {
    const read: Uint8Array[] = [];
    for (let index = 0; index < count; index += 1) {
      read.push(new Uint8Array(buffer, offset, size));
      offset += size;
    }
    return read;
  };
  const units = maps(header.ranges.length, header.resolution * header.rows);
  const outputs = maps(header.output_ranges.length, header.output_resolution * header.output_rows);
  const inputs = maps(header.input_ranges.length, header.resolution * header.rows);
  const numClusters = header.scatter?.has_clusters ? header.scatter.num_codes : 0;
  const clusters = new Uint8Array(buffer, offset, numClusters);
  return { header, weights, units, outputs, inputs, clusters };
}

/** The numbers of units from the inputs to the outputs. */
export type LayerSizes = readonly number[];

/** Where the weights of a layer begin. The biases follow the matrix of `sizes[layer] × sizes[layer + 1]`. */
export function weightOffset(sizes: LayerSizes, layer: number): number {
  let offset = 0;
  for (let index = 0; index < layer; index += 1) offset += (sizes[index] + 1) * sizes[index + 1];
  return offset;
}

/** Where one weight is; `from` of `null` is the bias. */
export function weightIndex(sizes: LayerSizes, layer: number, from: number | null, to: number): number {
  return weightOffset(sizes, layer) + (from ?? sizes[layer]) * sizes[layer + 1] + to;
}

/** The number of weights and biases of a network. */
export function countWeights(sizes: LayerSizes): number {
  return weightOffset(sizes, sizes.length - 1);
}
