use mlp_datasets::{Partition, SplitName};
use mlp_inference::Metric;
use mlp_report::{KeyFigure, Page, count, number, percent, shortened};

use super::interval::{effective_rows, wilson};
use super::{Judged, JudgedRows, Subject, clusters};
use crate::report::counted;
use crate::summary::{PredictionSummary, Summary};

/// How many names a sentence lists.
const MOST_NAMES: usize = 6;

/// The title, what was trained on what, and how good it is.
pub fn page(subject: &Subject<'_>) -> Page {
    let name = &subject.dataset.name;
    let mut page = Page::new(format!("{name}: {}", subject.config.model()));
    page.warnings.clone_from(&subject.warnings);
    match (subject.summary, subject.judged) {
        (Summary::Prediction(summary), Some(judged)) => {
            page.lead = vec![what(subject, summary), how_good(subject, summary, judged)];
            page.key_figures = key_figures(summary, judged);
            page.warnings.extend(warnings(summary, judged));
        }
        (Summary::Prediction(summary), None) => page.lead = vec![what(subject, summary)],
        (Summary::Clustering(summary), _) => {
            page.lead = clusters::lead(subject, summary);
            page.key_figures = clusters::key_figures(summary);
        }
    }
    page
}

/// What the model predicts, from what, and what it was trained on.
pub fn what(subject: &Subject<'_>, summary: &PredictionSummary) -> String {
    let model = subject.model;
    let targets = listed(&model.target_names());
    let predicts = match model.classes() {
        Some(classes) => format!(
            "which of {} classes of {targets} a row belongs to ({})",
            classes.len(),
            listed(classes)
        ),
        None if model.target_names().len() == 1 => format!("the number {targets} of a row"),
        None => format!(
            "the {} numbers {targets} of a row",
            model.target_names().len()
        ),
    };
    let features = model.preprocessor().features.len();
    let rows = |split: SplitName| summary.rows.get(&split).copied().unwrap_or(0);
    let trained = if subject.config.is_of_all_rows() {
        format!(
            "It was trained on all {} rows, after a cross-validation had shown how good such a model is.",
            count(summary.rows.values().sum())
        )
    } else if matches!(subject.dataset.partition, Partition::Whole) {
        let all = count(rows(SplitName::Train));
        format!("It was trained on all {all} rows, which also selected the epoch.")
    } else {
        format!(
            "It was trained on {} rows; {} others selected the epoch, and {} were kept for testing.",
            count(rows(SplitName::Train)),
            count(rows(SplitName::Valid)),
            count(rows(SplitName::Test)),
        )
    };
    // Of another table, the name would not be that of the training.
    let is_other = subject
        .judged
        .is_some_and(|judged| judged.which == JudgedRows::Other);
    let trained_on = if is_other {
        subject.config.dataset()
    } else {
        &subject.dataset.name
    };
    format!(
        "This model ({}) predicts {predicts} from {} of {trained_on}. {trained}",
        subject.config.model(),
        counted(features, "column", "columns"),
    )
}

/// How good the predictions are, beside always predicting the same.
pub fn how_good(subject: &Subject<'_>, summary: &PredictionSummary, judged: &Judged) -> String {
    let metrics = &judged.evaluation.metrics;
    let rows = judged.rows.len();
    // Of a table that has changed, nobody knows which rows training has seen.
    let has_changed = !subject.warnings.is_empty();
    let of_rows = match judged.which {
        JudgedRows::Test if has_changed => format!("Of {},", of(rows)),
        JudgedRows::Test => format!("Of {} that training has never seen,", of(rows)),
        JudgedRows::OutOfFold => {
            format!(
                "Of {} that were predicted by models that had not seen them,",
                of(rows)
            )
        }
        JudgedRows::Valid => format!("Of {} that selected the epoch,", of(rows)),
        JudgedRows::Train => format!("Of the {} that it was trained on,", of(rows)),
        JudgedRows::Other => format!("Of {} of {},", of(rows), subject.dataset.name),
    };
    let weights = judged.weights(&subject.dataset.table);
    let baseline = baseline(summary, judged, &weights).filter(|_| !has_changed);
    let quantile = subject.model.quantile();
    let is_middle = (quantile - 0.5).abs() < f64::EPSILON;
    if let Some(pinball) = metrics.pinball.filter(|_| !is_middle) {
        let is_test = judged.which == JudgedRows::Test && !has_changed;
        let other = summary.baseline.as_ref().filter(|_| is_test);
        let compared = compared_quantiles(pinball, other.and_then(|other| other.pinball));
        let of_rows = of_rows.replacen("Of ", "For ", 1);
        return format!(
            "{of_rows} the predicted quantile ({quantile}) has a pinball loss of {}.{compared}",
            number(pinball)
        );
    }
    if let Some(accuracy) = metrics.accuracy {
        let [low, high] = wilson(accuracy, effective_rows(&weights));
        let compared = match baseline {
            Some(share) => {
                let share_right = percent(share);
                if low > share {
                    format!(
                        " That is clearly more than the {share_right} of always predicting the most frequent class."
                    )
                } else if accuracy > share {
                    format!(
                        " Always predicting the most frequent class gets {share_right} right, so with so few rows \
                         the difference may be chance."
                    )
                } else {
                    format!(
                        " Always predicting the most frequent class gets {share_right} right, so the model is of no \
                         use as it is."
                    )
                }
            }
            None => String::new(),
        };
        return format!(
            "{of_rows} it gets {} right (95 % interval: {} to {}).{compared}",
            percent(accuracy),
            percent(low),
            percent(high),
        );
    }
    if let (Some(rmse), Some(mae)) = (metrics.rmse, metrics.mae) {
        let of_rows = of_rows.replacen("Of ", "For ", 1);
        let compared = match baseline {
            Some(other) => format!(
                " Always predicting the mean of the training rows has an RMSE of {}{}.",
                number(other),
                if rmse < other {
                    ""
                } else {
                    ", so the model is of no use"
                }
            ),
            None => String::new(),
        };
        let explained = metrics.r2.map_or(String::new(), |r2| {
            if r2 > 0.0 {
                format!(" The model explains {} of the variance.", percent(r2))
            } else {
                " The model explains less of the variance than the mean would.".to_owned()
            }
        });
        let each = if subject.model.target_names().len() > 1 {
            " (the mean over the targets)"
        } else {
            ""
        };
        return format!(
            "{of_rows} its predictions are off by {} on average, with a root of the mean squared error \
             (RMSE) of {}{each}.{compared}{explained}",
            number(mae),
            number(rmse)
        );
    }
    format!("{of_rows} there are no metrics, as some predictions are not finite.")
}

