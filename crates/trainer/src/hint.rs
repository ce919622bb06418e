//! What to try after an error.

mod data;
mod explanation;
mod logs;

use std::path::PathBuf;

use clap::{Args, Command};
use mlp_datasets::Task;
use mlp_inference::Metric;
use mlp_models::loss::LossKind;
use mlp_training::{Divergence, Model, Recipe};
use strum::VariantArray;

use crate::Error;
use crate::option_name::dashed;
use crate::options::{DataOptions, ModelOptions, TrainingOptions};
use crate::run::State;
use data::data_hint;
use explanation::explanation_hint;
use logs::log_hint;

/// What to do if the table of a run is another one.
const OTHER_TABLE: &str = "name the table after the run, as in `trainer evaluate RUN FILE`; a training goes on with its \
                           own";
/// What to do if there is a link where a training writes.
const FOREIGN: &str = "a training writes files and folders of its own only; remove it, or train anew with another \
                       `--output`";
/// What to try if a thread cannot be started.
const MORE_THREADS: &str = "allow more threads with `ulimit -u unlimited`, or stop other programs";
/// What to try if the table of a run is not where it was.
const MOVED: &str = "if it was moved, name it where it is now, after the run: `trainer evaluate RUN FILE`, and the same \
                     for `explain` and `report`; a training goes on with `trainer train FILE --resume RUN`";

/// What to do if the configuration of a run was changed.
const CHANGED_CONFIG: &str =
    "it says which rows were tested, so put it back as it was; `predict` does not need it";
/// What to try if an output would replace what is to stay.
const OTHER: &str = "choose another file with `--output`";
/// What to try if the folder of a run exists.
const OVERWRITE: &str = "choose another folder with `--output`, or overwrite it with `--force`";

/// What to try instead, if there is something.
pub fn hint(error: &Error) -> Option<String> {
    match error {
        Error::Mismatch { hint, .. } => Some(hint.clone()),
        Error::UnknownDataset { nearest, name } => Some(match nearest {
            Some(nearest) => format!("did you mean `{nearest}`? `trainer datasets` lists all"),
            None => {
                format!("`trainer datasets` lists all; for a file of that name write `./{name}`")
            }
        }),
        Error::NoTarget { columns, .. } => Some(target_hint(columns)),
        Error::UnusedOption { option, model } => Some(
            other_model_hint(option)
                .unwrap_or_else(|| format!("`--model {model}` has {}", list(&options_of(model)))),
        ),
        Error::Training(error) => training_hint(error),
        Error::Data(error) | Error::Inference(mlp_inference::Error::Data(error)) => {
            data_hint(error)
        }
        Error::Explanation(error) => explanation_hint(error),
        Error::BackendNotCompiledIn { backend, .. } => Some(format!(
            "build it in with `cargo run -p trainer --features {backend} -- … --backend {backend}`"
        )),
        Error::PlayNotCompiledIn => {
            Some("build it in with `cargo run -p trainer --features play -- play`".to_owned())
        }
        #[cfg(feature = "play")]
        Error::Play(mlp_playground::Error::Bind { .. }) => {
            Some("take another port with `--port N`, or any free one with `--port 0`".to_owned())
        }
        Error::Export(error) => export_hint(error),
        Error::ServeNotCompiledIn => {
            Some("build it in with `cargo run -p trainer --features serve -- serve RUN`".to_owned())
        }
        #[cfg(feature = "serve")]
        Error::Serve(error) => serve_hint(error),
        Error::Log(error) => log_hint(error),
        Error::NoBackend => Some("build with `--features flex`".to_owned()),
        Error::FailedTrainings { results, .. } => Some(format!(
            "`{}` has the reasons; the same command tries them again",
            results.display()
        )),
        Error::NotResults { .. } | Error::NotOfExplanation { .. } => {
            Some("choose another folder with `--output`".to_owned())
        }
        Error::BeingTrained { .. } => {
            Some("wait until it has ended, or train in another folder with `--output`".to_owned())
        }
        Error::DamagedLine { .. } => Some("correct or remove the line".to_owned()),
        Error::NothingToInspect { path } => Some(format!(
            "name the folder of a run (`trainer runs {}` lists those in it) or a table",
            path.display()
        )),
        Error::OtherTable { .. } | Error::OtherSchema { .. } => Some(OTHER_TABLE.to_owned()),
        Error::ForeignEntry { .. } => Some(FOREIGN.to_owned()),
        Error::TableGone { .. } => Some(MOVED.to_owned()),
        Error::OutputIsInput { .. } | Error::OutputIsOfRun { .. } => Some(OTHER.to_owned()),
        Error::RunExists { path } if State::of(path).is_some_and(State::can_go_on) => {
            Some(format!(
                "its training was stopped: `trainer train --resume {0}` goes on; or choose another \
                 folder with `--output`, or overwrite it with `--force`",
                path.display()
            ))
        }
        Error::NothingToResume { .. } => Some("train it further with more `--epochs`".to_owned()),
        Error::RunReplaced { .. } => Some("start the command again".to_owned()),
        Error::OtherOption { .. } => Some(
            "leave the option out; only `--epochs` and `--pretraining-epochs` may be raised"
                .to_owned(),
        ),
        Error::UnfinishedFolds { path } | Error::NothingTrained { path } => Some(format!(
            "`trainer train --resume {}` goes on",
            path.display()
        )),
        Error::NoRun { .. } => Some("`trainer runs` lists the runs in `runs`".to_owned()),
        Error::RunExists { .. } => Some(OVERWRITE.to_owned()),
        Error::Diverged { divergence, kept } => Some(diverged_hint(divergence, kept.as_ref())),
        Error::ChangedConfig { .. } => Some(CHANGED_CONFIG.to_owned()),
        Error::Inference(mlp_inference::Error::Changed { .. }) => Some(
            "put it back as it was; if the change is meant, remove the line with its `sha256`"
                .to_owned(),
        ),
        Error::ChangedSummary { .. } => {
            Some("put it back as it was, or train again; `predict` does not need it".to_owned())
        }
        Error::Options(_)
        | Error::InvalidOption { .. }
        | Error::OptionOfOtherData { .. }
        | Error::IncompleteConfig { .. }
        | Error::ConfigFile { .. }
        | Error::RunConfig { .. }
        | Error::NotARun { .. }
        | Error::OutputTaken { .. }
        | Error::IncompleteRun { .. }
        | Error::Summary { .. }
        | Error::NoRow { .. }
        | Error::Io { .. }
        | Error::Inference(_) => None,
        #[cfg(feature = "play")]
        Error::Play(_) => None,
    }
}

