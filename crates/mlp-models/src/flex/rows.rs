//! Rows of matrices that are stored row by row.

use super::vectorized::vectorized;

/// Adds a row to each row of a matrix.
pub fn add_to_rows(values: &mut [f32], row: &[f32]) {
    vectorized(
        #[inline(always)]
        move || {
            for values in values.chunks_exact_mut(row.len()) {
                for (value, addend) in values.iter_mut().zip(row) {
                    *value += addend;
                }
            }
        },
    );
}

/// Multiplies the elements of a matrix by a number, and adds a row to each row.
pub fn scale_and_add_to_rows(values: &mut [f32], scale: f32, row: &[f32]) {
    vectorized(
        #[inline(always)]
        move || {
            for values in values.chunks_exact_mut(row.len()) {
                for (value, addend) in values.iter_mut().zip(row) {
                    *value = *value * scale + addend;
                }
            }
        },
    );
}

/// The sum of the rows of a matrix.
pub fn sum_of_rows(values: &[f32], columns: usize) -> Vec<f32> {
    let mut sums = vec![0.0; columns];
    vectorized(
        #[inline(always)]
        || {
            for row in values.chunks_exact(columns) {
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += value;
                }
            }
        },
    );
    sums
}
