//! What a user reads about a table and its columns, before anything is trained.

mod printed;

use mlp_datasets::{
    Column, ColumnKind, ColumnReport, ColumnSummary, Dataset, Partition, Relation, Role, SplitName,
    Target, ValueSummary, Values,
};
use serde::Serialize;

pub use printed::write_inspection;

/// The document that `inspect --json` prints.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Inspection {
    /// The name of the table.
    pub dataset: String,
    /// How many rows it has.
    pub rows: usize,
    /// How many more rows were left out because they have no target.
    pub rows_without_target: usize,
    /// How many rows the numbers below are of. Rows that are known to be for testing are not looked at.
    pub inspected_rows: usize,
    /// What is to be predicted, if a target was named.
    pub target: Option<InspectedTarget>,
    /// Its other columns, in the order of the file.
    pub columns: Vec<InspectedColumn>,
    /// What a training with default settings would warn of.
    pub warnings: Vec<String>,
}

/// What is to be predicted.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct InspectedTarget {
    /// The columns.
    pub names: Vec<String>,
    /// What is learned.
    pub task: mlp_datasets::Task,
    /// The values of each column.
    pub values: Vec<ColumnSummary>,
}

/// A column that is not to be predicted.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct InspectedColumn {
    /// Its name.
    pub name: String,
    /// As what it is read.
    pub kind: ColumnKind,
    /// `feature`, `weight`, `split` or `left out`.
    pub use_of_it: &'static str,
    /// Why it is left out, if it is.
    pub reason: Option<String>,
    /// The number of missing values.
    pub missing: usize,
    /// The number of different values, of a feature.
    pub distinct: Option<usize>,
    /// Which values there are, of a feature.
    pub values: Option<ValueSummary>,
    /// How strongly it alone is related to the target, from 0 to 1, if it varies.
    pub relation: Option<Relation>,
}

impl Inspection {
    /// Of a data set, with what a training would warn of.
    pub fn of(name: &str, dataset: &Dataset, warnings: Vec<String>) -> Self {
        let table = &dataset.table;
        let is_for_testing = |row: usize| match &dataset.partition {
            Partition::Official { test_start } => row >= *test_start,
            Partition::Given(parts) => parts[row] == SplitName::Test,
            Partition::Random
            | Partition::Whole
            | Partition::Groups(_)
            | Partition::Time { .. } => false,
        };
        let rows = (0..table.num_rows()).filter(|&row| !is_for_testing(row));
        let rows: Vec<usize> = rows.collect();
        let feature = |column: &Column, report: Option<&ColumnReport>| {
            let ColumnSummary {
                missing,
                distinct,
                values,
                ..
            } = ColumnSummary::of(&column.values, &rows);
            let target = table.target();
            InspectedColumn {
                name: column.name.clone(),
                kind: report.map_or(column.values.kind(), |report| report.kind),
                use_of_it: "feature",
                reason: None,
                missing,
                distinct: Some(distinct),
                values,
                relation: target.and_then(|target| Relation::of(&column.values, target, &rows)),
            }
        };
        let of_report = |report: &ColumnReport| match (report.role, table.column(&report.name)) {
            (Role::Target, _) => None,
            (_, Some(column)) => Some(feature(column, Some(report))),
            (role, None) => Some(InspectedColumn {
                name: report.name.clone(),
                kind: report.kind,
                use_of_it: match role {
                    Role::Weight => "weight",
                    Role::Split => "split",
                    Role::Feature | Role::Target => "left out",
                },
                reason: report.dropped.map(|reason| reason.to_string()),
                missing: report.missing,
                distinct: report.categories,
                values: None,
                relation: None,
            }),
        };
        let columns = if dataset.columns.is_empty() {
            let columns = table.columns().iter();
            columns.map(|column| feature(column, None)).collect()
        } else {
            dataset.columns.iter().filter_map(of_report).collect()
        };
        Self {
            dataset: name.to_owned(),
            rows: table.num_rows(),
            rows_without_target: dataset.rows_without_target,
            inspected_rows: rows.len(),
            target: table
                .target()
                .map(|target| InspectedTarget::of(target, &rows)),
            columns,
            warnings,
        }
    }
}

impl InspectedTarget {
    fn of(target: &Target, rows: &[usize]) -> Self {
        let values = match target {
            Target::Classes {
                labels, classes, ..
            } => {
                let codes = labels.iter().map(|&label| u32::try_from(label));
                vec![Values::Categories {
                    codes: codes
                        .map(|code| code.unwrap_or(Values::MISSING_CODE))
                        .collect(),
                    names: classes.clone(),
                }]
            }
            Target::Numbers { names, values } => (0..names.len())
                .map(|index| {
                    let numbers = values.iter().skip(index).step_by(names.len());
                    Values::Numbers(numbers.copied().collect())
                })
                .collect(),
        };
        Self {
            names: target.names().to_vec(),
            task: target.task(),
            values: values
                .iter()
                .map(|values| ColumnSummary::of(values, rows))
                .collect(),
        }
    }
}
