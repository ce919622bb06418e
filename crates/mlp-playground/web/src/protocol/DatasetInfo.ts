// Generated from the types of the program by ts-rs. Do not edit.
/**
 * A built-in data set.
 */
export type DatasetInfo = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it is, in a sentence.
 */
description: string, 
/**
 * Whether it is generated: it has a number of rows and noise.
 */
is_generated: boolean, 
/**
 * Whether classes are predicted rather than numbers.
 */
is_classification: boolean, };
