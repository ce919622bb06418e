use burn::tensor::TensorReadError;
use burn::train::metric::store::Split;
use burn::train::metric::{
    Adaptor, Metric, MetricDefinition, MetricEntry, MetricId, MetricMetadata, Numeric,
};
use burn::train::renderer::{MetricState, MetricsRenderer};

use super::history::{History, Measure};

/// Records what a training comes to: works out the metrics of each epoch from the outputs `T` of its
/// steps, writes them into the learning curve, and shows them.
///
/// It does so on the thread that trains. Burn's learner would hand each output to a thread of its own
/// and each value on to another, and where an epoch takes some hundred microseconds, waking those takes
/// longer than the epoch.
pub struct Recorder<T> {
    history: History,
    display: Box<dyn MetricsRenderer>,
    meters: Meters<T>,
}

/// The metrics of each split.
struct Meters<T> {
    train: Vec<Box<dyn Meter<T>>>,
    valid: Vec<Box<dyn Meter<T>>>,
}

impl<T: 'static> Recorder<T> {
    /// Without metrics.
    pub fn new(history: History, display: Box<dyn MetricsRenderer>) -> Self {
        Self {
            history,
            display,
            meters: Meters {
                train: Vec::new(),
                valid: Vec::new(),
            },
        }
    }

    /// Records a metric of the rows of a split, as a measure of the learning curve.
    #[must_use]
    pub fn with<M>(mut self, split: &Split, measure: Measure, metric: M) -> Self
    where
        M: Metric + Numeric + 'static,
        T: Adaptor<M::Input>,
    {
        let meter = Measured::boxed(measure, metric);
        self.meters.of(split).push(meter);
        self
    }

    /// Begins a training.
    pub fn start(&mut self, num_epochs: usize, starting_epoch: usize) {
        let mut registered = Vec::new();
        for meter in self.meters.train.iter().chain(&self.meters.valid) {
            let definition = meter.definition();
            if !registered.contains(&definition.metric_id) {
                registered.push(definition.metric_id.clone());
                self.display.register_metric(definition);
            }
        }
        self.display.start(num_epochs, starting_epoch, None, None);
    }

    /// Begins an epoch's pass over so many rows.
    pub fn start_split(&mut self, split: &Split, num_rows: usize) {
        self.display.start_split(split.clone().into(), num_rows);
    }

    /// Takes the outputs of steps.
    ///
    /// # Errors
    ///
    /// If a tensor cannot be read, because the device failed.
    pub fn update(
        &mut self,
        split: &Split,
        outputs: &T,
        metadata: &MetricMetadata,
    ) -> Result<(), TensorReadError> {
        for meter in self.meters.of(split) {
            let state = meter.update(outputs, metadata)?;
            show(&mut *self.display, split, state);
        }
        self.display.update_split(metadata.progress.items_processed);
        self.display.log_event_training("Updates".to_owned());
        Ok(())
    }

    /// Ends an epoch's pass: its values are in the learning curve from now on.
    ///
    /// # Errors
    ///
    /// If a tensor cannot be read, because the device failed.
    pub fn end_split(&mut self, split: &Split, epoch: usize) -> Result<(), TensorReadError> {
        for meter in self.meters.of(split) {
            let (state, value) = meter.finish()?;
            self.history.record(meter.measure(), split, epoch, value);
            show(&mut *self.display, split, state);
        }
        self.display.end_split();
        Ok(())
    }

    /// Ends an epoch.
    pub fn end_epoch(&mut self, epoch: usize) {
        self.history.end_epoch(epoch);
        self.display.update_epoch(epoch);
    }

    /// Says that the device failed, and why.
    pub fn fail(&mut self, error: &TensorReadError) {
        self.history.fail(error.to_string());
    }

    /// Ends the training.
    pub fn end(&mut self) {
        self.display.end();
        // What a display would print after the end is of no use here.
        let _ = self.display.on_train_end(None);
    }
}

impl<T> Meters<T> {
    fn of(&mut self, split: &Split) -> &mut Vec<Box<dyn Meter<T>>> {
        match split {
            Split::Train => &mut self.train,
            Split::Valid | Split::Test(_) => &mut self.valid,
        }
    }
}

