//! The product of two matrices in host memory.

use gemm::{Parallelism, gemm};
use rayon::current_num_threads;
use rayon::prelude::*;

use super::matrix::Matrix;

/// The minimum number of multiplications of a part of a product that is divided among threads.
const MIN_PART_MULTIPLICATIONS: usize = 1 << 18;
/// Parts of a product per thread: more than one, so that other threads can take over parts of a thread
/// that was delayed.
const PARTS_PER_THREAD: usize = 2;
/// Columns of a part. With more or fewer columns gemm is slower.
const PART_COLUMNS: usize = 128;
/// The minimum number of rows or columns of a part of a product.
const MIN_PART_LEN: usize = 64;
/// The longest sum that gemm never splits, whatever the shape of the product.
const MAX_UNSPLIT_SUM: usize = 512;
/// The number of elements from which transposing a matrix is divided among threads.
const PARALLEL_TRANSPOSE_LEN: usize = 1 << 15;
/// Elements of the widest vector register of a processor.
const WIDTH: usize = 16;
/// The number of elements of `rhs` from which transposing it before the product pays off,
const MIN_TRANSPOSED_LEN: usize = 1 << 17;
/// if `lhs` has at least this many rows.
const MIN_ROWS_TO_TRANSPOSE: usize = 64;

/// `lhs·rhs`, row by row.
///
/// # Panics
///
/// If the number of columns of `lhs` differs from the number of rows of `rhs`.
pub fn product(lhs: Matrix, rhs: Matrix) -> Vec<f32> {
    let (rows, columns) = (lhs.rows, rhs.columns);
    // Gemm reads `lhs` in its own order, column by column, if the product has the same order. If there
    // are few columns, this and transposing the product afterwards is three times as fast.
    if lhs.row_stride == 1 && rows >= WIDTH && columns < WIDTH {
        let values = multiply(lhs, rhs, Order::Columns);
        return transpose(&values, [columns, rows]);
    }
    // Gemm reads `rhs` in its own order if it is stored row by row. Otherwise it rearranges it again for
    // each part of `lhs`.
    if rhs.row_stride == 1
        && rows >= MIN_ROWS_TO_TRANSPOSE
        && rhs.values.len() >= MIN_TRANSPOSED_LEN
    {
        let values = transpose(rhs.values, [columns, rhs.rows]);
        return multiply(lhs, Matrix::new(&values, [rhs.rows, columns]), Order::Rows);
    }
    multiply(lhs, rhs, Order::Rows)
}

/// The elements of a matrix with rows and columns exchanged, row by row.
fn transpose(values: &[f32], [rows, columns]: [usize; 2]) -> Vec<f32> {
    let mut transposed = vec![0.0; values.len()];
    // One square block after another, so that neighbouring elements of both matrices are used together.
    let transpose_band = |(band, transposed): (usize, &mut [f32])| {
        for first in (0..rows).step_by(WIDTH) {
            for (i, transposed) in transposed.chunks_exact_mut(rows).enumerate() {
                let column = band * WIDTH + i;
                for row in first..rows.min(first + WIDTH) {
                    transposed[row] = values[row * columns + column];
                }
            }
        }
    };
    let band_size = (WIDTH * rows).max(1);
    if values.len() < PARALLEL_TRANSPOSE_LEN {
        let bands = transposed.chunks_mut(band_size);
        bands.enumerate().for_each(transpose_band);
    } else {
        let bands = transposed.par_chunks_mut(band_size);
        bands.enumerate().for_each(transpose_band);
    }
    transposed
}

/// The order in which the elements of a product are stored.
#[derive(Clone, Copy)]
enum Order {
    /// Row by row.
    Rows,
    /// Column by column.
    Columns,
}

fn multiply(lhs: Matrix, rhs: Matrix, order: Order) -> Vec<f32> {
    assert_eq!(lhs.columns, rhs.rows, "the inner dimensions must be equal");
    let len = lhs.rows * rhs.columns;
    if lhs.columns == 0 {
        return vec![0.0; len];
    }
    let (row_stride, column_stride) = match order {
        Order::Rows => (rhs.columns, 1),
        Order::Columns => (1, lhs.rows),
    };
    let mut values = Vec::with_capacity(len);
    let part = Part {
        lhs,
        rhs,
        values: values.as_mut_ptr(),
        row_stride,
        column_stride,
    };
    let max_parts = len * lhs.columns / MIN_PART_MULTIPLICATIONS;
    // Asking for the number of threads starts them, so a small product does not ask.
    if max_parts > 1 && current_num_threads() > 1 {
        let parts = (rhs.columns / PART_COLUMNS).max(PARTS_PER_THREAD * current_num_threads());
        part.multiply(parts.min(max_parts));
    } else {
        part.multiply_alone();
    }
    #[expect(
        unsafe_code,
        reason = "filling the product with zeros first would take a tenth of a step"
    )]
    // SAFETY: the capacity is sufficient, the strides fill it without gaps, and since the sums are not
    // empty, every element was written.
    unsafe {
        values.set_len(len);
    }
    values
}

