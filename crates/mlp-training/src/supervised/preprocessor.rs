use mlp_datasets::{Dataset, Preprocessor, Split, Target, TargetTransform, Task};

use crate::Error;
use crate::recipe::SupervisedRecipe;

/// The preprocessor, which only training and validation rows decide about.
pub fn preprocessor(
    recipe: &dyn SupervisedRecipe,
    dataset: &Dataset,
    split: &Split,
) -> Result<Preprocessor, Error> {
    let table = &dataset.table;
    let mut config = recipe.data().preprocessor_for(&dataset.partition);
    config.target_transform = target_transform(recipe, dataset)?;
    let preprocessor = Preprocessor::fit(table, &split.train, config)?;
    let preprocessor = preprocessor.with_classes_of(table, split.learned());
    if let (Some(target @ Target::Classes { .. }), [_, ..]) = (table.target(), &split.test[..]) {
        // Not one row could be judged after the training.
        preprocessor.target.encode_known(target, &split.test)?;
    }
    match preprocessor.classes() {
        Some([class]) => Err(Error::SingleClass {
            class: class.clone(),
        }),
        Some(_) | None => Ok(preprocessor),
    }
}

/// What is done to numbers to predict.
fn target_transform(
    recipe: &dyn SupervisedRecipe,
    dataset: &Dataset,
) -> Result<TargetTransform, Error> {
    let transform = recipe.data().target_transform;
    let has_delta = recipe.training().huber_delta.is_some();
    let allowed = if dataset.table.task() != Some(Task::Regression) {
        Some("`auto` where classes are predicted")
    } else if has_delta {
        Some("`auto` or `none` with `huber_delta`, which is in the units of the target")
    } else {
        None
    };
    match (transform, allowed) {
        (TargetTransform::Auto, None) if recipe.is_single_layer() => Ok(TargetTransform::None),
        (TargetTransform::Auto, Some(_)) => Ok(TargetTransform::None),
        (TargetTransform::Log, Some(allowed)) => {
            Err(Error::invalid("target_transform", transform, allowed))
        }
        (TargetTransform::Auto | TargetTransform::Log, None) | (TargetTransform::None, _) => {
            Ok(transform)
        }
    }
}
