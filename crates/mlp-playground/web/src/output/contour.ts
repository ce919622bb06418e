/** A line between two places of a grid, in cells from its upper left corner. */
export type Segment = readonly [number, number, number, number];

/**
 * The line along which a field is 0, by marching squares: each square between four neighbouring values is
 * crossed where two of them differ in sign.
 *
 * @param field - `columns × rows` values, row by row.
 */
export function contour(field: ArrayLike<number>, columns: number, rows: number): Segment[] {
  const segments: Segment[] = [];
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const place = row * columns + column;
      const a = field[place];
      const b = field[place + 1];
      const c = field[place + columns + 1];
      const d = field[place + columns];
      const crossings: number[] = [];
      if (a > 0 !== b > 0) crossings.push(column + a / (a - b), row);
      if (b > 0 !== c > 0) crossings.push(column + 1, row + b / (b - c));
      if (d > 0 !== c > 0) crossings.push(column + d / (d - c), row + 1);
      if (a > 0 !== d > 0) crossings.push(column, row + a / (a - d));
      for (let index = 0; index + 3 < crossings.length; index += 4) {
        segments.push([crossings[index], crossings[index + 1], crossings[index + 2], crossings[index + 3]]);
      }
    }
  }
  return segments;
}

/**
 * How far the probability of a class is above that of the most probable other class. Bytes stand for
 * `low + byte / 255 · (high − low)`.
 */
export function margin(
  outputs: readonly Uint8Array[],
  ranges: readonly (readonly [number, number])[],
  of: number,
): Float32Array {
  const value = (output: number, place: number): number =>
    ranges[output][0] + (outputs[output][place] / 255) * (ranges[output][1] - ranges[output][0]);
  const field = new Float32Array(outputs[of].length);
  for (let place = 0; place < field.length; place += 1) {
    let highest = outputs.length === 1 ? 0.5 : Number.NEGATIVE_INFINITY;
    for (let output = 0; output < outputs.length; output += 1) {
      if (output !== of) highest = Math.max(highest, value(output, place));
    }
    field[place] = value(of, place) - highest;
  }
  return field;
}
