//! A table of any kinds of columns, written in any of the ways that tables are written, reads back equal.

mod layout;
mod style;
mod table;
mod text;
mod typed;
mod workbook;

use std::collections::BTreeMap;

use mlp_datasets::{
    Column, ColumnKind, Dialect, Error, ReadOptions, Schema, SchemaColumn, Source, Values,
    read_dataset, read_table,
};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use layout::Layout;
use table::Table;

const NUM_TABLES: u32 = 500;

#[test]
fn any_table_in_any_format_reads_back_equal() {
    // The same tables each time; `PROPTEST_RNG_SEED` tries others, and `PROPTEST_CASES` more of them.
    let defaults = Config::default();
    let config = Config {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() {
            defaults.cases
        } else {
            NUM_TABLES
        },
        max_shrink_iters: 2_000,
        rng_seed: match defaults.rng_seed {
            RngSeed::Random => RngSeed::Fixed(15),
            fixed @ RngSeed::Fixed(_) => fixed,
        },
        failure_persistence: None,
        ..defaults
    };
    TestRunner::new(config)
        .run(&(table::tables(), layout::layouts()), |(table, layout)| {
            check_text(&table, &layout)?;
            for (name, bytes) in [
                ("table.jsonl", typed::json_lines(&table)),
                ("table.json", typed::json(&table)),
                ("table.parquet", typed::parquet(&table)),
                ("table.arrow", typed::arrow(&table)),
                ("table.xlsx", workbook::xlsx(&table)),
            ] {
                let source = Source::from_bytes(name, bytes);
                let expected = table.columns(false);
                check(name, &source, &Dialect::default(), expected)?;
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Checks the table as a text file.
fn check_text(table: &Table, layout: &Layout) -> Result<(), TestCaseError> {
    let written = text::write(table, layout);
    let shown = written.shown();
    let source = Source::from_bytes("table.csv", written.bytes);
    let expected = table.columns(!written.has_header);
    let checked = check(&shown, &source, &written.dialect, expected.clone());
    match checked {
        Err(TestCaseError::Fail(reason)) if is_ambiguous(&source, &written.dialect) => {
            // What can be read in two ways is asked for.
            let dialect = Dialect {
                decimal: Some(table.locale.decimal),
                dates: Some(table.locale.order.format()),
                ..written.dialect
            };
            let checked = check(&shown, &source, &dialect, expected);
            checked.map_err(|error| {
                TestCaseError::fail(format!("{error}; without the options: {reason}"))
            })
        }
        checked => checked,
    }
}

/// Whether a column can be read in two ways, which is an error or is reported.
fn is_ambiguous(source: &Source, dialect: &Dialect) -> bool {
    let options = ReadOptions {
        dialect: dialect.clone(),
        ..ReadOptions::default()
    };
    match read_dataset(source, &options) {
        Ok(dataset) => dataset.columns.iter().any(|report| report.doubt.is_some()),
        Err(error) => matches!(error, Error::Ambiguous { .. }),
    }
}

/// Checks the kinds that are inferred, and the values that are read by them.
fn check(
    shown: &str,
    source: &Source,
    dialect: &Dialect,
    expected: Vec<(String, ColumnKind, Values)>,
) -> Result<(), TestCaseError> {
    let fail = |reason: String| TestCaseError::fail(format!("{reason}\n{shown}"));
    let options = ReadOptions {
        dialect: dialect.clone(),
        ..ReadOptions::default()
    };
    let dataset = match read_dataset(source, &options) {
        Ok(dataset) => dataset,
        // Nothing is left to learn from, which is said of each column.
        Err(Error::NoFeatures { .. }) => return Ok(()),
        Err(error) => return Err(fail(error.to_string())),
    };
    let found: Vec<(&str, ColumnKind)> = dataset
        .columns
        .iter()
        .map(|report| (report.name.as_str(), report.kind))
        .collect();
    let kinds: Vec<(&str, ColumnKind)> = expected
        .iter()
        .map(|(name, kind, _)| (name.as_str(), *kind))
        .collect();
    if found != kinds {
        return Err(fail(format!("the columns are {found:?}, not {kinds:?}")));
    }
    let schema = Schema {
        columns: expected
            .iter()
            .map(|(name, kind, _)| SchemaColumn {
                name: name.clone(),
                kind: *kind,
            })
            .collect(),
        dialect: dataset.dialect.clone(),
    };
    let again = read_table(source, &schema).map_err(|error| fail(error.to_string()))?;
    let values: BTreeMap<&String, &Values> = expected
        .iter()
        .map(|(name, _, values)| (name, values))
        .collect();
    for Column {
        name,
        values: found,
    } in dataset.table.columns().iter().chain(again.columns())
    {
        let expected = values[name];
        if !same(found, expected) {
            return Err(fail(format!("`{name}` is {found:?}, not {expected:?}")));
        }
    }
    Ok(())
}

/// Whether values are the same, where missing numbers are equal, and names may be in any order.
fn same(one: &Values, other: &Values) -> bool {
    match (one, other) {
        (Values::Numbers(one), Values::Numbers(other)) => {
            let is_same =
                |(one, other): (&f64, &f64)| one == other || one.is_nan() && other.is_nan();
            one.len() == other.len() && one.iter().zip(other).all(is_same)
        }
        (Values::Dates(one), Values::Dates(other)) => one == other,
        (Values::Categories { .. }, Values::Categories { .. }) => texts(one) == texts(other),
        (Values::Numbers(_) | Values::Dates(_) | Values::Categories { .. }, _) => false,
    }
}

fn texts(values: &Values) -> Vec<Option<&String>> {
    let Values::Categories { codes, names } = values else {
        return Vec::new();
    };
    codes.iter().map(|&code| names.get(code as usize)).collect()
}