fn show(display: &mut dyn MetricsRenderer, split: &Split, state: MetricState) {
    match split {
        Split::Train => display.update_train(state),
        Split::Valid | Split::Test(_) => display.update_valid(state),
    }
}

/// A metric of outputs `T`, whatever it takes of them.
trait Meter<T>: Send {
    fn measure(&self) -> Measure;

    fn definition(&self) -> MetricDefinition;

    /// Takes the outputs of steps: what there is to show.
    fn update(
        &mut self,
        outputs: &T,
        metadata: &MetricMetadata,
    ) -> Result<MetricState, TensorReadError>;

    /// Ends an epoch: what there is to show, and the metric of all outputs since the last one.
    fn finish(&mut self) -> Result<(MetricState, f64), TensorReadError>;
}

struct Measured<M> {
    measure: Measure,
    id: MetricId,
    metric: M,
}

impl<M: Metric + Numeric + 'static> Measured<M> {
    fn boxed<T: Adaptor<M::Input>>(measure: Measure, metric: M) -> Box<dyn Meter<T>> {
        let id = MetricId::new(metric.name());
        Box::new(Self {
            measure,
            id,
            metric,
        })
    }
}

impl<M, T> Meter<T> for Measured<M>
where
    M: Metric + Numeric,
    T: Adaptor<M::Input>,
{
    fn measure(&self) -> Measure {
        self.measure
    }

    fn definition(&self) -> MetricDefinition {
        MetricDefinition::new(self.id.clone(), &self.metric)
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
    use crate::Progress;
    use burn::data::dataloader::Progress as LoaderProgress;
    use burn::tensor::{Device, Tensor};
    use burn::train::Interrupter;
    use burn::train::metric::{LearningRateMetric, LossInput, LossMetric};

    struct Losses(Tensor<1>);

    impl Adaptor<LossInput> for Losses {
        fn adapt(&self) -> LossInput {
            LossInput::new(self.0.clone())
        }
    }

    #[test]
    fn each_epochs_mean_over_its_rows_is_in_the_learning_curve() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.csv");
        let columns = vec![
            (Measure::Loss, Split::Valid),
            (Measure::LearningRate, Split::Train),
            (Measure::Loss, Split::Train),
        ];
        let history = History::create(&path, columns).unwrap();
        let display = Progress::Silent.renderer("", &Interrupter::new());
        let mut recorder = Recorder::new(history.clone(), display)
            .with(&Split::Train, Measure::Loss, LossMetric::new())
            .with(&Split::Valid, Measure::Loss, LossMetric::new())
            .with(
                &Split::Train,
                Measure::LearningRate,
                LearningRateMetric::new(),
            );
        let outputs = |losses: &[f32]| Losses(Tensor::from_floats(losses, &Device::flex()));
        let metadata = |learning_rate: f64| MetricMetadata {
            progress: LoaderProgress::new(1, 1, None),
            iteration: None,
            lr: Some(learning_rate.into()),
        };
        recorder.start(2, 1);
        for (epoch, losses) in [(1, [4.0, 8.0]), (2, [1.0, 5.0])] {
            let [first, second] = losses;
            for (split, rate) in [(Split::Train, 0.5), (Split::Valid, 0.0)] {
                recorder.start_split(&split, 4);
                let rows = outputs(&[first, first, first]);
                recorder.update(&split, &rows, &metadata(rate)).unwrap();
                let rows = outputs(&[second]);
                recorder
                    .update(&split, &rows, &metadata(rate / 2.0))
                    .unwrap();
                recorder.end_split(&split, epoch).unwrap();
            }
            recorder.end_epoch(epoch);
        }
        recorder.end();

        assert_eq!(history.epochs(), 2);
        let value = |measure, split, epoch| history.value(measure, &split, epoch);
        assert_eq!(value(Measure::Loss, Split::Train, 2), Some(2.0));
        assert_eq!(value(Measure::Loss, Split::Train, 3), None);
        assert_eq!(value(Measure::LearningRate, Split::Valid, 1), None);
        let written = std::fs::read_to_string(path).unwrap();
        let expected = "epoch,valid_loss,learning_rate,train_loss\n1,5,0.375,5\n2,2,0.375,2\n";
        assert_eq!(written, expected);
    }
}
