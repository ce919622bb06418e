use std::sync::{MutexGuard, PoisonError};

use burn::tensor::TensorReadError;
use burn::train::metric::{
    Adaptor, Metric, MetricDefinition, MetricEntry, MetricId, MetricMetadata, Numeric,
};
use burn::train::renderer::MetricState;
use mlp_datasets::SplitName;

use super::history::History;
use crate::progress::{Measure, Progress, SharedProgress};

/// Records what a training comes to: computes the metrics of each epoch from the outputs `T` of its
/// steps, writes them into the learning curve, and reports them.
///
/// It does so on the thread that trains. Burn's learner would hand each output to a thread of its own
/// and each value on to another, and where an epoch takes some hundred microseconds, waking those takes
/// longer than the epoch.
pub struct Recorder<T> {
    history: History,
    progress: SharedProgress,
    /// The name of the phase that is recorded.
    phase: String,
    num_epochs: usize,
    meters: Vec<Box<dyn Meter<T>>>,
}

impl<T: 'static> Recorder<T> {
    /// Without metrics.
    pub fn new(history: History, progress: SharedProgress, phase: impl Into<String>) -> Self {
        Self {
            history,
            progress,
            phase: phase.into(),
            num_epochs: 0,
            meters: Vec::new(),
        }
    }

    /// Records a metric of the rows of a split, as a measure of the learning curve.
    #[must_use]
    pub fn with<M>(mut self, rows: SplitName, measure: Measure, metric: M) -> Self
    where
        M: Metric + Numeric + 'static,
        T: Adaptor<M::Input>,
    {
        self.meters.push(Box::new(MetricMeter {
            rows,
            measure,
            id: MetricId::new(metric.name()),
            metric,
        }));
        self
    }

    /// Begins a training.
    pub fn start(&mut self, num_epochs: usize) {
        self.num_epochs = num_epochs;
        let mut metrics: Vec<MetricDefinition> = Vec::new();
        for meter in &self.meters {
            let definition = meter.definition();
            let is_known = |known: &MetricDefinition| known.metric_id == definition.metric_id;
            if !metrics.iter().any(is_known) {
                metrics.push(definition);
            }
        }
        self.progress().start(&self.phase, num_epochs, &metrics);
        let before = self.history.summaries(num_epochs);
        if !before.is_empty() {
            self.progress().resume(&before);
        }
        self.warn_of_curve();
    }

    /// Begins an epoch's pass over so many rows.
    pub fn start_pass(&mut self, rows: SplitName, num_rows: usize) {
        self.progress().start_pass(rows, num_rows);
    }

    /// Takes the outputs of steps.
    ///
    /// # Errors
    ///
    /// If a tensor cannot be read, because the device failed.
    pub fn update(
        &mut self,
        rows: SplitName,
        outputs: &T,
        metadata: &MetricMetadata,
    ) -> Result<(), TensorReadError> {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        for meter in self.meters.iter_mut().filter(|meter| meter.rows() == rows) {
            let state = meter.update(outputs, metadata)?;
            progress.metric(rows, state);
        }
        progress.advance(rows, metadata.progress.items_processed);
        Ok(())
    }

    /// Whether a measure of the rows of this epoch is finite so far.
    pub fn is_finite(&self, rows: SplitName, measure: Measure) -> bool {
        let mut meters = self.meters.iter();
        let meter = meters.find(|meter| (meter.rows(), meter.measure()) == (rows, measure));
        meter.is_none_or(|meter| meter.value().is_finite())
    }

    /// Ends an epoch's pass: its values are in the learning curve from now on.
    ///
    /// # Errors
    ///
    /// If a tensor cannot be read, because the device failed.
    pub fn end_pass(&mut self, rows: SplitName, epoch: usize) -> Result<(), TensorReadError> {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        for meter in self.meters.iter_mut().filter(|meter| meter.rows() == rows) {
            let (state, value) = meter.finish()?;
            let value = match meter.measure() {
                // Burn's is a percentage.
                Measure::Accuracy => value / 100.0,
                Measure::Loss
                | Measure::LearningRate
                | Measure::GradientNorm
                | Measure::Metric(_) => value,
            };
            self.history.record(meter.measure(), rows, epoch, value);
            progress.metric(rows, state);
        }
        progress.end_pass(rows);
        Ok(())
    }

    /// Ends an epoch.
    pub fn end_epoch(&mut self, epoch: usize) {
        let summary = self.history.end_epoch(epoch, self.num_epochs);
        self.progress().end_epoch(&summary);
        self.warn_of_curve();
    }

    /// The learning curve.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Remembers that the training failed, and why.
    pub fn fail(&mut self, error: &impl ToString) {
        self.history.fail(error.to_string());
    }

    /// Reports something that is no reason to stop.
    pub fn warn(&self, warning: &str) {
        self.progress().warn(warning);
    }

    fn warn_of_curve(&self) {
        if let Some(warning) = self.history.take_warning() {
            self.warn(&warning);
        }
    }

    /// Ends the training.
    pub fn end(&mut self) {
        self.progress().end();
    }

    fn progress(&self) -> MutexGuard<'_, dyn Progress + 'static> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A metric of outputs `T`, whatever it takes of them.
trait Meter<T>: Send {
    fn rows(&self) -> SplitName;

    fn measure(&self) -> Measure;

    fn definition(&self) -> MetricDefinition;

    /// That of all outputs since the last epoch.
    fn value(&self) -> f64;

