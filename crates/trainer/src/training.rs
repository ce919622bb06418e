//! From rows to a run: the way of a training.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use burn::tensor::Tensor;
use burn::train::Interrupter;
use mlp_datasets::{Dataset, EncodedTarget, Examples, Preprocessor, Split, SplitName, Targets};
use mlp_inference::SavedModel;

use crate::Progress;
use crate::learning::{BestNetwork, Learned, Stop, Trainee, draw_weights, learn};
use crate::run_directory::RunDirectory;
use crate::summary::{Outcome, Summary};
use crate::{Error, TrainingConfig};

/// Trains a network as configured and keeps the best epoch's in the run's folder.
///
/// # Errors
///
/// If the data and the configuration do not fit each other, a loss stops being finite, or a file
/// cannot be written. The folder is kept only if it holds a usable model.
pub fn train(
    config: &TrainingConfig,
    dataset: &Dataset,
    run: RunDirectory,
    progress: Progress,
    interrupter: &Interrupter,
) -> Result<Outcome, Error> {
    let place = Place {
        folder: run.path().to_owned(),
        name: run.target().to_owned(),
    };
    let (outcome, diverged) = train_in(config, dataset, &place, progress, interrupter)?;
    let path = run.keep()?;
    match diverged {
        Some(Diverged {
            split,
            loss,
            epoch,
            learning_rate,
        }) => Err(Error::Diverged {
            split,
            loss,
            epoch,
            learning_rate,
            kept: Some((path, outcome.summary.best_epoch)),
        }),
        None => Ok(outcome),
    }
}

/// Where a training writes, and what it says where that is.
pub(crate) struct Place {
    pub folder: PathBuf,
    pub name: PathBuf,
}

/// A training that went astray after an epoch that went well.
pub(crate) struct Diverged {
    split: &'static str,
    loss: f64,
    epoch: usize,
    learning_rate: f64,
}

/// Trains in a folder that is there.
pub(crate) fn train_in(
    config: &TrainingConfig,
    dataset: &Dataset,
    place: &Place,
    progress: Progress,
    interrupter: &Interrupter,
) -> Result<(Outcome, Option<Diverged>), Error> {
    let start = Instant::now();
    let device = config.backend.device()?;
    let split = config.split(dataset)?;
    let preprocessor = Preprocessor::fit(&dataset.table, &split.train, config.preprocessor())?;
    let class_weights = class_weights(config, dataset, &split, &preprocessor)?;
    let examples = |rows| {
        let examples = Examples::new(&dataset.table, rows, &preprocessor, &device)?;
        Ok::<_, Error>(match &class_weights {
            Some(weights) => weighed(examples, weights),
            None => examples,
        })
    };
    let (train, valid) = (examples(&split.train)?, examples(&split.valid)?);

    config.save(&place.folder)?;
    let task = preprocessor.task();
    let network_config = config.network_for(&preprocessor);

    // Weights are drawn when they are first used, so they are used before anything else draws.
    device.seed(config.seed);
    let trainee = Trainee {
        network: network_config.init(&device.clone().autodiff()),
        loss: config.loss().init(&device),
        best: BestNetwork::default(),
    };
    draw_weights(&trainee);

    let learned: Learned = learn(
        config,
        &preprocessor.target,
        trainee,
        [train, valid],
        &place.folder,
        progress,
        interrupter,
    )?;
    let model = SavedModel::new(
        learned.network,
        network_config,
        config.output(task),
        preprocessor,
        &device,
    )
    .with_quantile(config.quantile);
    model.save(&place.folder)?;
    let seconds = start.elapsed().as_secs_f64();

    let mut evaluations = BTreeMap::new();
    for name in SplitName::ALL {
        let evaluation = model.evaluate(&dataset.table, name.rows(&split))?;
        evaluations.insert(name, evaluation);
    }
    let summary = Summary {
        run: place.name.clone(),
        task,
        model: config.model,
        backend: config.backend,
        seed: config.seed,
        epochs: learned.epochs,
        best_epoch: learned.best_epoch,
        seconds,
        metrics: evaluations
            .iter()
            .map(|(name, evaluation)| (*name, evaluation.metrics.clone()))
            .collect(),
        rows: SplitName::ALL
            .into_iter()
            .map(|name| (name, name.rows(&split).len()))
            .collect(),
    };
    summary.save(&place.folder)?;
    let diverged = match learned.stop {
        Some(Stop::Diverged { split, loss, epoch }) => Some(Diverged {
            split,
            loss,
            epoch,
            learning_rate: learned.learning_rate,
        }),
        _ => None,
    };
    let outcome = Outcome {
        summary,
        classes: model.classes().map(<[String]>::to_vec),
        evaluations,
        ending: learned.ending,
    };
    Ok((outcome, diverged))
}

/// The weight of each class, if classes have weights.
fn class_weights(
    config: &TrainingConfig,
    dataset: &Dataset,
    split: &Split,
    preprocessor: &Preprocessor,
) -> Result<Option<Vec<f32>>, Error> {
    let (Some(weights), Some(classes)) = (&config.class_weights, preprocessor.classes()) else {
        return Ok(None);
    };
    match preprocessor.encode_target(&dataset.table, &split.train)? {
        EncodedTarget::Classes(labels) => Ok(Some(weights.resolve(classes, &labels)?)),
        EncodedTarget::Numbers(_) => Ok(None),
    }
}

/// Multiplies the weight of each row by that of its class.
fn weighed(mut examples: Examples, class_weights: &[f32]) -> Examples {
    if let Targets::Classes(classes) = &examples.targets {
        let class_weights = Tensor::<1>::from_floats(class_weights, &classes.device());
        let by_class = class_weights.select(0, classes.clone());
        examples.weights = Some(match examples.weights {
            Some(weights) => weights * by_class,
            None => by_class,
        });
    }
    examples
}
