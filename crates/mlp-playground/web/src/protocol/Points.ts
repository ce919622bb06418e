// Generated from the types of the program by ts-rs. Do not edit.
/**
 * Rows to be drawn, at most 2,000, evenly spaced among all.
 */
export type Points = { 
/**
 * The number of each row in the table.
 */
rows: Array<number>, 
/**
 * What each row is for: 0 training, 1 validation, 2 test.
 */
splits: Array<number>, 
/**
 * The class of each row, from 0, or its number.
 */
targets: Array<number>, 
/**
 * The values of each column of numbers, by its place among [`Configured::columns`]; `null` if missing,
 * and an empty list for other columns.
 */
values: Array<Array<number | null>>, };
