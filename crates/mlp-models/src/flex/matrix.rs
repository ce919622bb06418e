/// A view of a matrix whose elements are stored row by row or column by column.
///
/// The slice has exactly the elements that shape and strides reach. Products rely on this.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    pub(super) values: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) row_stride: usize,
    pub(super) column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// A matrix stored row by row.
    ///
    /// # Panics
    ///
    /// If the number of elements does not match the shape.
    pub fn new(values: &'a [f32], [rows, columns]: [usize; 2]) -> Self {
        assert_eq!(
            values.len(),
            rows * columns,
            "the values must fill the matrix"
        );
        Self {
            values,
            rows,
            columns,
            row_stride: columns,
            column_stride: 1,
        }
    }

    /// The same elements with rows and columns exchanged.
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

    /// The rows before the given one, and those from it on.
    pub(super) fn split_at_row(self, row: usize) -> (Self, Self) {
        let first = Self { rows: row, ..self };
        let second = Self {
            values: &self.values[row * self.row_stride..],
            rows: self.rows - row,
            ..self
        };
        (first, second)
    }

    /// The columns before the given one, and those from it on.
    pub(super) fn split_at_column(self, column: usize) -> (Self, Self) {
        let (first, second) = self.transposed().split_at_row(column);
        (first.transposed(), second.transposed())
    }
}