/// What to try after a divergence, and which model is kept.
fn diverged_hint(divergence: &Divergence, kept: Option<&(PathBuf, usize)>) -> String {
    let kept = match kept {
        Some((path, epoch)) => {
            format!("the model of epoch {epoch} is kept in `{}`", path.display())
        }
        None => "no epoch ended well, so nothing is kept".to_owned(),
    };
    format!("{}; {kept}", divergence_hint(divergence))
}

/// What to export instead.
fn export_hint(error: &mlp_export::Error) -> Option<String> {
    if let mlp_export::Error::Unsupported { instead, .. } = error {
        return Some((*instead).to_owned());
    }
    let is_mixed = matches!(error, mlp_export::Error::MemberKinds { .. });
    is_mixed.then(|| "export the members one by one".to_owned())
}

/// What to try after an error of the system that no command foresees.
#[cfg(unix)]
pub fn system_hint(error: &anyhow::Error) -> Option<String> {
    use rustix::io::Errno;

    let codes = error.chain().filter_map(|cause| {
        let cause: &std::io::Error = cause.downcast_ref()?;
        cause.raw_os_error()
    });
    for code in codes {
        if code == Errno::MFILE.raw_os_error() || code == Errno::NFILE.raw_os_error() {
            return Some("allow more open files with `ulimit -n 1024`".to_owned());
        }
        if code == Errno::AGAIN.raw_os_error() {
            return Some(MORE_THREADS.to_owned());
        }
    }
    None
}

/// What to try after an error of the system that no command foresees.
#[cfg(not(unix))]
pub fn system_hint(_error: &anyhow::Error) -> Option<String> {
    None
}

/// What to do if models cannot be served.
#[cfg(feature = "serve")]
fn serve_hint(error: &mlp_server::Error) -> Option<String> {
    use mlp_server::Error as Cause;

    #[allow(clippy::wildcard_enum_match_arm)] // The others say it all.
    match error {
        Cause::Bind { .. } => Some(
            "take another address with `--listen ADDRESS:PORT`, or any free port with `--listen 127.0.0.1:0`"
                .to_owned(),
        ),
        Cause::SameName { .. } | Cause::BadName { .. } => {
            Some("give the run a name, as in `trainer serve NAME=RUN`".to_owned())
        }
        Cause::BadToken { .. } => {
            Some("make one with `openssl rand -hex 32 > FILE`".to_owned())
        }
        _ => None,
    }
}

