use std::io::Write;
use std::path::Path;

use burn::tensor::Device;
use mlp_inference::SavedModel;
use mlp_training::{Ending, Fitted, Outcome};

use super::files::{self, SUMMARY_FILE};
use super::identity::identity;
use super::state::LOCK_FILE;
use crate::Error;
use crate::config::TrainingConfig;
use crate::data::load_training_named_by_run;
use crate::escaped::stderr;
use crate::summary::Summary;

/// The model of a run: of one that is not complete as far as its training got.
///
/// # Errors
///
/// If there is none, or a file of the run is damaged.
pub fn load_model(run: &Path, device: &Device) -> Result<SavedModel, Error> {
    unchanged(run, || {
        if is_unfinished(run) {
            return Ok(so_far(run, device)?.0);
        }
        Ok(SavedModel::load(run, device)?)
    })
}

/// The model of a run with its configuration and its metrics.
///
/// # Errors
///
/// As [`load_model`].
pub fn load(run: &Path, device: &Device) -> Result<(SavedModel, TrainingConfig, Summary), Error> {
    unchanged(run, || {
        if is_unfinished(run) {
            return so_far(run, device);
        }
        let model = SavedModel::load(run, device)?;
        let config = TrainingConfig::load(run)?;
        files::check_config(run)?;
        let summary = Summary::load(run, model.purpose())?;
        Ok((model, config, summary))
    })
}

/// Whether a training has begun in a folder, and has not ended.
fn is_unfinished(run: &Path) -> bool {
    run.join(LOCK_FILE).is_file() && !run.join(SUMMARY_FILE).is_file()
}

/// The model of a run that is not complete, from its checkpoints and the table that it was trained on.
fn so_far(run: &Path, device: &Device) -> Result<(SavedModel, TrainingConfig, Summary), Error> {
    let config = TrainingConfig::load(run)?;
    if config.is_of_all_rows() {
        return Err(Error::UnfinishedFolds {
            path: run.to_owned(),
        });
    }
    let dataset = load_training_named_by_run(&config)?;
    let config = config.resolved_for(&dataset)?;
    let training = config.training().with_folder(run);
    let fitted = training.fit_so_far(&dataset, device).map_err(|error| {
        if matches!(error, mlp_training::Error::NothingTrained) {
            let path = run.to_owned();
            return Error::NothingTrained { path };
        }
        error.into()
    })?;
    let _ = writeln!(stderr(), "{}", described(run, &fitted));
    let summary = Summary::of(&fitted, &dataset, &config, run);
    Ok((fitted.model, config, summary))
}

/// What is taken of a run that is not complete.
fn described(run: &Path, fitted: &Fitted) -> String {
    let run = run.display();
    let epochs = fitted.epochs;
    match &fitted.outcome {
        _ if fitted.ending != Ending::Interrupted => {
            format!("the training in `{run}` has ended, but its results were not written yet")
        }
        Outcome::Prediction(outcome) => format!(
            "the training in `{run}` is not complete: this is the network of epoch {} of the {epochs} so far",
            outcome.best_epoch
        ),
        Outcome::Clustering(_) => format!(
            "the training in `{run}` is not complete: this is the network after {epochs} epochs"
        ),
    }
}

/// Reads something of a run, again if the run was replaced in the meantime, so that it is of one run.
pub fn unchanged<T, E>(run: &Path, mut read: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    /// Nobody replaces a run so often.
    const MOST: usize = 100;
    for _ in 1..MOST {
        let before = identity(run).ok();
        let found = read();
        if before.is_some() && identity(run).ok() == before {
            return found;
        }
        if before.is_none() && found.is_err() && !run.is_dir() {
            return found;
        }
    }
    read()
}
