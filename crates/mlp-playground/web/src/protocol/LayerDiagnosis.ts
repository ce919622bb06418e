// Generated from the types of the program by ts-rs. Do not edit.
/**
 * How a layer is.
 */
export type LayerDiagnosis = { 
/**
 * The root mean square of the gradient of the training loss with respect to its weights.
 */
gradient: number, 
/**
 * The units whose slope is 0 for each training row, so that they learn nothing more.
 */
dead: Array<number>, 
/**
 * The units whose slope is below a twentieth of the activation's steepest one for nine rows of ten.
 */
saturated: Array<number>, };
