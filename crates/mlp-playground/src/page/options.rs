use mlp_datasets::{BuiltIn, Task};
use mlp_models::NormalizationKind;
use mlp_models::activation::ActivationConfig;
use mlp_models::loss::LossKind;
use mlp_training::{Optimizer, Schedule};
use strum::VariantArray;

use crate::protocol::{DatasetInfo, OptionLists};
use crate::setup::{MAX_LAYERS, MAX_UNITS, MODELS};
use crate::tables::MAX_FILE_SIZE;

/// What a page lets its user choose from.
pub fn option_lists() -> OptionLists {
    let can_be_shown = |dataset: &&BuiltIn| !matches!(dataset, BuiltIn::Mnist | BuiltIn::Idx);
    let datasets = BuiltIn::VARIANTS.iter().filter(can_be_shown);
    // Those that are drawn as they are come first.
    let mut datasets: Vec<BuiltIn> = datasets.copied().collect();
    datasets.sort_by_key(|dataset| (!dataset.is_generated(), dataset.num_features() != Some(2)));
    OptionLists {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        datasets: datasets.into_iter().map(describe).collect(),
        models: names(&MODELS),
        activations: names(ActivationConfig::VARIANTS),
        normalizations: names(NormalizationKind::VARIANTS),
        class_losses: losses(|loss| loss != LossKind::Pinball),
        number_losses: losses(|loss| {
            !matches!(
                loss,
                LossKind::CrossEntropy
                    | LossKind::BinaryCrossEntropy
                    | LossKind::PerceptronCriterion
            )
        }),
        optimizers: names(Optimizer::VARIANTS),
        schedules: names(Schedule::VARIANTS),
        max_layers: MAX_LAYERS,
        max_units: MAX_UNITS,
        max_file_size: MAX_FILE_SIZE,
    }
}

fn describe(dataset: BuiltIn) -> DatasetInfo {
    DatasetInfo {
        name: dataset.name().to_owned(),
        description: dataset.description().to_owned(),
        is_generated: dataset.is_generated(),
        is_classification: dataset.task() == Task::Classification,
    }
}

fn losses(is_listed: impl Fn(LossKind) -> bool) -> Vec<String> {
    let losses = LossKind::VARIANTS.iter().copied();
    let losses: Vec<LossKind> = losses.filter(|loss| is_listed(*loss)).collect();
    names(&losses)
}

fn names(variants: &[impl ToString]) -> Vec<String> {
    variants.iter().map(ToString::to_string).collect()
}
