use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use burn::train::Interrupter;
use mlp_datasets::{Dataset, SplitName, Task};
use mlp_inference::{Metric, Metrics};
use serde::Serialize;

use crate::training::{Place, train_in};
use crate::{Backend, Ending, Error, Model, Progress, RunDirectory, TrainingConfig};

/// What `--json` prints and `summary.json` holds of a cross-validation.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct CrossValidation {
    /// The folder, in which each fold has a run of its own: `fold-1` and so on.
    pub run: PathBuf,
    /// What the models do.
    pub task: Task,
    /// Which network they are.
    pub model: Model,
    /// What computed.
    pub backend: Backend,
    /// Where all chance came from.
    pub seed: u64,
    /// How many folds there are.
    pub folds: usize,
    /// How long all trainings took together.
    pub seconds: f64,
    /// Each metric of each split over the folds, by its name.
    pub metrics: BTreeMap<SplitName, BTreeMap<&'static str, Spread>>,
    /// Whether the user stopped it; then there are fewer folds than were asked for.
    #[serde(skip)]
    pub interrupted: bool,
}

/// A metric over the folds.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, with n − 1; 0 for a single fold.
    pub std: f64,
}

impl Spread {
    /// Of at least one value.
    fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            mean,
            std: (squares / (count - 1.0).max(1.0)).sqrt(),
        }
    }
}

/// Trains once for each fold, with the fold's rows for testing, and keeps all models. `begins` is told
/// which fold begins, from 1, and how many there are.
///
/// # Errors
///
/// As for [`train`](crate::train), or if the rows cannot be split so.
pub fn cross_validate(
    config: &TrainingConfig,
    dataset: &Dataset,
    run: RunDirectory,
    progress: Progress,
    interrupter: &Interrupter,
    begins: impl Fn(usize, usize),
) -> Result<CrossValidation, Error> {
    let start = Instant::now();
    let num_folds = config.folds(dataset)?.len();
    let mut evaluations: BTreeMap<SplitName, Vec<Metrics>> = BTreeMap::new();
    let mut folds = 0;
    let mut interrupted = false;
    let mut task = Task::Classification;
    for fold in 1..=num_folds {
        begins(fold, num_folds);
        let name = format!("fold-{fold}");
        let place = Place {
            folder: run.path().join(&name),
            name: run.target().join(&name),
        };
        fs::create_dir_all(&place.folder).map_err(|source| Error::Io {
            action: "create",
            path: place.folder.clone(),
            source,
        })?;
        let config = TrainingConfig {
            fold: Some(fold),
            ..config.clone()
        };
        let (outcome, _) = train_in(&config, dataset, &place, progress, interrupter)?;
        if outcome.ending == Ending::Interrupted {
            interrupted = true;
            // A fold that was not trained to its end would be compared with those that were.
            let _ = fs::remove_dir_all(&place.folder);
            break;
        }
        task = outcome.summary.task;
        for (split, metrics) in outcome.summary.metrics {
            evaluations.entry(split).or_default().push(metrics);
        }
        folds += 1;
    }
    if folds == 0 {
        return Err(Error::Training {
            reason: "it was interrupted before the first fold had ended, so nothing is kept"
                .to_owned(),
        });
    }
    let spreads = |metrics: &Vec<Metrics>| -> BTreeMap<&'static str, Spread> {
        let spread = |metric: Metric| {
            let values: Vec<f64> = metrics.iter().filter_map(|one| metric.of(one)).collect();
            (!values.is_empty()).then(|| (metric.name(), Spread::of(&values)))
        };
        Metric::ALL.into_iter().filter_map(spread).collect()
    };
    let summary = CrossValidation {
        run: run.target().to_owned(),
        task,
        model: config.model,
        backend: config.backend,
        seed: config.seed,
        folds,
        seconds: start.elapsed().as_secs_f64(),
        metrics: evaluations
            .iter()
            .map(|(split, metrics)| (*split, spreads(metrics)))
            .collect(),
        interrupted,
    };
    summary.save(&run)?;
    run.keep()?;
    Ok(summary)
}

impl CrossValidation {
    fn save(&self, run: &RunDirectory) -> Result<(), Error> {
        let path = run.path().join("summary.json");
        let json = serde_json::to_string_pretty(self).map_err(std::io::Error::from);
        json.and_then(|json| fs::write(&path, json + "\n"))
            .map_err(|source| Error::Io {
                action: "write",
                path,
                source,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_a_mean_and_the_deviation_of_a_sample() {
        // Mean 5; squares 9 + 1 + 1 + 9 = 20 over 3.
        let Spread { mean, std } = Spread::of(&[2.0, 4.0, 6.0, 8.0]);
        assert_eq!(mean, 5.0);
        assert!((std - (20.0f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(Spread::of(&[3.0]).std, 0.0);
    }
}