/// How to name a target, of some columns.
fn target_hint(columns: &[String]) -> String {
    const MOST: usize = 20;
    let names: Vec<_> = columns.iter().take(MOST).map(String::as_str).collect();
    let more = match columns.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "name it with `--target COLUMN`; the columns are `{}`{more}",
        names.join("`, `")
    )
}

/// The models that an option is for, if these are few or all find clusters.
fn other_model_hint(option: &str) -> Option<String> {
    const FEW: usize = 3;
    let with_option = |model: &&Model| Recipe::has_setting(**model, option);
    let models: Vec<&Model> = Model::VARIANTS.iter().filter(with_option).collect();
    let names: Vec<String> = models
        .iter()
        .map(|model| format!("`--model {model}`"))
        .collect();
    match names.as_slice() {
        [] => None,
        [name] => Some(format!("it is for {name}")),
        _ if models.iter().all(|model| model.is_clustering()) => Some(format!(
            "it is for `--task clustering` with {}",
            names.join(" or ")
        )),
        [first @ .., last] if names.len() <= FEW => {
            Some(format!("it is for {} and {last}", first.join(", ")))
        }
        _ => None,
    }
}

/// The options of the sections `[model]`, `[training]` and `[data]` that a model has.
fn options_of(model: &str) -> Vec<String> {
    let all = ModelOptions::augment_args(Command::new(""));
    let all = DataOptions::augment_args(TrainingOptions::augment_args(all));
    let names = all
        .get_arguments()
        .map(|argument| argument.get_id().as_str());
    let model: Option<Model> = model.parse().ok();
    let options = names.filter(|name| model.is_some_and(|model| Recipe::has_setting(model, name)));
    options
        .map(|name| format!("`--{}`", dashed(name)))
        .collect()
}

/// What to try after a divergence.
fn divergence_hint(divergence: &Divergence) -> String {
    match &divergence.cause {
        Some(cause) if cause.is_target => format!(
            "correct or leave out the rows with extreme values of `{}`",
            cause.name
        ),
        Some(cause) => format!(
            "correct the extreme values of `{0}`, or leave it out with `--drop {0}`",
            cause.name
        ),
        None => format!(
            "try `--learning-rate {}`, to which `--retry N` lowers it by itself, or `--clip-norm 1`",
            rounded(divergence.learning_rate / 10.0)
        ),
    }
}

/// A number with three significant digits.
pub(crate) fn rounded(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}

fn list(names: &[String]) -> String {
    match names {
        [] => "no options".to_owned(),
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.join(", "),
    }
}

/// What to try if settings do not fit the data.
fn training_hint(error: &mlp_training::Error) -> Option<String> {
    use mlp_training::Error as Cause;

    #[allow(clippy::wildcard_enum_match_arm)] // The others have nothing to try.
    match error {
        Cause::NoTarget => Some("name the column to predict with `--target COLUMN`".to_owned()),
        Cause::MetricOfOtherTask { task, .. } => {
            let metrics = Metric::VARIANTS
                .iter()
                .filter(|metric| metric.task() == *task);
            let names: Vec<_> = metrics.map(|metric| format!("`{metric}`")).collect();
            Some(format!("for {task} `--select` takes {}", names.join(", ")))
        }
        Cause::CannotSelect { metric, .. } => {
            let other = match metric.task() {
                Task::Classification => Metric::Accuracy,
                Task::Regression | Task::Clustering => Metric::Rmse,
            };
            Some(format!(
                "take another metric, such as `--select {other}`, or other validation rows"
            ))
        }
        Cause::ClassWeightsOfNumbers { .. } => {
            Some("`--weight COLUMN` takes the weight of each row from the table".to_owned())
        }
        Cause::LossNeedsClasses { .. } => {
            let losses = LossKind::VARIANTS
                .iter()
                .filter(|loss| !loss.needs_classes());
            let losses: Vec<_> = losses.map(|loss| format!("`{loss}`")).collect();
            Some(format!("for numbers `--loss` takes {}", list(&losses)))
        }
        Cause::DivergedFold(divergence) => Some(divergence_hint(divergence)),
        // That of the standard library, and that of a panic.
        Cause::Learner { reason }
            if reason.contains("spawn thread") || reason.contains("WouldBlock") =>
        {
            Some(MORE_THREADS.to_owned())
        }
        Cause::OtherData => Some("train on the table as it is now, without `--resume`".to_owned()),
        Cause::DamagedCheckpoint { .. } => {
            Some("remove the file, and this part of the training begins anew".to_owned())
        }
        Cause::TooFewDistinctRows { .. } => {
            Some("ask for fewer clusters with `--clusters`, or give more rows".to_owned())
        }
        _ => None,
    }
}
