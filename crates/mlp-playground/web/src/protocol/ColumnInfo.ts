// Generated from the types of the program by ts-rs. Do not edit.
import type { Axis } from "./Axis";

/**
 * A column that a network uses.
 */
export type ColumnInfo = { 
/**
 * Its name.
 */
name: string, 
/**
 * The range to draw if it is one of numbers, somewhat wider than that of its values; else it can be no
 * axis.
 */
axis?: Axis, };
