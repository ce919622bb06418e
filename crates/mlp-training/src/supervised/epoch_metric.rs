use std::sync::Arc;

use burn::tensor::{Int, Tensor, TensorReadError};
use burn::train::metric::{
    Metric as BurnMetric, MetricAttributes, MetricMetadata, MetricName, Numeric, NumericAttributes,
    NumericEntry, SerializedEntry,
};
use mlp_datasets::TargetEncoding;
use mlp_inference::{Evaluation, Metric, Metrics, Numbers, OutputKind};

/// A metric of all validation rows of an epoch, for Burn's learner.
///
/// Most metrics are not means over batches, so the outputs are collected, and the metric is
/// computed at the end of the epoch.
#[derive(Clone)]
pub struct EpochMetric {
    metric: Metric,
    output: OutputKind,
    target: TargetEncoding,
    quantile: f64,
    /// The weights of the rows in the order of validation.
    weights: Option<Vec<f32>>,
    outputs: Vec<f32>,
    labels: Vec<Option<usize>>,
    numbers: Vec<f32>,
    d_output: usize,
    value: f64,
}

/// What an [`EpochMetric`] collects from a batch.
pub struct EpochOutputs {
    /// The outputs of the network, of shape `[batch_size, d_output]`.
    pub outputs: Tensor<2>,
    /// The true classes, of shape `[batch_size]`, if there are classes.
    pub classes: Option<Tensor<1, Int>>,
    /// The true numbers, standardised, of shape `[batch_size, d_output]`, if there are numbers.
    pub numbers: Option<Tensor<2>>,
}

impl EpochMetric {
    /// Of outputs of a kind, in the units of the target.
    pub fn new(metric: Metric, output: OutputKind, target: TargetEncoding, quantile: f64) -> Self {
        Self {
            metric,
            output,
            target,
            quantile,
            weights: None,
            outputs: Vec::new(),
            labels: Vec::new(),
            numbers: Vec::new(),
            d_output: 1,
            value: f64::NAN,
        }
    }

    /// Lets rows count by their weights, which are in the order of validation.
    #[must_use]
    pub fn with_weights(self, weights: Option<Vec<f32>>) -> Self {
        Self { weights, ..self }
    }

    /// The metric.
    pub fn metric(&self) -> Metric {
        self.metric
    }

    fn metrics(&self) -> Metrics {
        if self.outputs.is_empty() {
            return Metrics::default();
        }
        let restore = |values: &[f32]| -> Vec<f64> {
            let values = values.iter().enumerate();
            values
                .map(|(i, &value)| self.target.restore(value, i % self.d_output))
                .collect()
        };
        let weights = self.weights.as_deref();
        let evaluation = match (self.output, self.target.classes()) {
            (OutputKind::Numbers, _) | (_, None) => {
                let predicted = Numbers {
                    values: restore(&self.outputs),
                    num_outputs: self.d_output,
                };
                Evaluation::of_numbers(&predicted, &restore(&self.numbers), self.quantile, weights)
            }
            (kind, Some(names)) => {
                let predicted = kind.classify(&self.outputs, self.d_output, names.into());
                Evaluation::of_classes(&predicted, &self.labels, weights)
            }
        };
        evaluation.metrics
    }

    fn entry(&self) -> SerializedEntry {
        SerializedEntry::new(format!("{:.4}", self.value), self.value.to_string())
    }
}

impl BurnMetric for EpochMetric {
    type Input = EpochOutputs;

    fn update(
        &mut self,
        batch: &EpochOutputs,
        _metadata: &MetricMetadata,
    ) -> Result<SerializedEntry, TensorReadError> {
        let [_, d_output] = batch.outputs.dims();
        self.d_output = d_output;
        self.outputs
            .extend(batch.outputs.clone().try_into_vec_as::<f32>()?);
        if let Some(classes) = &batch.classes {
            let classes = classes.clone().try_into_vec_as::<i64>()?;
            let labels = classes.into_iter().map(|class| usize::try_from(class).ok());
            self.labels.extend(labels);
        }
        if let Some(numbers) = &batch.numbers {
            self.numbers
                .extend(numbers.clone().try_into_vec_as::<f32>()?);
        }
        Ok(self.entry())
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        self.value = self.metric.of(&self.metrics()).unwrap_or(f64::NAN);
        Ok(self.entry())
    }

    fn clear(&mut self) {
        self.outputs.clear();
        self.labels.clear();
        self.numbers.clear();
    }

    fn name(&self) -> MetricName {
        Arc::new(self.metric.to_string())
    }

    fn attributes(&self) -> MetricAttributes {
        NumericAttributes {
            unit: None,
            higher_is_better: self.metric.higher_is_better(),
        }
        .into()
    }
}

impl Numeric for EpochMetric {
    fn value(&self) -> Option<NumericEntry> {
        None
    }

    fn running_value(&self) -> Option<NumericEntry> {
        None
    }

    fn final_value(&self) -> NumericEntry {
        NumericEntry::Final(self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::data::dataloader::Progress;
    use burn::tensor::Device;

    #[test]
    fn a_metric_is_that_of_all_batches_of_an_epoch_together() {
        let device = Device::flex();
        let target = TargetEncoding::Classes {
            name: "y".into(),
            classes: vec!["no".into(), "yes".into()],
        };
        let mut metric = EpochMetric::new(Metric::RocAuc, OutputKind::Sigmoid, target, 0.5);
        for (outputs, classes) in [([[0.5], [-1.0]], [1, 0]), ([[2.0], [0.7]], [1, 0])] {
            let batch = EpochOutputs {
                outputs: Tensor::from_floats(outputs, &device),
                classes: Some(Tensor::from_data(classes, &device)),
                numbers: None,
            };
            let metadata = MetricMetadata {
                progress: Progress::new(1, 1, None),
                iteration: None,
                lr: None,
            };
            metric.update(&batch, &metadata).unwrap();
        }
        metric.compute().unwrap();

        // Of four pairs of a yes and a no, three are in order; within each batch all are.
        assert!(matches!(metric.final_value(), NumericEntry::Final(value) if value == 0.75));
    }
}
