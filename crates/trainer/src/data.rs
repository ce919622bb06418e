use std::path::Path;

use mlp_datasets::{
    BuiltIn, Chunks, Dataset, LoadOptions, ReadOptions, Schema, Source, Task, read_dataset,
};

use crate::{Error, TableOptions};

/// How alike two names must be, from 0 to 1, for one to be taken for a slip of the other.
const SIMILAR: f64 = 0.75;

/// Loads the built-in data set of a name, or reads a table of one's own, of which a column must be
/// named to predict if a target is needed.
///
/// # Errors
///
/// If it is neither the one nor the other, or cannot be read or learned from.
pub fn load_dataset(
    name: &str,
    options: &LoadOptions,
    table: &TableOptions,
    needs_target: bool,
) -> Result<Dataset, Error> {
    if let Some(built_in) = built_in(name) {
        let asks_for_groups = table.task == Some(Task::Clustering);
        let given = TableOptions {
            task: table.task.filter(|_| !asks_for_groups),
            ..table.clone()
        };
        if let Some(option) = given.first_given() {
            return Err(Error::Mismatch {
                what: format!("`--{option}` is for a table of one's own, and `{name}` is built in"),
                hint: format!("a file of that name is `./{name}`"),
            });
        }
        return Ok(built_in.load(options)?);
    }
    let source = source(name)?;
    if table.target.is_empty() && needs_target {
        let chunks = Chunks::open(&source, &Schema::default(), &table.dialect())?;
        return Err(Error::NoTarget {
            name: name.to_owned(),
            columns: chunks.header().to_vec(),
        });
    }
    Ok(read_dataset(&source, &table.read_options()?)?)
}

/// Reads a table to judge a model on it.
///
/// # Errors
///
/// If it cannot be read, or lacks a column that the model needs.
pub fn load_to_judge(
    name: &str,
    options: &LoadOptions,
    read: &ReadOptions,
) -> Result<Dataset, Error> {
    match built_in(name) {
        Some(built_in) => Ok(built_in.load(options)?),
        None => Ok(read_dataset(&source(name)?, read)?),
    }
}

/// The built-in data set of a name.
pub fn built_in(name: &str) -> Option<BuiltIn> {
    name.parse().ok()
}

/// The files of a name, if it can be one.
fn source(name: &str) -> Result<Source, Error> {
    let is_file =
        name == "-" || name.contains(['.', '/', '\\', '*', '?']) || Path::new(name).exists();
    if !is_file {
        return Err(Error::UnknownDataset {
            name: name.to_owned(),
            nearest: nearest(name, BuiltIn::ALL.iter().map(|set| set.name())),
        });
    }
    Ok(Source::new(name)?)
}

/// The name that another one is most likely a slip of, if any is like it.
pub(crate) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|other| {
            (
                strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase()),
                other,
            )
        })
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest_one() {
        let nearest = |name| nearest(name, BuiltIn::ALL.iter().map(|set| set.name()));
        assert_eq!(nearest("irsi"), Some("iris"));
        assert_eq!(nearest("minst"), Some("mnist"));
        assert_eq!(nearest("passengers_of_a_ship"), None);
    }
}
