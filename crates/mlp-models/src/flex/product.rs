//! The product of two matrices in the host's memory.

use gemm::{Parallelism, gemm};
use rayon::prelude::*;

/// Multiplications from which on a product is shared out among the threads.
const PARALLEL_PRODUCT: usize = 1 << 21;
/// Numbers from which on a matrix that is turned is shared out likewise.
const PARALLEL_TURN: usize = 1 << 15;
/// Numbers that a processor's widest register takes.
const WIDTH: usize = 16;
/// Rows of both matrices from which on it pays to turn the second one first.
const TURNED_ROWS: usize = 64;

/// A matrix over numbers that lie elsewhere, row after row or column after column.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Row after row.
    ///
    /// # Panics
    ///
    /// If there are more or fewer numbers than the shape says.
    pub fn new(values: &'a [f32], [rows, columns]: [usize; 2]) -> Self {
        assert_eq!(values.len(), rows * columns, "the numbers fill the matrix");
        Self {
            values,
            rows,
            columns,
            row_stride: columns,
            column_stride: 1,
        }
    }

    /// The same numbers with rows and columns exchanged.
    #[must_use]
    pub fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }
}

/// `lhs·rhs`, row after row.
///
/// # Panics
///
/// If `lhs` has more or fewer columns than `rhs` has rows.
pub fn product(lhs: Matrix, rhs: Matrix) -> Vec<f32> {
    let (rows, columns) = (lhs.rows, rhs.columns);
    // Gemm takes numbers of `lhs` as they lie, column after column, if the product is to lie so too.
    // Where there are few columns, it is three times as fast to turn the product afterwards.
    if lhs.row_stride == 1 && rows >= WIDTH && columns < WIDTH {
        let values = multiply(lhs, rhs, Order::Columns);
        return turn(&values, [columns, rows]);
    }
    // It takes `rhs` as it lies row after row. Else it goes through it again for each part of `lhs`.
    if rhs.row_stride == 1 && rows >= TURNED_ROWS && rhs.rows >= TURNED_ROWS {
        let values = turn(rhs.values, [columns, rhs.rows]);
        return multiply(lhs, Matrix::new(&values, [rhs.rows, columns]), Order::Rows);
    }
    multiply(lhs, rhs, Order::Rows)
}

/// The numbers of a matrix with rows and columns exchanged, row after row.
fn turn(values: &[f32], [rows, columns]: [usize; 2]) -> Vec<f32> {
    let mut turned = vec![0.0; values.len()];
    // Square after square, so that what lies together in either is read or written together.
    let turn_band = |(band, turned): (usize, &mut [f32])| {
        for first in (0..rows).step_by(WIDTH) {
            for (i, turned) in turned.chunks_exact_mut(rows).enumerate() {
                let column = band * WIDTH + i;
                for row in first..rows.min(first + WIDTH) {
                    turned[row] = values[row * columns + column];
                }
            }
        }
    };
    let band_size = (WIDTH * rows).max(1);
    if values.len() < PARALLEL_TURN {
        turned.chunks_mut(band_size).enumerate().for_each(turn_band);
    } else {
        let bands = turned.par_chunks_mut(band_size);
        bands.enumerate().for_each(turn_band);
    }
    turned
}

/// How the numbers of a product lie.
#[derive(Clone, Copy)]
enum Order {
    /// Row after row.
    Rows,
    /// Column after column.
    Columns,
}

#[expect(
    unsafe_code,
    reason = "gemm takes pointers, and to fill the product with zeros first takes a tenth of a step"
)]
fn multiply(lhs: Matrix, rhs: Matrix, order: Order) -> Vec<f32> {
    /// No stride comes near the end of the address space.
    #[expect(clippy::cast_possible_wrap)]
    fn signed(stride: usize) -> isize {
        stride as isize
    }

    assert_eq!(lhs.columns, rhs.rows, "the matrices can be multiplied");
    let len = lhs.rows * rhs.columns;
    if lhs.columns == 0 {
        return vec![0.0; len];
    }
    let (row_stride, column_stride) = match order {
        Order::Rows => (rhs.columns, 1),
        Order::Columns => (1, lhs.rows),
    };
    let parallelism = if len * lhs.columns < PARALLEL_PRODUCT {
        Parallelism::None
    } else {
        Parallelism::Rayon(0)
    };
    let mut values = Vec::with_capacity(len);
    // SAFETY: a matrix has the numbers that its shape and its strides say, and the vector has room for
    // those of the product, which its strides fill without gaps. Pointers and strides are in numbers.
    // As there is something to add up for each, each number of the product is written, and as it is not
    // added to what was there before, none is read.
    unsafe {
        gemm(
            lhs.rows,
            rhs.columns,
            lhs.columns,
            values.as_mut_ptr(),
            signed(column_stride),
            signed(row_stride),
            false,
            lhs.values.as_ptr(),
            signed(lhs.column_stride),
            signed(lhs.row_stride),
            rhs.values.as_ptr(),
            signed(rhs.column_stride),
            signed(rhs.row_stride),
            0.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
        values.set_len(len);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small whole numbers, whose products are exact in any order.
    fn numbers(len: usize) -> Vec<f32> {
        (0..len).map(|i| (i * 7 % 11) as f32 - 5.0).collect()
    }

    fn by_hand(lhs: Matrix, rhs: Matrix) -> Vec<f32> {
        let at = |matrix: Matrix, row, column| {
            matrix.values[row * matrix.row_stride + column * matrix.column_stride]
        };
        let cells = (0..lhs.rows).flat_map(|row| (0..rhs.columns).map(move |column| (row, column)));
        cells
            .map(|(row, column)| {
                (0..lhs.columns)
                    .map(|i| at(lhs, row, i) * at(rhs, i, column))
                    .sum()
            })
            .collect()
    }

    #[test]
    fn products_of_all_shapes_are_those_by_hand() {
        // The last one is shared out among threads.
        for [m, k, n] in [
            [1, 1, 1],
            [3, 2, 5],
            [1, 40, 1],
            [17, 33, 65],
            [40, 9, 3],
            [0, 3, 2],
            [2, 0, 3],
            [130, 130, 130],
            [70, 300, 150],
        ] {
            let (lhs, rhs) = (numbers(m * k), numbers(k * n));
            let lhs_columns = Matrix::new(&lhs, [k, m]).transposed();
            let rhs_columns = Matrix::new(&rhs, [n, k]).transposed();
            let (lhs, rhs) = (Matrix::new(&lhs, [m, k]), Matrix::new(&rhs, [k, n]));
            for (lhs, rhs) in [(lhs, rhs), (lhs_columns, rhs), (lhs, rhs_columns)] {
                assert_eq!(product(lhs, rhs), by_hand(lhs, rhs), "{m} {k} {n}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "the matrices can be multiplied")]
    fn matrices_that_do_not_fit_are_refused() {
        let values = numbers(6);
        product(Matrix::new(&values, [2, 3]), Matrix::new(&values, [2, 3]));
    }
}
