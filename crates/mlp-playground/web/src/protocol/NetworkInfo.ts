// Generated from the types of the program by ts-rs. Do not edit.
import type { LayerInfo } from "./LayerInfo";

/**
 * A network, as it is drawn.
 */
export type NetworkInfo = { 
/**
 * The names of the inputs: columns, or the categories of one.
 */
inputs: Array<string>, 
/**
 * The layers, the last of which is that of the outputs.
 */
layers: Array<LayerInfo>, 
/**
 * The names of the outputs: classes, or what is predicted.
 */
outputs: Array<string>, 
/**
 * The number of all parameters, those of normalisations included.
 */
num_parameters: number, 
/**
 * Whether maps show probabilities of classes.
 */
has_probabilities: boolean, };