    /// Takes the outputs of steps: the state so far.
    fn update(
        &mut self,
        outputs: &T,
        metadata: &MetricMetadata,
    ) -> Result<MetricState, TensorReadError>;

    /// Ends an epoch: the state, and the metric of all outputs since the last epoch.
    fn finish(&mut self) -> Result<(MetricState, f64), TensorReadError>;
}

struct MetricMeter<M> {
    rows: SplitName,
    measure: Measure,
    id: MetricId,
    metric: M,
}

impl<M, T> Meter<T> for MetricMeter<M>
where
    M: Metric + Numeric,
    T: Adaptor<M::Input>,
{
    fn rows(&self) -> SplitName {
        self.rows
    }

    fn measure(&self) -> Measure {
        self.measure
    }

    fn definition(&self) -> MetricDefinition {
        MetricDefinition::new(self.id.clone(), &self.metric)
    }

    fn value(&self) -> f64 {
        self.metric.final_value().current()
    }

    fn update(
        &mut self,
        outputs: &T,
        metadata: &MetricMetadata,
    ) -> Result<MetricState, TensorReadError> {
        let entry = self.metric.update(&outputs.adapt(), metadata)?;
        let entry = MetricEntry::new(self.id.clone(), entry);
        Ok(MetricState::Numeric(entry, self.metric.value()))
    }

    fn finish(&mut self) -> Result<(MetricState, f64), TensorReadError> {
        let entry = MetricEntry::new(self.id.clone(), self.metric.compute()?);
        let value = self.metric.final_value();
        self.metric.clear();
        let number = value.current();
        Ok((MetricState::Numeric(entry, Some(value)), number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::{EpochSummary, Silent};
    use burn::data::dataloader::Progress as LoaderProgress;
    use burn::tensor::{Device, Tensor};
    use burn::train::metric::{LearningRateMetric, LossInput, LossMetric};
    use std::sync::{Arc, Mutex};

    struct Losses(Tensor<1>);

    impl Adaptor<LossInput> for Losses {
        fn adapt(&self) -> LossInput {
            LossInput::new(self.0.clone())
        }
    }

    /// Two epochs of two batches, the first of which has three rows and the second one.
    fn record(path: Option<&std::path::Path>, progress: SharedProgress) -> History {
        let columns = vec![
            (Measure::Loss, SplitName::Valid),
            (Measure::LearningRate, SplitName::Train),
            (Measure::Loss, SplitName::Train),
        ];
        let history = History::create(path, columns, Vec::new());
        let mut recorder = Recorder::new(history.clone(), progress, "")
            .with(SplitName::Train, Measure::Loss, LossMetric::new())
            .with(SplitName::Valid, Measure::Loss, LossMetric::new())
            .with(
                SplitName::Train,
                Measure::LearningRate,
                LearningRateMetric::new(),
            );
        let outputs = |losses: &[f32]| Losses(Tensor::from_floats(losses, &Device::flex()));
        let metadata = |learning_rate: f64| MetricMetadata {
            progress: LoaderProgress::new(1, 1, None),
            iteration: None,
            lr: Some(learning_rate.into()),
        };
        recorder.start(2);
        for (epoch, [first, second]) in [(1, [4.0, 8.0]), (2, [1.0, 5.0])] {
            for (rows, rate) in [(SplitName::Train, 0.5), (SplitName::Valid, 0.0)] {
                recorder.start_pass(rows, 4);
                let batch = outputs(&[first, first, first]);
                recorder.update(rows, &batch, &metadata(rate)).unwrap();
                let batch = outputs(&[second]);
                recorder
                    .update(rows, &batch, &metadata(rate / 2.0))
                    .unwrap();
                recorder.end_pass(rows, epoch).unwrap();
            }
            recorder.end_epoch(epoch);
        }
        recorder.end();
        history
    }

    #[test]
    fn each_epochs_mean_over_its_rows_is_in_the_learning_curve() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.csv");

        let history = record(Some(&path), Arc::new(Mutex::new(Silent)));

        assert_eq!(history.epochs(), 2);
        let value = |measure, rows, epoch| history.value(measure, rows, epoch);
        assert_eq!(value(Measure::Loss, SplitName::Train, 2), Some(2.0));
        assert_eq!(value(Measure::Loss, SplitName::Train, 3), None);
        assert_eq!(value(Measure::LearningRate, SplitName::Valid, 1), None);
        let written = std::fs::read_to_string(path).unwrap();
        let expected = "epoch,valid_loss,learning_rate,train_loss\n1,5,0.375,5\n2,2,0.375,2\n";
        assert_eq!(written, expected);
    }

    #[test]
    fn whoever_follows_hears_of_each_epoch() {
        #[derive(Default)]
        struct Heard(Vec<EpochSummary>);
        impl Progress for Heard {
            fn end_epoch(&mut self, epoch: &EpochSummary) {
                self.0.push(epoch.clone());
            }
        }
        let heard = Arc::new(Mutex::new(Heard::default()));

        record(None, heard.clone());

        let heard = &heard.lock().unwrap().0;
        assert_eq!(heard.len(), 2);
        assert_eq!((heard[1].epoch, heard[1].num_epochs), (2, 2));
        assert_eq!(heard[0].value(Measure::Loss, SplitName::Valid), Some(5.0));
        assert_eq!(heard[0].value(Measure::Accuracy, SplitName::Valid), None);
    }
}
