use std::fmt::Write;

use mlp_datasets::{
    ColumnKind, ColumnReport, ColumnSummary, DropReason, Partition, Role, SplitName, Target,
    ValueSummary, Values,
};
use mlp_explanations::sampled;
use mlp_report::{Block, Cells, Section, Table, count, number, percent, shortened};

use super::{FEWEST_ROWS_SHOWN, JudgedRows, Subject};
use crate::summary::Summary;

/// How many columns are described.
const MOST_COLUMNS: usize = 60;
/// How many classes are counted.
const MOST_CLASSES: usize = 40;
/// How many rows the values of a column are described by.
const MOST_ROWS: usize = 100_000;

/// The rows, the columns with their kinds and missing values, and what was left out.
pub fn section(subject: &Subject<'_>) -> Section {
    let dataset = subject.dataset;
    let table = &dataset.table;
    let mut section = Section::new("data", "Data").with_text(rows(subject));
    if let Some(classes) = classes(subject) {
        section = section.with(Block::Table(classes));
    }
    section = section.with(Block::Table(columns(subject)));
    let more = table.num_features().saturating_sub(MOST_COLUMNS);
    if more > 0 {
        section = section.with_text(format!("{more} more columns are inputs as well."));
    }
    let dropped = dataset
        .columns
        .iter()
        .filter(|report| report.role != Role::Target);
    let dropped: Vec<Cells> = dropped
        .filter_map(|report| Some(vec![report.name.clone(), why(report, report.dropped?)]))
        .collect();
    if dropped.is_empty() {
        return section;
    }
    let mut left_out = Table::new("Columns that were left out", &["column", "why"]);
    left_out.rows = dropped;
    section.with(Block::Table(left_out))
}

fn why(report: &ColumnReport, reason: DropReason) -> String {
    match report.kind {
        ColumnKind::Drop => reason.to_string(),
        kind @ (ColumnKind::Numeric
        | ColumnKind::Categorical
        | ColumnKind::Boolean
        | ColumnKind::Date) => format!("{reason} ({kind})"),
    }
}

/// How many rows there are, and how they were split.
fn rows(subject: &Subject<'_>) -> String {
    let dataset = subject.dataset;
    let mut text = format!(
        "{} has {} rows and {} columns that are inputs.",
        dataset.name,
        count(dataset.table.num_rows()),
        dataset.table.num_features()
    );
    if dataset.rows_without_target > 0 {
        let _ = write!(
            text,
            " {} more rows were left out, as they have no target.",
            count(dataset.rows_without_target)
        );
    }
    match subject.summary {
        Summary::Clustering(_) => text += " All of them were grouped.",
        Summary::Prediction(_) if subject.config.folds().is_some() => {
            text += " They were split into folds, each of which was tested by a model that was trained on the \
                     others.";
        }
        // None of them was trained on.
        Summary::Prediction(_) if is_other(subject) => {}
        Summary::Prediction(_) => {
            text += match &dataset.partition {
                Partition::Random if subject.model.classes().is_none() => {
                    " They were split at random."
                }
                Partition::Random => {
                    " They were split at random, with about the same share of each class."
                }
                Partition::Whole => {
                    " They are so few that all serve for training, validation and testing alike."
                }
                Partition::Official { .. } => {
                    " The test rows are a part of their own, set aside before training."
                }
                Partition::Given(_) => " A column says which part each row belongs to.",
                Partition::Groups(_) => " Groups of rows were kept together when they were split.",
                Partition::Time { .. } => {
                    " The latest rows are for testing, those before them for validation."
                }
            };
        }
    }
    if dataset.table.weights().is_some() {
        text += " Rows count by their weights.";
    }
    text
}

/// Whether the table is another one than that of the training.
fn is_other(subject: &Subject<'_>) -> bool {
    subject
        .judged
        .is_some_and(|judged| judged.which == JudgedRows::Other)
}

