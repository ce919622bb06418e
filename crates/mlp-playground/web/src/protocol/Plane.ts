// Generated from the types of the program by ts-rs. Do not edit.
/**
 * A plane through the table: two columns vary, the others keep the values of a row.
 */
export type Plane = { 
/**
 * The column along the horizontal axis.
 */
x: string, 
/**
 * The column along the vertical axis; none in a table of one column, whose maps are one pixel high.
 */
y?: string, 
/**
 * The row of the table whose values the other columns keep; the median row if `None`.
 */
row?: number, };
