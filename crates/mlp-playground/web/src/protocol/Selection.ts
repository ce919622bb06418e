// Generated from the types of the program by ts-rs. Do not edit.
/**
 * Columns to choose from.
 */
export type Selection = { 
/**
 * Their names.
 */
columns: Array<string>, };
