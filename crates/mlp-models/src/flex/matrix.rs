/// A matrix over numbers that lie elsewhere, row after row or column after column.
///
/// There are as many numbers as its shape and its strides reach, which products rely on.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    pub(super) values: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) row_stride: usize,
    pub(super) column_stride: usize,
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

    /// The rows before one, and those from it on.
    pub(super) fn cut_between_rows(self, row: usize) -> (Self, Self) {
        let first = Self { rows: row, ..self };
        let second = Self {
            values: &self.values[row * self.row_stride..],
            rows: self.rows - row,
            ..self
        };
        (first, second)
    }

    /// The columns before one, and those from it on.
    pub(super) fn cut_between_columns(self, column: usize) -> (Self, Self) {
        let (first, second) = self.transposed().cut_between_rows(column);
        (first.transposed(), second.transposed())
    }
}