/// The pinball loss beside that of always predicting the same.
fn compared_quantiles(pinball: f64, other: Option<f64>) -> String {
    let Some(other) = other else {
        return String::new();
    };
    let verdict = if pinball < other {
        ""
    } else {
        ", so the model is of no use"
    };
    let other = number(other);
    format!(" Always predicting the same has one of {other}{verdict}.")
}

/// The accuracy, or the RMSE, of always predicting the same.
fn baseline(summary: &PredictionSummary, judged: &Judged, weights: &[f64]) -> Option<f64> {
    if judged.which == JudgedRows::OutOfFold {
        // The share of the most frequent class, or the deviation from the mean, of the same rows.
        if let Some(classes) = judged.classes() {
            let mut sums = vec![0.0; classes.names.len()];
            for (label, weight) in judged.labels.iter().zip(weights) {
                if let Some(label) = label {
                    sums[*label] += weight;
                }
            }
            let most = sums.into_iter().reduce(f64::max)?;
            return Some(most / weights.iter().sum::<f64>()).filter(|share| share.is_finite());
        }
        let r2 = judged.evaluation.metrics.r2.filter(|r2| *r2 < 1.0)?;
        let is_single = judged.numbers()?.num_outputs == 1;
        let rmse = judged.evaluation.metrics.rmse.filter(|_| is_single)?;
        return Some(rmse / (1.0 - r2).sqrt());
    }
    if judged.which != JudgedRows::Test {
        return None;
    }
    let baseline = summary.baseline.as_ref()?;
    baseline.accuracy.or(baseline.rmse)
}

fn key_figures(summary: &PredictionSummary, judged: &Judged) -> Vec<KeyFigure> {
    let is_test = judged.which == JudgedRows::Test;
    let baseline = summary.baseline.as_ref().filter(|_| is_test);
    let digits = |value: f64| format!("{value:.3}");
    let shown = [
        ("accuracy", Metric::Accuracy, percent as fn(f64) -> String),
        ("ROC AUC", Metric::RocAuc, digits),
        ("log-loss", Metric::LogLoss, digits),
        ("RMSE", Metric::Rmse, number),
        ("mean error", Metric::Mae, number),
        ("R²", Metric::R2, digits),
    ];
    let figures = shown.into_iter().filter_map(|(name, metric, written)| {
        let other = baseline.and_then(|baseline| metric.of(baseline));
        Some(KeyFigure {
            name: name.to_owned(),
            value: written(metric.of(&judged.evaluation.metrics)?),
            comparison: other.map_or(String::new(), |other| {
                format!("baseline {}", written(other))
            }),
        })
    });
    let rows = KeyFigure {
        name: format!("{} rows", judged.which.adjective()),
        value: count(judged.all),
        comparison: if judged.rows.len() < judged.all {
            format!("{} shown", count(judged.rows.len()))
        } else {
            String::new()
        },
    };
    figures.chain([rows]).collect()
}

fn warnings(summary: &PredictionSummary, judged: &Judged) -> Vec<String> {
    let mut warnings = Vec::new();
    if summary.interrupted {
        warnings.push("the training was stopped before its end.".to_owned());
    }
    if judged.which == JudgedRows::Train {
        warnings.push(
            "the figures are of the rows that the model was trained on, and new rows are predicted worse."
                .to_owned(),
        );
    }
    let (unknown, not_finite) = (
        judged.evaluation.num_unknown,
        judged.evaluation.num_not_finite,
    );
    if unknown > 0 {
        warnings.push(format!(
            "{} of classes that the model does not know, and count as wrong.",
            of(unknown) + if unknown == 1 { " is" } else { " are" }
        ));
    }
    if not_finite > 0 {
        warnings.push(format!(
            "{} no finite prediction.",
            of(not_finite) + if not_finite == 1 { " has" } else { " have" }
        ));
    }
    warnings
}

fn of(rows: usize) -> String {
    match rows {
        1 => "1 row".to_owned(),
        rows => format!("{} rows", count(rows)),
    }
}

/// Names in quotes, the first few of them.
fn listed(names: &[String]) -> String {
    let shown = names.iter().take(MOST_NAMES);
    let shown: Vec<String> = shown
        .map(|name| format!("“{}”", shortened(name, 40)))
        .collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
