//! Whether a training can be what it is said to be.

use mlp_datasets::{CategoryEncoding, Task};
use mlp_inference::Metric;
use mlp_models::NormalizationKind;

use super::{TrainingConfig, TrainingOptions};
use crate::{Error, Model};

impl TrainingConfig {
    /// Checks that each value is in its range, and that all fit each other and the task.
    pub(super) fn check(&self, task: Task) -> Result<(), Error> {
        if !self.backend.is_compiled_in() {
            return Err(Error::BackendNotCompiledIn {
                backend: self.backend,
            });
        }
        self.check_ranges()?;
        self.check_fit(task)
    }

    /// Checks each value by itself.
    fn check_ranges(&self) -> Result<(), Error> {
        for (option, value) in [
            ("epochs", self.epochs),
            ("batch-size", self.batch_size),
            ("min-category-count", self.min_category_count),
            ("d-embedding", self.d_embedding),
        ] {
            require(value > 0, option, value, "1 or more")?;
        }
        if let Some(patience) = self.patience {
            require(patience > 0, "patience", patience, "1 or more")?;
        }
        let rate = self.learning_rate;
        require(
            rate.is_finite() && rate > 0.0,
            "learning-rate",
            rate,
            "above 0",
        )?;
        let decay = self.weight_decay;
        require(
            decay.is_finite() && decay >= 0.0,
            "weight-decay",
            decay,
            "0 or more",
        )?;
        if let Some(norm) = self.clip_norm {
            require(norm.is_finite() && norm > 0.0, "clip-norm", norm, "above 0")?;
        }
        let dropout = self.dropout;
        require(
            (0.0..1.0).contains(&dropout),
            "dropout",
            dropout,
            "in [0, 1)",
        )?;
        let smoothing = self.label_smoothing;
        require(
            (0.0..1.0).contains(&smoothing),
            "label-smoothing",
            smoothing,
            "in [0, 1)",
        )?;
        let delta = self.huber_delta;
        require(
            delta.is_finite() && delta > 0.0,
            "huber-delta",
            delta,
            "above 0",
        )?;
        let quantile = self.quantile;
        require(
            quantile > 0.0 && quantile < 1.0,
            "quantile",
            quantile,
            "in (0, 1)",
        )?;
        if let Some(folds) = self.folds {
            require(folds >= 2, "folds", folds, "2 or more")?;
        }
        for (option, share) in [
            ("test-size", self.test_size),
            ("valid-size", self.valid_size),
        ] {
            require(share > 0.0 && share < 1.0, option, share, "in (0, 1)")?;
        }
        Ok(())
    }

    /// Checks that the values fit each other and the task.
    fn check_fit(&self, task: Task) -> Result<(), Error> {
        if let Some(metric) = self.select
            && metric.task() != task
        {
            let names = Metric::ALL
                .into_iter()
                .filter(|metric| metric.task() == task);
            let names: Vec<_> = names.map(|metric| format!("`{metric}`")).collect();
            return Err(Error::Mismatch {
                what: format!(
                    "`--select {metric}` is for {}, and this is {task}",
                    metric.task()
                ),
                hint: format!("for {task} there are {}", names.join(", ")),
            });
        }
        if task == Task::Regression && self.class_weights.is_some() {
            return Err(Error::Mismatch {
                what: format!(
                    "`--class-weights` is for classes, but the target of `{}` is a number",
                    self.dataset
                ),
                hint: "`--weight COLUMN` takes the weight of each row from the table".to_owned(),
            });
        }
        if self.model != Model::Mlp && self.categories == CategoryEncoding::Embedding {
            return Err(Error::Mismatch {
                what: format!("`--model {}` has no layer behind an embedding", self.model),
                hint: "use `--categories one_hot` or `--model mlp`".to_owned(),
            });
        }
        let kept = self.test_size + self.valid_size;
        if kept >= 1.0 {
            return Err(Error::Mismatch {
                what: format!(
                    "`--test-size` and `--valid-size` add up to {kept}, which leaves nothing to \
                     train on"
                ),
                hint: "they must add up to less than 1".to_owned(),
            });
        }
        if task == Task::Regression && self.loss.needs_classes() {
            return Err(Error::Mismatch {
                what: format!(
                    "`{}` has a number for a target, but the loss `{}` needs classes",
                    self.dataset, self.loss
                ),
                hint: match self.model {
                    Model::Perceptron | Model::Logistic => {
                        "use `--model mlp` or `--model adaline`".to_owned()
                    }
                    _ => "use `--loss mean_squared_error`, `mean_absolute_error` or `huber`"
                        .to_owned(),
                },
            });
        }
        // A damaged file could hold these; the command line cannot.
        self.network(1, &[], 2).check()?;
        Ok(())
    }
}

/// Options that describe hidden layers have no meaning for a model without them.
pub(super) fn check_model_options(model: Model, options: &TrainingOptions) -> Result<(), Error> {
    if model == Model::Mlp {
        return Ok(());
    }
    let given = [
        (
            "hidden",
            options
                .hidden
                .as_ref()
                .is_some_and(|sizes| !sizes.is_empty()),
        ),
        (
            "dropout",
            options.dropout.is_some_and(|dropout| dropout != 0.0),
        ),
        (
            "normalization",
            options
                .normalization
                .is_some_and(|kind| kind != NormalizationKind::None),
        ),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(Error::Mismatch {
            what: format!("`--{option}` is for hidden layers, and `--model {model}` has none"),
            hint: "use `--model mlp`".to_owned(),
        }),
        None => Ok(()),
    }
}

fn require(
    holds: bool,
    option: &'static str,
    value: impl ToString,
    allowed: &str,
) -> Result<(), Error> {
    if holds {
        return Ok(());
    }
    Err(Error::InvalidOption {
        option,
        value: value.to_string(),
        allowed: allowed.to_owned(),
    })
}
