// Generated from the types of the program by ts-rs. Do not edit.
/**
 * How many rows are for what.
 */
export type RowCounts = { 
/**
 * Rows that the network learns from.
 */
train: number, 
/**
 * Rows that select the best epoch.
 */
valid: number, 
/**
 * Rows of the final test.
 */
test: number, };
