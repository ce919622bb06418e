// Generated from the types of the program by ts-rs. Do not edit.
import type { Plane } from "./Plane";

/**
 * What a page looks at.
 */
export type View = { 
/**
 * The plane of which maps are drawn; that of the first two columns of numbers if `None`.
 */
plane?: Plane, 
/**
 * The pixels of a neuron's map along each axis, from 8 to 64.
 */
resolution: number, 
/**
 * The pixels of the output's map along each axis, from 8 to 200.
 */
output_resolution: number, 
/**
 * Whether maps are drawn at all.
 */
maps: boolean, 
/**
 * The row, of those in [`Points`](super::Points), whose way through the network is shown.
 */
trace_row?: number, 
/**
 * Whether gradients and the state of units are measured.
 */
diagnosis: boolean, };
