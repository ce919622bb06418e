use burn::tensor::{Device, Tensor};
use mlp_datasets::{Dataset, EncodedTarget, Preprocessor, Split, SplitName};

use crate::Error;
use crate::recipe::SupervisedTraining;

/// How much the rows of a data set count in the loss: the weight of the row times that of its class.
pub struct LossWeights<'a> {
    dataset: &'a Dataset,
    preprocessor: &'a Preprocessor,
    /// The weight of each class, if classes have weights.
    of_classes: Option<Vec<f32>>,
}

impl<'a> LossWeights<'a> {
    /// Class weights are resolved by the training rows.
    pub fn new(
        settings: &SupervisedTraining,
        dataset: &'a Dataset,
        split: &Split,
        preprocessor: &'a Preprocessor,
    ) -> Result<Self, Error> {
        let of_classes = match (&settings.class_weights, preprocessor.classes()) {
            (Some(weights), Some(classes)) => {
                let labels = labels(dataset, &split.train, preprocessor)?;
                let of_rows = of_rows(dataset, &split.train);
                Some(weights.resolve(classes, &labels, of_rows.as_deref())?)
            }
            (Some(_) | None, _) => None,
        };
        Ok(Self {
            dataset,
            preprocessor,
            of_classes,
        })
    }

    /// The weights of the rows of a split, whose mean is 1: then a mean over batches of any size, of
    /// losses times weights, is the weighted mean over all rows. `None` if neither rows nor classes have
    /// weights.
    ///
    /// # Errors
    ///
    /// If all weights are 0.
    pub fn of(
        &self,
        name: SplitName,
        rows: &[usize],
        device: &Device,
    ) -> Result<Option<Tensor<1>>, Error> {
        let of_rows = of_rows(self.dataset, rows);
        let weights = match (&self.of_classes, of_rows) {
            (None, None) => return Ok(None),
            (None, Some(of_rows)) => of_rows,
            (Some(of_classes), of_rows) => {
                let labels = labels(self.dataset, rows, self.preprocessor)?;
                let of_class = labels.iter().map(|&label| of_classes[label]);
                match of_rows {
                    None => of_class.collect(),
                    Some(of_rows) => of_class.zip(of_rows).map(|(a, b)| a * b).collect(),
                }
            }
        };
        let sum: f64 = weights.iter().copied().map(f64::from).sum();
        if sum == 0.0 {
            return Err(Error::NoWeight { rows: name });
        }
        let mean = sum / weights.len() as f64;
        #[expect(clippy::cast_possible_truncation)] // Of about 1.
        let scaled = weights
            .iter()
            .map(|&weight| (f64::from(weight) / mean) as f32);
        let scaled: Vec<f32> = scaled.collect();
        Ok(Some(Tensor::from_floats(scaled.as_slice(), device)))
    }
}

/// The weights that the table gives the rows, by which they count in metrics.
pub fn of_rows(dataset: &Dataset, rows: &[usize]) -> Option<Vec<f32>> {
    let weights = dataset.table.weights()?;
    Some(rows.iter().map(|&row| weights[row]).collect())
}

fn labels(
    dataset: &Dataset,
    rows: &[usize],
    preprocessor: &Preprocessor,
) -> Result<Vec<usize>, Error> {
    match preprocessor.encode_target(&dataset.table, rows)? {
        EncodedTarget::Classes(labels) => Ok(labels),
        EncodedTarget::Numbers(_) => Ok(Vec::new()),
    }
}
