// Generated from the types of the program by ts-rs. Do not edit.
/**
 * The points of a network that finds clusters.
 */
export type Scatter = { 
/**
 * `map`, `pretraining` or `clustering`.
 */
phase: string, 
/**
 * How many rows have a code: those of [`Points`](super::Points), or none.
 */
num_codes: number, 
/**
 * How many units or centroids there are.
 */
num_prototypes: number, 
/**
 * Whether the rows have clusters yet.
 */
has_clusters: boolean, };
