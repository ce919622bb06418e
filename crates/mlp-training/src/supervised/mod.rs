//! Networks that predict.

mod baseline;
mod epoch_metric;
mod extreme_numbers;
mod judge;
mod learned;
mod learning_curve;
mod loss_weights;
mod mean_correction;
mod objective;
mod observed;
mod preprocessor;
mod selection_check;

use std::collections::BTreeMap;
use std::time::Instant;

use burn::module::Module;
use mlp_datasets::{Dataset, Examples, Preprocessor, Split, SplitName, Table};
use mlp_inference::{Evaluation, OutputKind, SavedModel, TrainedNetwork};
use mlp_models::loss::LossConfig;
use strum::VariantArray;

use crate::Error;
use crate::fitted::{Evaluations, Fitted, Outcome};
use crate::learner::{Session, draw_weights, seed_device};
use crate::observer::ObservedTraining;
use crate::recipe::{Model, NetworkInputs, SupervisedRecipe};
use baseline::evaluate_baseline;
use epoch_metric::EpochMetric;
use extreme_numbers::ExtremeNumbers;
pub use learned::PART;
use learned::{learn, steps_per_epoch, with_cause};
use loss_weights::{LossWeights, of_rows};
use mean_correction::with_corrected_means;
use objective::SupervisedObjective;
use preprocessor::preprocessor;
pub use selection_check::check_selection;

/// How many training rows initializations see at most.
const SAMPLE_SIZE: usize = 4096;

/// Trains a network by a recipe, on rows that are split.
pub fn fit(
    recipe: &dyn SupervisedRecipe,
    model: Model,
    dataset: &Dataset,
    split: &Split,
    session: &Session,
) -> Result<Fitted, Error> {
    let start = Instant::now();
    let (table, settings) = (&dataset.table, recipe.training());
    let task = table.task().ok_or(Error::NoTarget)?;
    settings.check_task(task, model.into(), &dataset.name)?;
    check_selection(settings, dataset, split)?;
    let preprocessor = preprocessor(recipe, dataset, split)?;
    let weights = LossWeights::new(settings, dataset, split, &preprocessor)?;
    let examples = |name: SplitName| {
        let rows = name.rows(split);
        let examples = match name {
            SplitName::Train => Examples::for_training,
            SplitName::Valid | SplitName::Test => Examples::new,
        };
        Ok::<_, Error>(Examples {
            weights: weights.of(name, rows, &session.device)?,
            ..examples(table, rows, &preprocessor, &session.device)?
        })
    };
    let (train, valid) = (examples(SplitName::Train)?, examples(SplitName::Valid)?);

    let loss = settings.loss_config_for(&preprocessor.target);
    let d_output = num_outputs(recipe, &loss, &preprocessor);
    let inputs = NetworkInputs {
        spec: &preprocessor.input_spec(),
        rows: Some(&train.features),
    };
    let config = recipe.network(inputs, d_output)?;
    let output = OutputKind::of(&loss, task);

    // Weights are drawn when they are first used, so they are used before anything else draws.
    let seeding = seed_device(&session.device, session.seed);
    let sample = train.slice(0..train.len().min(SAMPLE_SIZE));
    let autodiff = session.autodiff();
    let objective = SupervisedObjective {
        network: recipe.init(&config, &sample, &autodiff),
        loss: loss.init(&session.device),
        valid_loss: loss.without_smoothing().init(&session.device),
        num_members: config.num_members(),
        dropout_schedule: settings.dropout_schedule.unwrap_or_default(),
        members_have_batches: recipe.members_have_batches() && config.num_members() > 1,
        output,
    };
    draw_weights(&objective);
    drop(seeding);
    session.begin(|| ObservedTraining {
        config: config.clone(),
        preprocessor: preprocessor.clone(),
        split: split.clone(),
        output,
        loss: loss.clone(),
        num_parameters: objective.network.num_params(),
        steps_per_epoch: steps_per_epoch(recipe, &train),
        device: session.device.clone(),
    });

    let select = settings.select.map(|metric| {
        let target = preprocessor.target.clone();
        let weights = of_rows(dataset, &split.valid);
        EpochMetric::new(metric, output, target, settings.quantile).with_weights(weights)
    });
    let numbers = [&train, &valid].map(ExtremeNumbers::of);
    let examples = [train, valid];
    let learned = learn(recipe, task, objective, examples, select, session);
    let mut learned = with_cause(learned, |rows| {
        let [of_train, of_valid] = &numbers;
        let numbers = if rows == SplitName::Train {
            of_train
        } else {
            of_valid
        };
        numbers.find(&preprocessor)
    })?;
    let shares = preprocessor.embedding_shares();
    learned.network.embedding = learned
        .network
        .embedding
        .map(|embedding| embedding.with_mean_for_unknown(&shares));
    let trained = TrainedNetwork::Prediction {
        network: learned.network,
        config,
        output,
        quantile: settings.quantile,
    };
    let dialect = dataset.dialect.clone();
    let saved = SavedModel::new(trained, preprocessor, dialect, &session.device);
    let saved = with_corrected_means(saved, settings.loss, table, split)?;
    let seconds = learned.seconds_before + start.elapsed().as_secs_f64();
    let (rows, evaluations) = evaluate(&saved, table, split)?;
    let baseline = evaluate_baseline(saved.preprocessor(), table, split, settings)?;
    Ok(Fitted {
        model: saved,
        recipe: model,
        epochs: learned.epochs,
        ending: learned.ending,
        seconds,
        outcome: Outcome::Prediction(Evaluations {
            task,
            best_epoch: learned.best_epoch,
            rows,
            evaluations,
            baseline,
            kinds: Vec::new(),
        }),
    })
}

/// The number of rows of each split, and how good a model's predictions of them are.
#[allow(clippy::type_complexity)] // One map for each field of the outcome.
pub fn evaluate(
    model: &SavedModel,
    table: &Table,
    split: &Split,
) -> Result<(BTreeMap<SplitName, usize>, BTreeMap<SplitName, Evaluation>), Error> {
    let (mut rows, mut evaluations) = (BTreeMap::new(), BTreeMap::new());
    for &name in SplitName::VARIANTS {
        let of_split = name.rows(split);
        // A model that is trained on all rows has no test rows.
        if !of_split.is_empty() {
            rows.insert(name, of_split.len());
            evaluations.insert(name, model.evaluate(table, of_split)?);
        }
    }
    Ok((rows, evaluations))
}

/// How many outputs the network has.
fn num_outputs(
    recipe: &dyn SupervisedRecipe,
    loss: &LossConfig,
    preprocessor: &Preprocessor,
) -> usize {
    match preprocessor.classes() {
        Some(classes) => {
            let single_for_two = recipe.is_single_layer();
            loss.num_outputs(classes.len(), single_for_two)
        }
        None => preprocessor.target.names().len(),
    }
}
