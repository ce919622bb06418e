//! The product of two matrices in the host's memory.

use gemm::{Parallelism, gemm};

/// Multiplications from which on a product is shared out among the threads.
const PARALLEL_PRODUCT: usize = 1 << 21;

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
#[expect(
    unsafe_code,
    reason = "to fill the product with zeros first takes a tenth of a training step"
)]
pub fn product(lhs: Matrix, rhs: Matrix) -> Vec<f32> {
    let len = lhs.rows * rhs.columns;
    if lhs.columns == 0 {
        return vec![0.0; len];
    }
    let mut values = Vec::with_capacity(len);
    // SAFETY: there is room for `len` numbers. As there is something to add up, each is written.
    unsafe {
        multiply(values.as_mut_ptr(), Before::Nothing, lhs, rhs);
        values.set_len(len);
    }
    values
}

/// `values + lhs·rhs` in the place of `values`, row after row.
///
/// # Panics
///
/// If `lhs` has more or fewer columns than `rhs` has rows, or there are more or fewer values than the
/// product has.
#[expect(unsafe_code, reason = "the product is written by way of a pointer")]
pub fn add_product(values: &mut [f32], lhs: Matrix, rhs: Matrix) {
    assert_eq!(values.len(), lhs.rows * rhs.columns, "the product fits");
    // SAFETY: there are as many numbers as the product has.
    unsafe { multiply(values.as_mut_ptr(), Before::Numbers, lhs, rhs) }
}

/// What is where a product goes.
#[derive(PartialEq)]
enum Before {
    /// Memory that must be written and not read.
    Nothing,
    /// Numbers that the product is added to.
    Numbers,
}

/// # Safety
///
/// At `values` there is room for as many numbers as the product has, which nobody else uses, and they
/// are there if the product is [added to them](Before::Numbers). If there is nothing to add up for a
/// product, that is if `lhs` has no columns, none is written.
#[expect(unsafe_code, reason = "gemm takes pointers")]
unsafe fn multiply(values: *mut f32, before: Before, lhs: Matrix, rhs: Matrix) {
    /// Where none of a matrix's strides and shapes comes near the end of the address space.
    #[expect(clippy::cast_possible_wrap)]
    fn signed(stride: usize) -> isize {
        stride as isize
    }

    assert_eq!(lhs.columns, rhs.rows, "the matrices can be multiplied");
    let multiplications = lhs.rows * rhs.columns * lhs.columns;
    let parallelism = if multiplications < PARALLEL_PRODUCT {
        Parallelism::None
    } else {
        Parallelism::Rayon(0)
    };
    // SAFETY: a matrix has the numbers that its shape and its strides say, and the caller vouches for
    // those of the product. Pointers and strides are in numbers.
    unsafe {
        gemm(
            lhs.rows,
            rhs.columns,
            lhs.columns,
            values,
            1,
            signed(rhs.columns),
            before == Before::Numbers,
            lhs.values.as_ptr(),
            signed(lhs.column_stride),
            signed(lhs.row_stride),
            rhs.values.as_ptr(),
            signed(rhs.column_stride),
            signed(rhs.row_stride),
            1.0,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
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
            [0, 3, 2],
            [2, 0, 3],
            [130, 130, 130],
        ] {
            let (lhs, rhs) = (numbers(m * k), numbers(k * n));
            let lhs_columns = Matrix::new(&lhs, [k, m]).transposed();
            let rhs_columns = Matrix::new(&rhs, [n, k]).transposed();
            let (lhs, rhs) = (Matrix::new(&lhs, [m, k]), Matrix::new(&rhs, [k, n]));
            for (lhs, rhs) in [(lhs, rhs), (lhs_columns, rhs), (lhs, rhs_columns)] {
                let expected = by_hand(lhs, rhs);
                assert_eq!(product(lhs, rhs), expected, "{m} {k} {n}");
                let mut sum = vec![1.0; m * n];
                add_product(&mut sum, lhs, rhs);
                let expected: Vec<f32> = expected.iter().map(|value| value + 1.0).collect();
                assert_eq!(sum, expected, "{m} {k} {n}, added");
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
