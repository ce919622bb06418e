use burn::train::metric::{AccuracyMetric, LearningRateMetric, LossMetric};
use mlp_datasets::{SplitName, Task};

use super::epoch_metric::EpochMetric;
use super::objective::StepOutput;
use crate::learner::Recorder;
use crate::progress::Measure;
use crate::recipe::SupervisedTraining;

/// The columns of the learning curve: accuracies if there are classes, and the metric that selects the
/// best epoch if one does.
pub fn columns(settings: &SupervisedTraining, task: Task) -> Vec<(Measure, SplitName)> {
    let mut columns = vec![
        (Measure::LearningRate, SplitName::Train),
        (Measure::GradientNorm, SplitName::Train),
        (Measure::Loss, SplitName::Train),
        (Measure::Loss, SplitName::Valid),
    ];
    if task == Task::Classification {
        columns.push((Measure::Accuracy, SplitName::Train));
        columns.push((Measure::Accuracy, SplitName::Valid));
    }
    columns.extend(
        settings
            .select
            .map(|metric| (Measure::Metric(metric), SplitName::Valid)),
    );
    columns
}

/// A recorder of the losses and the learning rate, of accuracies if there are classes, and of the metric
/// that selects the best epoch if one does.
pub fn with_metrics(
    recorder: Recorder<StepOutput>,
    task: Task,
    select: Option<EpochMetric>,
) -> Recorder<StepOutput> {
    let mut recorder = recorder
        .with(SplitName::Train, Measure::Loss, LossMetric::new())
        .with(SplitName::Valid, Measure::Loss, LossMetric::new())
        .with(
            SplitName::Train,
            Measure::LearningRate,
            LearningRateMetric::new(),
        );
    if task == Task::Classification {
        for rows in [SplitName::Train, SplitName::Valid] {
            recorder = recorder.with(rows, Measure::Accuracy, AccuracyMetric::new());
        }
    }
    match select {
        Some(select) => recorder.with(SplitName::Valid, Measure::Metric(select.metric()), select),
        None => recorder,
    }
}
