// Generated from the types of the program by ts-rs. Do not edit.
/**
 * A network that finds clusters, as it is drawn.
 */
export type ClusteringInfo = { 
/**
 * Whether rows are drawn by their codes, in a plane of their own, rather than by their columns.
 */
has_codes: boolean, 
/**
 * The units of a map between which lines are drawn.
 */
edges: Array<[number, number]>, };
