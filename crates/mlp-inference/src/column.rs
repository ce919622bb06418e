//! Columns of numbers that are stored row by row.

/// The values of one column, from the first row to the last.
pub fn column<T: Copy>(
    values: &[T],
    column: usize,
    num_columns: usize,
) -> impl Iterator<Item = T> + '_ {
    values.iter().skip(column).step_by(num_columns).copied()
}
