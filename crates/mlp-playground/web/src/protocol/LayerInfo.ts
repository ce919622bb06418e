// Generated from the types of the program by ts-rs. Do not edit.
/**
 * A layer of neurons.
 */
export type LayerInfo = { 
/**
 * How many neurons it has.
 */
units: number, 
/**
 * Its activation; `identity` for outputs.
 */
activation: string, };
