/// One number or several for each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// The numbers, row by row: `num_outputs` values a row, in the units of the data. One that the
    /// model could not compute is NaN or infinite.
    pub values: Vec<f64>,
    /// How many numbers a row has, at least 1.
    pub num_outputs: usize,
}

impl Numbers {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.values.len() / self.num_outputs
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The numbers of a row; empty for a row that was not predicted.
    pub fn of_row(&self, row: usize) -> &[f64] {
        let mut rows = self.values.chunks_exact(self.num_outputs);
        rows.nth(row).unwrap_or_default()
    }

    /// Whether no number of a row is NaN or infinite.
    pub(crate) fn is_finite(&self, row: usize) -> bool {
        self.of_row(row).iter().all(|number| number.is_finite())
    }
}
