use super::ExplainCommand;
use super::method::Method;
use crate::Error;
use mlp_inference::SavedModel;

impl ExplainCommand {
    /// Checks that the options fit the method, so that none is without effect.
    pub(super) fn check(&self, method: Method) -> Result<(), Error> {
        match method {
            Method::IntegratedGradients | Method::Shapley if self.rows.is_none() => {
                return mismatch(
                    format!("`--method {method}` explains rows, but none are named"),
                    "name them with `--rows`, such as `--rows 1,5,10-20`",
                );
            }
            Method::Importance | Method::Dependence if self.rows.is_some() => {
                return mismatch(
                    format!("`--method {method}` explains the model, and no single rows"),
                    "leave out `--rows`, or take `--method integrated_gradients` or `--method shapley`",
                );
            }
            Method::Importance
            | Method::Dependence
            | Method::IntegratedGradients
            | Method::Shapley => {}
        }
        let (is_importance, is_dependence) =
            (method == Method::Importance, method == Method::Dependence);
        let is_of_model = is_importance || is_dependence;
        // The columns of a dependence are the most important ones, unless they are named.
        let ranks_columns = is_importance || is_dependence && self.column.is_empty();
        let of_importance = "leave it out; it is for the importance of columns";
        let unused = [
            (
                "column",
                !self.column.is_empty() && !is_dependence,
                "take `--method dependence`",
            ),
            (
                "metric",
                self.metric.is_some() && !ranks_columns,
                of_importance,
            ),
            (
                "repeats",
                self.repeats.is_some() && !ranks_columns,
                of_importance,
            ),
            (
                "class",
                self.class.is_some() && is_importance,
                "leave it out, since the importance is of all classes; `--method dependence` shows one",
            ),
            (
                "target",
                self.target.is_some() && is_importance,
                "leave it out: the importance is shown for each target",
            ),
            (
                "samples",
                self.samples.is_some() && method != Method::Shapley,
                "take `--method shapley`, with `--rows`",
            ),
            (
                "steps",
                self.steps.is_some() && method != Method::IntegratedGradients,
                "take `--method integrated_gradients`, with `--rows`",
            ),
            (
                "max-rows",
                self.max_rows.is_some() && !is_of_model,
                "leave it out: the rows are those of `--rows`",
            ),
        ];
        match unused.iter().find(|(_, is_unused, _)| *is_unused) {
            Some((option, _, hint)) if *option == "metric" && is_dependence => mismatch(
                format!("`--{option}` has no effect if `--column` names the columns"),
                hint,
            ),
            Some((option, _, hint)) => mismatch(
                format!("`--{option}` does not apply to `--method {method}`"),
                hint,
            ),
            None => Ok(()),
        }
    }

    /// The class or the target that is asked for.
    pub(super) fn explained_output(&self, model: &SavedModel) -> Result<Option<&str>, Error> {
        let (asked, known) = match (&self.class, &self.target) {
            (Some(class), _) => (class, model.classes().unwrap_or_default().to_vec()),
            (None, Some(target)) if model.classes().is_none() => (target, model.target_names()),
            (None, Some(_)) => {
                return mismatch(
                    "`--target` is for a model of several numbers, but this one predicts classes"
                        .to_owned(),
                    "name a class with `--class`",
                );
            }
            (None, None) => return Ok(None),
        };
        if known.is_empty() {
            return mismatch(
                "`--class` is for a model of classes, but this one predicts numbers".to_owned(),
                "name one of several numbers with `--target`",
            );
        }
        if !known.contains(asked) {
            let output = asked.clone();
            return Err(mlp_explanations::Error::UnknownOutput { output, known }.into());
        }
        Ok(Some(asked))
    }
}

fn mismatch<T>(what: String, hint: &str) -> Result<T, Error> {
    Err(Error::Mismatch {
        what,
        hint: hint.to_owned(),
    })
}
