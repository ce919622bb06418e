//! What to try after an error.

use clap::{Args, Command};
use mlp_datasets::Task;
use mlp_inference::Metric;
use mlp_models::loss::LossKind;
use mlp_training::{Model, Recipe};
use strum::VariantArray;

use crate::Error;
use crate::error::dashed;
use crate::nearest::nearest;
use crate::options::{DataOptions, ModelOptions, TrainingOptions};

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
        Error::NoTarget { columns, .. } => {
            const MOST: usize = 20;
            let names: Vec<_> = columns.iter().take(MOST).map(String::as_str).collect();
            let more = match columns.len().saturating_sub(MOST) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            Some(format!(
                "name it with `--target COLUMN`; the columns are `{}`{more}",
                names.join("`, `")
            ))
        }
        Error::UnusedOption { model, .. } => Some(format!(
            "`--model {model}` has {}",
            list(&options_of(model))
        )),
        Error::Training(error) => training_hint(error),
        Error::Data(error) | Error::Inference(mlp_inference::Error::Data(error)) => {
            data_hint(error)
        }
        Error::BackendNotCompiledIn { backend, .. } => Some(format!(
            "build it in with `cargo run -p trainer --features {backend} -- … --backend {backend}`"
        )),
        Error::NoBackend => Some("build with `--features flex`".to_owned()),
        Error::RunExists { .. } => {
            Some("choose another folder with `--output`, or overwrite it with `--force`".to_owned())
        }
        Error::Diverged {
            learning_rate,
            kept,
            ..
        } => {
            let smaller = rounded(learning_rate / 10.0);
            let kept = match kept {
                Some((path, epoch)) => {
                    format!("the model of epoch {epoch} is kept in `{}`", path.display())
                }
                None => "no epoch ended well, so nothing is kept".to_owned(),
            };
            Some(format!(
                "try `--learning-rate {smaller}` or `--clip-norm 1`; {kept}"
            ))
        }
        Error::Options(_)
        | Error::InvalidOption { .. }
        | Error::OptionOfOtherData { .. }
        | Error::IncompleteConfig { .. }
        | Error::ConfigFile { .. }
        | Error::NotARun { .. }
        | Error::IncompleteRun { .. }
        | Error::Summary { .. }
        | Error::Io { .. }
        | Error::Inference(_) => None,
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

/// A number with three significant digits.
fn rounded(number: f64) -> f64 {
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
        Cause::DivergedFold { learning_rate, .. } => Some(format!(
            "try `--learning-rate {}` or `--clip-norm 1`",
            rounded(learning_rate / 10.0)
        )),
        Cause::TooFewDistinctRows { .. } => {
            Some("ask for fewer clusters with `--clusters`, or give more rows".to_owned())
        }
        _ => None,
    }
}

/// A text, or the beginning of a long one.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    let more = if text.chars().count() > MOST {
        "…"
    } else {
        ""
    };
    text.chars().take(MOST).collect::<String>() + more
}

