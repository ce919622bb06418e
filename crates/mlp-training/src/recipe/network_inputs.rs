use burn::tensor::{Tensor, TensorReadError};
use mlp_datasets::InputSpec;

/// What a recipe builds its network for: the inputs, and their values in the training rows.
#[derive(Clone, Copy, Debug)]
pub struct NetworkInputs<'a> {
    /// What each input is.
    pub spec: &'a InputSpec,
    /// The numbers of the training rows, `[num_rows, width]`; `None` if only the sizes of the network
    /// matter.
    pub rows: Option<&'a Tensor<2>>,
}

impl NetworkInputs<'_> {
    /// The values of some numbers in the training rows, one list for each; `None` without rows.
    ///
    /// # Errors
    ///
    /// If the rows cannot be read, because the device failed.
    pub fn values(&self, columns: &[usize]) -> Result<Option<Vec<Vec<f32>>>, TensorReadError> {
        let Some(rows) = self.rows else {
            return Ok(None);
        };
        let [_, width] = rows.dims();
        let numbers = rows.clone().try_into_vec_as::<f32>()?;
        let of_column = |&column: &usize| {
            let of_rows = numbers[column.min(numbers.len())..]
                .iter()
                .step_by(width.max(1));
            of_rows.copied().collect()
        };
        Ok(Some(columns.iter().map(of_column).collect()))
    }
}
