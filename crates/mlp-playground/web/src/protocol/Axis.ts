// Generated from the types of the program by ts-rs. Do not edit.
/**
 * The range of an axis.
 */
export type Axis = { 
/**
 * Its lower end.
 */
low: number, 
/**
 * Its upper end.
 */
high: number, };
