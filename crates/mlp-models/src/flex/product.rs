//! The product of two matrices in the host's memory.

use gemm::{Parallelism, gemm};
use rayon::current_num_threads;
use rayon::prelude::*;

use super::matrix::Matrix;

/// Multiplications that a part of a product should have at least, for the threads to share them.
const WORTH_SHARING: usize = 1 << 18;
/// Parts of a product for each thread: more than one, so that a thread that was held up gives some away.
const PARTS_A_THREAD: usize = 2;
/// Columns of a part: with more or fewer of them gemm is slower.
const COLUMNS_AT_ONCE: usize = 128;
/// Rows or columns that a part of a product should have at least.
const FEW: usize = 64;
/// Numbers that gemm sums up at once, whatever the product.
const UNCUT_SUM: usize = 512;
/// Numbers from which on a matrix that is turned is shared out likewise.
const PARALLEL_TURN: usize = 1 << 15;
/// Numbers that a processor's widest register takes.
const WIDTH: usize = 16;
/// Numbers of the second matrix from which on it pays to turn it first,
const TURNED_NUMBERS: usize = 1 << 17;
/// if the first matrix has so many rows.
const TURNED_ROWS: usize = 64;

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
    if rhs.row_stride == 1 && rows >= TURNED_ROWS && rhs.values.len() >= TURNED_NUMBERS {
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

fn multiply(lhs: Matrix, rhs: Matrix, order: Order) -> Vec<f32> {
    assert_eq!(lhs.columns, rhs.rows, "the matrices can be multiplied");
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
    let worthwhile = len * lhs.columns / WORTH_SHARING;
    // To ask for the threads makes them, which a small product need not do.
    if worthwhile > 1 && current_num_threads() > 1 {
        let parts = (rhs.columns / COLUMNS_AT_ONCE).max(PARTS_A_THREAD * current_num_threads());
        part.multiply(parts.min(worthwhile));
    } else {
        part.multiply_alone();
    }
    #[expect(
        unsafe_code,
        reason = "to fill the product with zeros first takes a tenth of a step"
    )]
    // SAFETY: there is room for so many numbers, which the strides fill without gaps, and as there is
    // something to add up for each, each was written.
    unsafe {
        values.set_len(len);
    }
    values
}

/// A part of a product, and where it is written to.
struct Part<'a> {
    lhs: Matrix<'a>,
    rhs: Matrix<'a>,
    values: *mut f32,
    row_stride: usize,
    column_stride: usize,
}

#[expect(unsafe_code, reason = "threads write parts of one product")]
// SAFETY: the parts that a product is cut into do not overlap, and each is multiplied once, while nobody
// else has the memory.
unsafe impl Send for Part<'_> {}

impl Part<'_> {
    /// Multiplies it in at most so many parts, which the threads share.
    fn multiply(self, most_parts: usize) {
        if most_parts > 1
            && let Some((first, second)) = self.halves()
        {
            let parts_of_second = most_parts / 2;
            rayon::join(
                move || first.multiply(most_parts - parts_of_second),
                move || second.multiply(parts_of_second),
            );
        } else {
            self.multiply_alone();
        }
    }

    /// Two parts, if they are large enough and their numbers are those of the whole to the last bit.
    fn halves(&self) -> Option<(Self, Self)> {
        let (rows, columns) = (self.lhs.rows, self.rhs.columns);
        // Gemm cuts long sums in another way where rows and columns are few.
        let can_be_cut = |len: usize, other: usize| {
            let is_alike = self.lhs.columns <= UNCUT_SUM || other > FEW || len >= 4 * FEW;
            len >= 2 * FEW && is_alike
        };
        let is_wide = columns >= 2 * COLUMNS_AT_ONCE || columns >= rows;
        let (lhs, rhs, skipped) = if is_wide && can_be_cut(columns, rows) {
            let middle = half(columns);
            let rhs = self.rhs.cut_between_columns(middle);
            ((self.lhs, self.lhs), rhs, middle * self.column_stride)
        } else if can_be_cut(rows, columns) {
            let middle = half(rows);
            let lhs = self.lhs.cut_between_rows(middle);
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

    #[expect(unsafe_code, reason = "gemm takes pointers")]
    fn multiply_alone(self) {
        /// No stride comes near the end of the address space.
        #[expect(clippy::cast_possible_wrap)]
        fn signed(stride: usize) -> isize {
            stride as isize
        }

        let Self { lhs, rhs, .. } = self;
        // SAFETY: a matrix has the numbers that its shape and its strides say, and there is room for
        // those of the part. Pointers and strides are in numbers. What was there before is not added
        // to, and so not read.
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

/// About half of a length, in whole registers.
fn half(len: usize) -> usize {
    (len / 2).next_multiple_of(WIDTH)
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
    #[should_panic(expected = "the matrices can be multiplied")]
    fn matrices_that_do_not_fit_are_refused() {
        let values = numbers(6);
        product(Matrix::new(&values, [2, 3]), Matrix::new(&values, [2, 3]));
    }
}
