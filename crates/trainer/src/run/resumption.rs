use std::fs;
use std::path::{Path, PathBuf};

use mlp_inference::whole_file;
use mlp_training::RAISABLE_SETTINGS;
use serde_json::{Map, Value};

use super::files;
use super::state::{State, has_checkpoint};
use super::written;
use crate::config::TrainingConfig;
use crate::options::{Options, set};
use crate::{Error, built_in};

/// What says where data comes from, and not what it is.
const PLACES: [&str; 3] = ["data_dir", "download", "mirror"];
/// What names a table. One may be elsewhere now: that it is the same is known from its rows.
const TABLES: [&str; 2] = ["dataset", "test"];

/// The options of a run whose training goes on, with the number of epochs that is asked for.
///
/// # Errors
///
/// If an option is given that differs from that of the run, the run cannot be read, or there is a link in the place of
/// something that a training writes.
pub fn resumed_options(run: &Path, given: &Options) -> Result<Options, Error> {
    written::check(run)?;
    let Some(state) = State::of(run) else {
        return Err(Error::NoRun {
            path: run.to_owned(),
        });
    };
    let of_run: Options = files::load_config(run)?;
    let options = given.or(&of_run)?;
    let (now, then) = (set(&options)?, set(&of_run)?);
    let mut is_raised = false;
    if let Some(Difference { option, now, then }) = difference(&now, &then, &mut is_raised) {
        return Err(Error::OtherOption {
            option,
            now: shown(&now),
            then: shown(&then),
        });
    }
    let is_complete = match state {
        State::Complete => true,
        State::ModelOnly => !has_checkpoint(run),
        State::Stopped | State::Training | State::Unfinished => false,
    };
    if is_complete && !is_raised {
        return Err(Error::NothingToResume {
            path: run.to_owned(),
        });
    }
    Ok(options)
}

/// Whether the run in a folder is one that is continued in another folder.
pub fn is_continued_in(run: &Path, folder: &Path) -> bool {
    let options = |folder: &Path| {
        let options: Options = files::load_config(folder).ok()?;
        set(&options).ok()
    };
    match (options(folder), options(run)) {
        (Some(now), Some(then)) => difference(&now, &then, &mut false).is_none(),
        _ => false,
    }
}

/// The folders in a folder of runs.
pub fn all_runs(runs: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(runs).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The first of some folders that has a run with the same configuration whose training can go on.
pub fn same_training(
    folders: impl IntoIterator<Item = PathBuf>,
    config: &TrainingConfig,
) -> Option<PathBuf> {
    let text = config.to_toml().ok()?;
    let is_same = |path: &PathBuf| {
        State::of(path).is_some_and(State::can_go_on)
            && whole_file::read(&path.join(files::CONFIG_FILE))
                .is_ok_and(|found| found == text.as_bytes())
    };
    folders.into_iter().find(is_same)
}

/// An option with two values.
struct Difference {
    option: String,
    now: Value,
    then: Value,
}

/// The first option that differs and may not, and whether there are more epochs.
fn difference(
    now: &Map<String, Value>,
    then: &Map<String, Value>,
    is_raised: &mut bool,
) -> Option<Difference> {
    for name in now.keys().chain(then.keys()) {
        let [new, old] = [now, then].map(|all| all.get(name).unwrap_or(&Value::Null));
        if let (Value::Object(new), Value::Object(old)) = (new, old) {
            if let Some(found) = difference(new, old, is_raised) {
                return Some(found);
            }
            continue;
        }
        let is_place = PLACES.contains(&name.as_str())
            || TABLES.contains(&name.as_str()) && is_file(new) && is_file(old);
        if new == old || is_place {
            continue;
        }
        if RAISABLE_SETTINGS.contains(&name.as_str()) && new.as_u64() > old.as_u64() {
            *is_raised = true;
            continue;
        }
        // Of a whole section, name the first option.
        if let (Value::Object(section), Value::Null) = (new, old) {
            return difference(section, &Map::new(), is_raised);
        }
        return Some(Difference {
            option: name.clone(),
            now: new.clone(),
            then: old.clone(),
        });
    }
    None
}

/// Whether a value names a table that is not built in.
fn is_file(table: &Value) -> bool {
    table.as_str().is_some_and(|name| built_in(name).is_none())
}

/// A value as one reads it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => format!("`{text}`"),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            format!("`{value}`")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::state::LOCK_TEXT;

    /// The message if a run has such a configuration, and such options are given.
    fn message(of_run: &str, given: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path();
        fs::write(run.join("config.toml"), of_run).unwrap();
        fs::write(run.join("lock"), LOCK_TEXT).unwrap();
        let given: Options = toml::from_str(given).unwrap();
        resumed_options(run, &given)
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn only_epochs_may_be_raised() {
        let run = "dataset = 'iris'\nseed = 3\n[training]\nepochs = 10\nlearning_rate = 0.1";
        assert_eq!(message(run, ""), None);
        assert_eq!(message(run, "dataset = 'iris'\nseed = 3"), None);
        assert_eq!(message(run, "[training]\nepochs = 11"), None);
        assert_eq!(message(run, "data_dir = 'elsewhere'"), None);
        for (given, expected) in [
            (
                "[training]\nepochs = 9",
                "`--epochs` is `9`, but the run has `10`",
            ),
            (
                "[training]\nlearning_rate = 0.2",
                "`--learning-rate` is `0.2`, but the run has `0.1`",
            ),
            (
                "dataset = 'wine'",
                "the data set is `wine`, but the run has `iris`",
            ),
            (
                "[table]\ntarget = ['y']",
                "`--target` is `[\"y\"]`, but the run has none",
            ),
        ] {
            assert_eq!(message(run, given).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_table_may_have_moved_but_not_become_another_kind_of_data() {
        let run = "dataset = 'a.csv'\n[table.split]\ntest = 'b.csv'";
        assert_eq!(message(run, "dataset = 'old/a.csv'"), None);
        assert_eq!(message(run, "[table.split]\ntest = 'old/b.csv'"), None);
        assert_eq!(
            message(run, "dataset = 'iris'").as_deref(),
            Some("the data set is `iris`, but the run has `a.csv`")
        );
        assert_eq!(
            message("dataset = 'a.csv'", "[table.split]\ntest = 'b.csv'").as_deref(),
            Some("`--test` is `b.csv`, but the run has none")
        );
    }

    #[test]
    fn a_complete_run_goes_on_only_with_more_epochs() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path();
        fs::write(run.join("config.toml"), "[training]\nepochs = 10").unwrap();
        fs::write(run.join("summary.json"), "{}").unwrap();
        let mut given = Options::default();
        let error = resumed_options(run, &given).unwrap_err();
        assert!(matches!(error, Error::NothingToResume { .. }), "{error}");
        given.training.epochs = Some(12);
        let options = resumed_options(run, &given).unwrap();
        assert_eq!(options.training.epochs, Some(12));
    }
}
