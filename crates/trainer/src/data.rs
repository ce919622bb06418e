use std::io::{ErrorKind, Write};
use std::path::Path;

use mlp_datasets::{
    BuiltIn, Chunks, Dataset, LoadOptions, ReadOptions, Schema, Source, Task, read_dataset,
};

use strum::VariantArray;

use crate::Error;
use crate::TrainingConfig;
use crate::escaped::stderr;
use crate::option_name::dashed;
use crate::options::{Options, TableOptions, first_key};
use mlp_datasets::nearest;

/// Loads the built-in data set of a name, or reads a table from a file, whose target the options
/// must name if one is needed. Names that were divided at a comma which belongs to a column are joined again.
///
/// # Errors
///
/// If it is neither a built-in data set nor a file, or cannot be read or learned from.
pub fn load_dataset(
    name: &str,
    options: &LoadOptions,
    table: &mut TableOptions,
    needs_target: bool,
) -> Result<Dataset, Error> {
    if let Some(built_in) = built_in(name) {
        check_options(name, table)?;
        let dataset = built_in.load(options)?;
        return Ok(dataset.without_columns(&table.drop)?);
    }
    if name == "-" && table.split.test.as_deref() == Some("-") {
        return Err(Error::Mismatch {
            what: "standard input cannot be both the table and its test rows".to_owned(),
            hint: "put the rows for testing into a file".to_owned(),
        });
    }
    // It may be read twice.
    let source = source(name, table.sheet.as_deref())?.into_rereadable()?;
    if table.target.is_empty() && needs_target {
        let schema = Schema {
            dialect: table.dialect(),
            ..Schema::default()
        };
        let chunks = Chunks::open(&source, &schema)?;
        return Err(Error::NoTarget {
            name: name.to_owned(),
            columns: chunks.header().to_vec(),
        });
    }
    match read_dataset(&source, &table.read_options()?) {
        Err(mlp_datasets::Error::MissingColumn { found, .. }) if table.rejoin(&found) => {
            Ok(read_dataset(&source, &table.read_options()?)?)
        }
        read => Ok(read?),
    }
}

/// Checks that a built-in data set is given no option of your own table, before it is loaded. Columns can be left out
/// of any table, and rows of any table can be grouped.
///
/// # Errors
///
/// If it is.
pub fn check_options(name: &str, table: &TableOptions) -> Result<(), Error> {
    if built_in(name).is_none() {
        return Ok(());
    }
    let clustering = table.task == Some(Task::Clustering);
    let given = TableOptions {
        task: table.task.filter(|_| !clustering),
        drop: Vec::new(),
        ..table.clone()
    };
    let mut option = first_key(&given)?;
    if option.as_deref() == Some("split") {
        option = first_key(&given.split)?;
    }
    match option {
        None => Ok(()),
        Some(option) => Err(Error::Mismatch {
            what: format!(
                "`--{}` is for your own table, but `{name}` is built in",
                dashed(&option)
            ),
            hint: format!("for a file of that name write `./{name}`"),
        }),
    }
}

/// Reads the data set that a run was trained on, as it was read then, for a run that is not complete. As in
/// [`load_named_by_run`], the file is named first, and nothing is shown of one that is no such table.
///
/// # Errors
///
/// If it cannot be read as in training.
pub fn load_training_named_by_run(config: &TrainingConfig) -> Result<Dataset, Error> {
    let name = config.dataset();
    let (mut options, mut table) = (config.load_options(), config.table().clone());
    options.download = false;
    let read = read_options_named_by_run(&table)?;
    announce(name, table.sheet.as_deref(), &options, &read)?;
    load_dataset(name, &options, &mut table, false).map_err(|error| {
        if is_told(&error, name) {
            return error;
        }
        Error::OtherTable {
            name: name.to_owned(),
        }
    })
}

/// Reads the data set of a run whose training goes on. As in [`load_named_by_run`], files are named first unless
/// the user gave them, and nothing is shown of one without any column that the run names.
///
/// # Errors
///
/// As [`load_dataset`], and if it is no regular file, or gone.
pub fn load_resumed(
    name: &str,
    options: &LoadOptions,
    table: &mut TableOptions,
    needs_target: bool,
    given: &Options,
) -> Result<Dataset, Error> {
    let mut read = read_options_named_by_run(table)?;
    if given.table.split.test.is_some() {
        read.test = None;
    }
    if given.dataset.is_some() {
        announce_test(&read)?;
        return load_dataset(name, options, table, needs_target);
    }
    if name == "-" && read.test.is_none() {
        let _ = writeln!(
            stderr(),
            "reading standard input, as the run was trained on it"
        );
        return load_dataset(name, options, table, needs_target);
    }
    announce(name, table.sheet.as_deref(), options, &read)?;
    let known = known_columns(&read);
    load_dataset(name, options, table, needs_target).map_err(|error| {
        let has_known = || {
            let schema = Schema {
                dialect: read.dialect.clone(),
                ..Schema::default()
            };
            let chunks = source(name, table.sheet.as_deref())
                .and_then(|source| Ok(Chunks::open(&source, &schema)?));
            chunks.is_ok_and(|chunks| chunks.header().iter().any(|name| known.contains(name)))
        };
        if is_gone(&error, name) {
            return Error::TableGone {
                name: name.to_owned(),
            };
        }
        if is_told(&error, name) || has_known() {
            return error;
        }
        Error::OtherTable {
            name: name.to_owned(),
        }
    })
}

