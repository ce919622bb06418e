// Generated from the types of the program by ts-rs. Do not edit.
/**
 * A table, and which of its columns and rows are for what.
 */
export type DataChoice = { 
/**
 * A built-in data set, or the name of a file that was given to the page; `circles` if `None`.
 */
name?: string, 
/**
 * The number of rows of a generated data set.
 */
samples?: number, 
/**
 * The noise of a generated data set, 0 or more.
 */
noise?: number, 
/**
 * The column to predict, of a file.
 */
target?: string, 
/**
 * The columns that are no inputs; features may be derived from them all the same.
 */
drop?: Array<string>, 
/**
 * The features that are derived from columns of numbers, such as `x*y`.
 */
derive?: Array<string>, 
/**
 * The share of the rows, in (0, 1), that is kept for the final test.
 */
test_size?: number, 
/**
 * The share of the rows, in (0, 1), by which the best epoch is selected.
 */
valid_size?: number, };
