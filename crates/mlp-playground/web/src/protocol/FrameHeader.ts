// Generated from the types of the program by ts-rs. Do not edit.
import type { Scatter } from "./Scatter";

/**
 * What a frame holds.
 */
export type FrameHeader = { 
/**
 * The steps that were taken.
 */
step: number, 
/**
 * The epochs that are over.
 */
epoch: number, 
/**
 * The number of weights and biases.
 */
num_weights: number, 
/**
 * The width of the map of a hidden unit, in pixels.
 */
resolution: number, 
/**
 * Its height.
 */
rows: number, 
/**
 * What the bytes 0 and 255 stand for, for each hidden unit; empty if no maps were asked for.
 */
ranges: Array<[number, number]>, 
/**
 * The width of the map of an output, in pixels.
 */
output_resolution: number, 
/**
 * Its height.
 */
output_rows: number, 
/**
 * What the bytes 0 and 255 stand for, for each output.
 */
output_ranges: Array<[number, number]>, 
/**
 * The inputs that are derived from columns, by their indices.
 */
inputs: Array<number>, 
/**
 * What the bytes 0 and 255 stand for, for each of them.
 */
input_ranges: Array<[number, number]>, 
/**
 * What it holds instead, of a network that finds clusters.
 */
scatter?: Scatter, };