/// Whether an error says that the table of a run is not where it was.
fn is_gone(error: &Error, name: &str) -> bool {
    let Error::Data(mlp_datasets::Error::Io { source, .. }) = error else {
        return false;
    };
    source.kind() == ErrorKind::NotFound && built_in(name).is_none() && !Path::new(name).exists()
}

/// Whether an error shows nothing that is in a file.
fn is_told(error: &Error, name: &str) -> bool {
    matches!(error, Error::Data(mlp_datasets::Error::Io { .. })) || built_in(name).is_some()
}

/// The names of the columns that a run names.
fn known_columns(read: &ReadOptions) -> Vec<String> {
    let ReadOptions {
        target,
        weight,
        split,
        group,
        time,
        kinds,
        ..
    } = read;
    let roles = [weight, split, group, time].into_iter().flatten();
    let names = target.iter().chain(roles).chain(kinds.keys());
    names.cloned().collect()
}

/// How the table of a run is read. The file of kinds that the run may name is named first, and nothing is shown of
/// it.
fn read_options_named_by_run(table: &TableOptions) -> Result<ReadOptions, Error> {
    let Some(path) = &table.schema_file else {
        return table.read_options();
    };
    let _ = writeln!(
        stderr(),
        "reading `{}`, which the run names",
        path.display()
    );
    let other = || Error::OtherSchema { path: path.clone() };
    if path.exists() && !path.is_file() {
        return Err(other());
    }
    table.read_options().map_err(|error| {
        if matches!(error, Error::ConfigFile { .. }) {
            return other();
        }
        error
    })
}

/// Says which file a run names before it is opened.
///
/// # Errors
///
/// If it is no regular file.
fn announce(
    name: &str,
    sheet: Option<&str>,
    options: &LoadOptions,
    read: &ReadOptions,
) -> Result<(), Error> {
    if built_in(name).is_some() {
        if let Some(folder) = &options.data_dir {
            let _ = writeln!(
                stderr(),
                "reading `{}`, which the run names",
                folder.display()
            );
        }
        return Ok(());
    }
    let _ = writeln!(stderr(), "reading `{name}`, which the run names");
    let other = || Error::OtherTable {
        name: name.to_owned(),
    };
    if name == "-" {
        return Err(other());
    }
    let paths = source(name, sheet)?.paths();
    if paths.iter().any(|path| is_irregular(path)) {
        return Err(other());
    }
    announce_test(read)
}

/// Says which files of test rows a run names before they are opened.
///
/// # Errors
///
/// If one is no regular file.
pub fn announce_test(read: &ReadOptions) -> Result<(), Error> {
    for path in read.test.iter().flat_map(Source::paths) {
        let name = path.display().to_string();
        let _ = writeln!(stderr(), "reading `{name}`, which the run names");
        if is_irregular(&path) {
            return Err(Error::OtherTable { name });
        }
    }
    Ok(())
}

/// Whether there is something that is no regular file, such as a pipe.
fn is_irregular(path: &Path) -> bool {
    path.exists() && !path.is_file()
}

/// Reads a table to evaluate a model on it.
///
/// # Errors
///
/// If it cannot be read, or lacks a column that the model needs.
pub fn load_to_evaluate(
    name: &str,
    sheet: Option<&str>,
    options: &LoadOptions,
    read: &ReadOptions,
) -> Result<Dataset, Error> {
    match built_in(name) {
        Some(built_in) => Ok(built_in.load(options)?),
        None => Ok(read_dataset(&source(name, sheet)?, read)?),
    }
}

/// The same for a table that a run names and not the user, to whom the file is named first. The run may be that
/// of a stranger, so only regular files are read, and nothing is shown of one that is no such table.
///
/// # Errors
///
/// As [`load_to_evaluate`], and if it is no regular file, or gone.
pub fn load_named_by_run(
    name: &str,
    sheet: Option<&str>,
    options: &LoadOptions,
    read: &ReadOptions,
) -> Result<Dataset, Error> {
    announce(name, sheet, options, read)?;
    let known = read.model.as_ref();
    let is_known = |column: &String| {
        let mut columns = known.iter().flat_map(|schema| &schema.columns);
        columns.any(|known| known.name == *column)
    };
    match load_to_evaluate(name, sheet, options, read) {
        Err(Error::Data(
            mlp_datasets::Error::MissingColumn { found, .. }
            | mlp_datasets::Error::MissingFeature { found, .. },
        )) if !found.iter().any(is_known) => Err(Error::OtherTable {
            name: name.to_owned(),
        }),
        Err(error) if is_gone(&error, name) => Err(Error::TableGone {
            name: name.to_owned(),
        }),
        loaded => loaded,
    }
}

/// The built-in data set of a name.
pub fn built_in(name: &str) -> Option<BuiltIn> {
    name.parse().ok()
}

/// The files of a name, if it can be one, with the sheet to read from workbooks.
pub fn source(name: &str, sheet: Option<&str>) -> Result<Source, Error> {
    let is_file =
        name == "-" || name.contains(['.', '/', '\\', '*', '?']) || Path::new(name).exists();
    if !is_file {
        return Err(Error::UnknownDataset {
            name: name.to_owned(),
            nearest: nearest(name, BuiltIn::VARIANTS.iter().map(|set| set.name())),
        });
    }
    let source = Source::new(name)?;
    Ok(match sheet {
        Some(sheet) => source.with_sheet(sheet),
        None => source,
    })
}