/// How many rows of each class there are, in each part if these are known.
fn classes(subject: &Subject<'_>) -> Option<Table> {
    let Some(Target::Classes {
        labels, classes, ..
    }) = subject.dataset.table.target()
    else {
        return None;
    };
    let is_clustering = matches!(subject.summary, Summary::Clustering(_));
    let split = subject.config.split(subject.dataset).ok();
    let has_parts = !is_clustering && !is_other(subject) && subject.config.folds().is_none();
    let split = split.filter(|_| has_parts);
    let counts = |rows: &mut dyn Iterator<Item = usize>| {
        let mut counts = vec![0usize; classes.len()];
        rows.for_each(|row| counts[labels[row]] += 1);
        counts
    };
    let all = counts(&mut (0..labels.len()));
    let parts: Vec<Vec<usize>> = split
        .iter()
        .flat_map(|split| {
            [SplitName::Train, SplitName::Valid, SplitName::Test]
                .map(|name| counts(&mut name.rows(split).iter().copied()))
        })
        .collect();
    let mut columns = vec!["class", "#rows", "#share"];
    if !parts.is_empty() {
        columns.extend(["#training", "#validation", "#test"]);
    }
    let mut table = Table::new("Rows of each class", &columns);
    for (class, name) in classes.iter().enumerate().take(MOST_CLASSES) {
        let share = all[class] as f64 / labels.len().max(1) as f64;
        let mut cells = vec![shortened(name, 60), count(all[class]), percent(share)];
        cells.extend(parts.iter().map(|counts| count(counts[class])));
        table.rows.push(cells);
    }
    if classes.len() > MOST_CLASSES {
        let _ = write!(
            table.caption,
            " (the first {MOST_CLASSES} of {})",
            classes.len()
        );
    }
    Some(table)
}

fn columns(subject: &Subject<'_>) -> Table {
    let table = &subject.dataset.table;
    let all: Vec<usize> = (0..table.num_rows()).collect();
    let rows = sampled(&all, MOST_ROWS, subject.config.seed);
    let mut found = Table::new(
        if subject.shows_rows {
            "Columns with the kinds of their values".to_owned()
        } else {
            format!(
                "Columns with the kinds of their values; categories in fewer than {FEWEST_ROWS_SHOWN} rows are not shown"
            )
        },
        &["column", "kind", "use", "#missing", "#different", "values"],
    );
    let fewest = if subject.shows_rows {
        0
    } else {
        FEWEST_ROWS_SHOWN
    };
    let mut row = |name: &str, kind: &str, use_of_it: &str, values: &Values| {
        let summary = ColumnSummary::of(values, &rows);
        let missing = match summary.missing {
            0 => "0".to_owned(),
            missing => format!(
                "{} ({})",
                count(missing),
                percent(missing as f64 / rows.len().max(1) as f64)
            ),
        };
        found.rows.push(vec![
            shortened(name, 60),
            kind.to_owned(),
            use_of_it.to_owned(),
            missing,
            count(summary.distinct),
            summary
                .values
                .as_ref()
                .map_or(String::new(), |values| written(values, fewest)),
        ]);
    };
    if let Some(Target::Numbers { names, values }) = table.target() {
        for (index, name) in names.iter().enumerate() {
            let numbers = values.iter().skip(index).step_by(names.len());
            row(
                name,
                "numeric",
                "target",
                &Values::Numbers(numbers.copied().collect()),
            );
        }
    }
    let reports = &subject.dataset.columns;
    for column in table.columns().iter().take(MOST_COLUMNS) {
        let report = reports.iter().find(|report| report.name == column.name);
        let kind = report.map_or(column.values.kind(), |report| report.kind);
        row(&column.name, kind.name(), "input", &column.values);
    }
    found
}

/// A range, or the most frequent categories, those that fewer rows have left out.
fn written(values: &ValueSummary, fewest: usize) -> String {
    match values {
        ValueSummary::Numbers { low, median, high } => format!(
            "{} to {}, median {}",
            number(*low),
            number(*high),
            number(*median)
        ),
        ValueSummary::Categories(most) => {
            let shown = most.iter().take(4).filter(|(_, rows)| *rows >= fewest);
            let most =
                shown.map(|(name, rows)| format!("{} ({})", shortened(name, 24), count(*rows)));
            let most: Vec<_> = most.collect();
            if most.is_empty() && fewest > 0 {
                return format!("each in fewer than {fewest} rows");
            }
            most.join(", ")
        }
        ValueSummary::Dates { first, last } => format!("{first} to {last}"),
    }
}