/// A part of a product, and the address it is written to.
struct Part<'a> {
    lhs: Matrix<'a>,
    rhs: Matrix<'a>,
    values: *mut f32,
    row_stride: usize,
    column_stride: usize,
}

#[expect(unsafe_code, reason = "threads write parts of the same product")]
// SAFETY: the parts of a product do not overlap, each is computed once, and nothing else accesses the
// memory meanwhile.
unsafe impl Send for Part<'_> {}

impl Part<'_> {
    /// Computes the product in at most `max_parts` parts, divided among the threads.
    fn multiply(self, max_parts: usize) {
        if max_parts > 1
            && let Some((first, second)) = self.halves()
        {
            let second_parts = max_parts / 2;
            rayon::join(
                move || first.multiply(max_parts - second_parts),
                move || second.multiply(second_parts),
            );
        } else {
            self.multiply_alone();
        }
    }

    /// Two halves, if both are large enough and every element remains equal to the last bit.
    fn halves(&self) -> Option<(Self, Self)> {
        let (rows, columns) = (self.lhs.rows, self.rhs.columns);
        // Gemm splits long sums differently if there are few rows and columns.
        let can_be_split = |len: usize, other: usize| {
            let has_equal_sums = self.lhs.columns <= MAX_UNSPLIT_SUM
                || other > MIN_PART_LEN
                || len >= 4 * MIN_PART_LEN;
            len >= 2 * MIN_PART_LEN && has_equal_sums
        };
        let is_wide = columns >= 2 * PART_COLUMNS || columns >= rows;
        let (lhs, rhs, skipped) = if is_wide && can_be_split(columns, rows) {
            let middle = half(columns);
            let rhs = self.rhs.split_at_column(middle);
            ((self.lhs, self.lhs), rhs, middle * self.column_stride)
        } else if can_be_split(rows, columns) {
            let middle = half(rows);
            let lhs = self.lhs.split_at_row(middle);
            (lhs, (self.rhs, self.rhs), middle * self.row_stride)
        } else {
            return None;
        };
        let part = |lhs, rhs, values| Self {
            lhs,
            rhs,
            values,
            ..*self
        };
        let first = part(lhs.0, rhs.0, self.values);
        let second = part(lhs.1, rhs.1, self.values.wrapping_add(skipped));
        Some((first, second))
    }

    #[expect(unsafe_code, reason = "gemm expects pointers")]
    fn multiply_alone(self) {
        /// No stride is anywhere near `isize::MAX`.
        #[expect(clippy::cast_possible_wrap)]
        fn signed(stride: usize) -> isize {
            stride as isize
        }

        let Self { lhs, rhs, .. } = self;
        // SAFETY: a matrix has all elements that its shape and strides reach, and there is room for those
        // of the part. Strides count elements. The previous content is not added to, so it is not read.
        unsafe {
            gemm(
                lhs.rows,
                rhs.columns,
                lhs.columns,
                self.values,
                signed(self.column_stride),
                signed(self.row_stride),
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
                Parallelism::None,
            );
        }
    }
}

/// About half of a length, rounded up to whole registers.
fn half(len: usize) -> usize {
    (len / 2).next_multiple_of(WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small integers, whose products are exact in any order.
    fn numbers(len: usize) -> Vec<f32> {
        (0..len).map(|i| (i * 7 % 11) as f32 - 5.0).collect()
    }

    fn by_definition(lhs: Matrix, rhs: Matrix) -> Vec<f32> {
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
    fn products_of_all_shapes_equal_the_definition() {
        // The last one is divided among threads.
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
                assert_eq!(product(lhs, rhs), by_definition(lhs, rhs), "{m} {k} {n}");
            }
        }
    }

    #[test]
    fn a_product_is_the_same_to_the_last_bit_with_any_number_of_threads() {
        let numbers = |len: usize| -> Vec<f32> { (0..len).map(|i| (i as f32).sin()).collect() };
        for [m, k, n] in [
            [128, 784, 128],
            [70, 1100, 300],
            [300, 1100, 10],
            [600, 400, 33],
        ] {
            let (lhs, rhs) = (numbers(m * k), numbers(k * n));
            let lhs_columns = Matrix::new(&lhs, [k, m]).transposed();
            let rhs_columns = Matrix::new(&rhs, [n, k]).transposed();
            let (lhs, rhs) = (Matrix::new(&lhs, [m, k]), Matrix::new(&rhs, [k, n]));
            for (lhs, rhs) in [(lhs, rhs), (lhs_columns, rhs), (lhs, rhs_columns)] {
                let [one, three, eight] = [1, 3, 8].map(|threads| {
                    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
                    pool.build().unwrap().install(|| product(lhs, rhs))
                });
                assert!(one == three && one == eight, "{m} {k} {n}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "the inner dimensions must be equal")]
    fn matrices_with_different_inner_dimensions_are_rejected() {
        let values = numbers(6);
        product(Matrix::new(&values, [2, 3]), Matrix::new(&values, [2, 3]));
    }
}
