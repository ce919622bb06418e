// Generated from the types of the program by ts-rs. Do not edit.
import type { LayerDiagnosis } from "./LayerDiagnosis";

/**
 * How the layers of a network are.
 */
export type Diagnosis = { 
/**
 * Which experiment of the connection this is about.
 */
number: number, 
/**
 * Each layer, the last of which is that of the outputs.
 */
layers: Array<LayerDiagnosis>, };
