// Generated from the types of the program by ts-rs. Do not edit.
import type { DatasetInfo } from "./DatasetInfo";

/**
 * What a page lets its user choose from, in the order in which to show it.
 */
export type OptionLists = { 
/**
 * The version of the program.
 */
version: string, 
/**
 * The data sets that are built in.
 */
datasets: Array<DatasetInfo>, 
/**
 * The models that a page can show.
 */
models: Array<string>, 
/**
 * The activations.
 */
activations: Array<string>, 
/**
 * The normalisations.
 */
normalizations: Array<string>, 
/**
 * The losses for classes.
 */
class_losses: Array<string>, 
/**
 * The losses for numbers.
 */
number_losses: Array<string>, 
/**
 * The optimizers.
 */
optimizers: Array<string>, 
/**
 * The schedules.
 */
schedules: Array<string>, 
/**
 * How many hidden layers there may be.
 */
max_layers: number, 
/**
 * How many units a hidden layer may have.
 */
max_units: number, 
/**
 * How large a file may be, in bytes.
 */
max_file_size: number, };
