// Generated from the types of the program by ts-rs. Do not edit.
import type { CurvePoint } from "./CurvePoint";
import type { State } from "./State";

/**
 * How far a training is.
 */
export type Progress = { 
/**
 * Which experiment of the connection this is about.
 */
number: number, 
/**
 * Whether it is trained.
 */
state: State, 
/**
 * The epochs that are over.
 */
epoch: number, 
/**
 * The steps that were taken.
 */
step: number, 
/**
 * Steps per second, while it plays.
 */
steps_per_second: number, 
/**
 * The epochs since the last message.
 */
curve: Array<CurvePoint>, 
/**
 * The epoch with the lowest validation loss so far; 0 before the first.
 */
best_epoch: number, };