/// What to try if a table cannot be read or learned from.
fn data_hint(error: &mlp_datasets::Error) -> Option<String> {
    use mlp_datasets::Error as Data;

    #[allow(clippy::wildcard_enum_match_arm)] // The others have nothing to try.
    match error {
        Data::MissingColumn { sheets, .. } if sheets.len() > 1 => {
            Some("name the sheet to read with `--sheet`".to_owned())
        }
        Data::UndividedSheet { .. } => Some(
            "save the sheet as CSV, or divide its column with \"Text to Columns\"".to_owned(),
        ),
        Data::FormulasWithoutValues { .. } => Some(
            "open it in Excel or LibreOffice and save it, so that values are stored".to_owned(),
        ),
        Data::MissingColumn { found, .. }
            if found.iter().zip(1..).all(|(name, number)| *name == format!("column_{number}")) =>
        {
            Some(
                "the first row was not taken for names; if it is, add `--header true`, or \
                 `--skip-lines N` if lines precede it"
                    .to_owned(),
            )
        }
        Data::MissingColumn { found, .. } if found.len() == 1 => Some(format!(
            "the only column is `{}`; `--delimiter` sets what is between cells, and `--skip-lines N` \
             skips lines before the names",
            shortened(&found[0])
        )),
        Data::MissingColumn { column, found, .. } => {
            let nearest = nearest(column, found.iter().map(String::as_str))?;
            Some(format!("did you mean `{nearest}`?"))
        }
        Data::BadCell { column, value, .. } if value.len() < 40 => Some(format!(
            "if `{value}` means \"missing\", add `--missing '{column}={value}'`; otherwise write it like the \
             other values"
        )),
        Data::Ambiguous { option, .. } => Some(match *option {
            "decimal" => "say which with `--decimal ,` or `--decimal .`".to_owned(),
            _ => "say which with `--dates dmy` or `--dates mdy`".to_owned(),
        }),
        Data::NothingVaries { .. } => {
            Some("`--min-category-count 1` learns categories that are in few rows".to_owned())
        }
        Data::RaggedRow { .. } => Some(
            "a cell that contains the delimiter needs quotes; `--delimiter`, `--quote` and `--escape` \
             change what divides cells, and `--skip-lines N` skips lines before the names"
                .to_owned(),
        ),
        Data::NotUtf8 { text, .. } => Some(format!(
            "with `--encoding windows-1252` it reads `{}`; if that is wrong, name another encoding",
            shortened(text)
        )),
        Data::UnknownCategories { .. } => Some(
            "write them as in training, or add `--allow-unknown` if they are new".to_owned(),
        ),
        Data::NotInEncoding { .. } => {
            Some("name the encoding in which the file was saved with `--encoding`".to_owned())
        }
        Data::ZeroByte { .. } => Some(
            "get another copy of the file; `tr -d '\\000'` removes such bytes".to_owned(),
        ),
        Data::OpenQuote { .. } => Some(
            "close it, or double it if it is part of the text; `--quote none` takes all quotes as text"
                .to_owned(),
        ),
        Data::NotATable { instead, .. } => Some((*instead).to_owned()),
        Data::Remote { .. } => Some("download the file first, and name the copy".to_owned()),
        Data::UnsupportedFormat { .. } => {
            Some("convert it to CSV, Parquet, JSON lines or a workbook".to_owned())
        }
        Data::Encrypted { .. } => Some("save a copy without a password".to_owned()),
        Data::MissingSheet { .. } => {
            Some("name one of them with `--sheet`, or give its number from 1".to_owned())
        }
        Data::NoSheets { .. } => Some("leave out `--sheet`".to_owned()),
        Data::BadJson { .. } => Some(
            "JSON needs an object for each row, one after the other or in an array; pandas writes it with \
             `to_json(orient=\"records\")`"
                .to_owned(),
        ),
        Data::DuplicateColumn { .. } => Some("rename one of them in the file".to_owned()),
        Data::BadTarget {
            column,
            missing_text: Some(text),
            ..
        } => Some(format!(
            "if `{text}` is a class, add `--present '{column}={text}'`"
        )),
        Data::BadTarget {
            non_numeric: Some(value),
            ..
        } => Some(format!(
            "if `{value}` means \"missing\", add `--missing '{value}'`"
        )),
        Data::BadTarget { .. } => {
            Some("name another column with `--target`, or see `--schema` and `--task`".to_owned())
        }
        Data::NoFeatures { .. } => {
            Some("`--numeric` and `--categorical` keep columns that were left out".to_owned())
        }
        Data::UnknownClass { .. } => {
            Some("the model can only be evaluated on classes that it was trained on".to_owned())
        }
        Data::NoDataDir { can_download, .. } => Some(if *can_download {
            "name their folder with `--data-dir DIR`, or fetch them with `--download`".to_owned()
        } else {
            "name their folder with `--data-dir DIR`".to_owned()
        }),
        Data::DownloadNotCompiledIn => {
            Some("build the program with `--features download`".to_owned())
        }
        _ => None,
    }
}
