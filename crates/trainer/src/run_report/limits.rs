use mlp_datasets::{Partition, SplitName};
use mlp_inference::Metric;
use mlp_report::{Block, Section, count, percent};

use super::{Judged, JudgedRows, Subject};
use crate::summary::{PredictionSummary, Summary};

/// Fewer rows than this say little about how good a model is.
const FEW_ROWS: usize = 100;

/// What the figures do not say, and what the model should not be used for.
pub fn section(subject: &Subject<'_>) -> Section {
    let points = match (subject.summary, subject.judged) {
        (Summary::Prediction(summary), Some(judged)) => prediction(subject, summary, judged),
        (Summary::Prediction(_), None) => Vec::new(),
        (Summary::Clustering(_), _) => vec![
            "Clusters are found whether or not there are groups in the data. Whether they mean something is for \
             someone to judge who knows the rows."
                .to_owned(),
            "The number of clusters, the scaling of the columns and the choice of columns decide what is found."
                .to_owned(),
        ],
    };
    Section::new("limits", "Limits").with(Block::List(points))
}

fn prediction(subject: &Subject<'_>, summary: &PredictionSummary, judged: &Judged) -> Vec<String> {
    let mut points = Vec::new();
    let split = match (&judged.which, &subject.dataset.partition) {
        (JudgedRows::Test | JudgedRows::OutOfFold, Partition::Random) => {
            "The test rows were drawn from the same table as those for training. Rows of another time, place or \
             source may be predicted worse."
        }
        (_, Partition::Whole) => {
            "The same rows served for training and testing, so nothing is known about other rows."
        }
        (JudgedRows::Train, _) => {
            "The figures are of training rows, so new rows are predicted worse."
        }
        (
            JudgedRows::Test | JudgedRows::Valid | JudgedRows::OutOfFold | JudgedRows::Other,
            Partition::Random
            | Partition::Official { .. }
            | Partition::Given(_)
            | Partition::Groups(_)
            | Partition::Time { .. },
        ) => {
            "The figures hold for rows like the test rows. Rows of another time, place or source may be predicted \
             worse."
        }
    };
    points.push(split.to_owned());
    if judged.rows.len() < FEW_ROWS {
        points.push(format!(
            "{} rows are few: with others for testing, the figures would differ noticeably. A cross-validation \
             (--folds 5) tests every row once.",
            judged.rows.len()
        ));
    }
    points.extend(overfitting(summary));
    if let Some(classes) = subject.model.classes() {
        let rows = classes.iter().zip(&judged.evaluation.per_class);
        let rare: Vec<String> = rows
            .filter(|(_, metrics)| metrics.rows < 20)
            .map(|(name, metrics)| {
                format!("“{}” ({})", mlp_report::shortened(name, 40), metrics.rows)
            })
            .take(6)
            .collect();
        if !rare.is_empty() {
            points.push(format!(
                "Little is known of classes of which there are few {} rows: {}.",
                judged.which.adjective(),
                rare.join(", ")
            ));
        }
        if subject.model.has_probabilities() {
            let error = Metric::ExpectedCalibrationError.of(&judged.evaluation.metrics);
            points.extend(error.map(|error| {
                format!(
                    "Probabilities are off by {} on average (expected calibration error): mind that where a decision \
                     depends on them.",
                    percent(error)
                )
            }));
        } else {
            points.push(
                "The model gives no probabilities, so it does not say how certain it is."
                    .to_owned(),
            );
        }
        points.push(
            "A row of a class that was not in the training is given one of the known classes."
                .to_owned(),
        );
    } else {
        points.push(
            "The model gives a number and no interval. The quantiles of the residuals say how far off it usually \
             is."
                .to_owned(),
        );
    }
    points.push(
        "Whether the model is fair to groups of people was not examined, and that a column matters does not mean \
         that it is a cause."
            .to_owned(),
    );
    points
}

/// Whether training rows are predicted much better than others.
fn overfitting(summary: &PredictionSummary) -> Option<String> {
    let of = |split: SplitName| summary.metrics.get(&split);
    let (train, test) = (of(SplitName::Train)?, of(SplitName::Test)?);
    if let (Some(train), Some(test)) = (train.accuracy, test.accuracy)
        && train - test > 0.1
    {
        return Some(format!(
            "Of the training rows {} are right, of the test rows {}: the network has learned some rows by heart.",
            percent(train),
            percent(test)
        ));
    }
    if let (Some(train), Some(test)) = (train.rmse, test.rmse)
        && test > 1.5 * train
    {
        return Some(format!(
            "The RMSE of the {} test rows is {:.1} times that of the training rows: the network has learned some \
             rows by heart.",
            count(summary.rows.get(&SplitName::Test).copied().unwrap_or(0)),
            test / train
        ));
    }
    None
}
