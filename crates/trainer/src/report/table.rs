//! What a user reads about a table.

use std::io::{self, Write};

use mlp_datasets::{ColumnKind, ColumnReport, Dataset, DropReason, Partition, Role, Target};
use serde::Serialize;

use super::one_line;
use super::phrases::{counted, quoted};
use crate::options::{ColumnEntry, WrittenColumn};

/// How many names of a list are printed.
const MOST_NAMES: usize = 12;

/// Prints what was found in a table: its rows, its target, and the kinds of its columns.
///
/// # Errors
///
/// If the writer fails.
pub fn write_columns(out: &mut impl Write, name: &str, dataset: &Dataset) -> io::Result<()> {
    let table = &dataset.table;
    write!(out, "{}: {} rows", one_line(name), table.num_rows())?;
    if dataset.rows_without_target > 0 {
        write!(
            out,
            ", and {} left out because they have no target",
            dataset.rows_without_target
        )?;
        let targets = dataset
            .columns
            .iter()
            .filter(|report| report.role == Role::Target);
        let texts = targets.flat_map(|report| &report.missing_texts);
        let texts: Vec<String> = texts
            .map(|(text, count)| format!("`{text}` {}", counted(*count, "time", "times")))
            .collect();
        if let Some(first) = dataset
            .columns
            .iter()
            .find(|report| report.role == Role::Target && !report.missing_texts.is_empty())
        {
            let text = &first.missing_texts[0].0;
            write!(
                out,
                ": {}; `--present {}={text}` keeps these",
                listed(texts),
                one_line(&first.name)
            )?;
        }
    }
    writeln!(out)?;
    match table.target() {
        Some(Target::Classes {
            name,
            classes,
            labels,
        }) => {
            let mut counts = vec![0; classes.len()];
            for &label in labels {
                counts[label] += 1;
            }
            let classes = classes.iter().zip(counts);
            let classes = classes.map(|(class, count)| format!("{class} ({count})"));
            writeln!(
                out,
                "  target       {}: classification, {}",
                one_line(name),
                listed(classes.collect())
            )?;
        }
        Some(Target::Numbers { names, .. }) => {
            writeln!(out, "  target       {}: regression", listed(names.clone()))?;
        }
        None => {}
    }
    for (heading, kind) in [
        ("numeric", ColumnKind::Numeric),
        ("boolean", ColumnKind::Boolean),
        ("categorical", ColumnKind::Categorical),
        ("date", ColumnKind::Date),
    ] {
        let columns = dataset.columns.iter().filter(|report| {
            report.kind == kind && report.role == Role::Feature && report.dropped.is_none()
        });
        let names: Vec<String> = columns.map(described).collect();
        if !names.is_empty() {
            writeln!(out, "  {heading:<12} {}", listed(names))?;
        }
    }
    for report in &dataset.columns {
        let (heading, use_of_it) = match (report.role, &dataset.partition) {
            (Role::Weight, _) => ("weight", ""),
            (Role::Split, Partition::Time { feature: None, .. }) => {
                ("split", " (the latest rows are for testing)")
            }
            (Role::Split, Partition::Time { .. }) => (
                "split",
                " (the latest rows are for testing; month, day, weekday and hour are inputs)",
            ),
            (Role::Split, _) => ("split", ""),
            (Role::Feature | Role::Target, _) => continue,
        };
        let name = one_line(&report.name);
        writeln!(out, "  {heading:<12} {name}{use_of_it}")?;
    }
    let dropped = dataset.columns.iter().filter_map(|report| {
        let reason = report.dropped?;
        let name = &report.name;
        Some(match option_to_keep(report, reason) {
            Some(option) => format!("{name} ({reason}; `{option} {}` keeps it)", quoted(name)),
            None => format!("{name} ({reason})"),
        })
    });
    let dropped: Vec<String> = dropped.collect();
    if !dropped.is_empty() {
        writeln!(out, "  left out     {}", listed(dropped))?;
    }
    Ok(())
}

/// The option by which a column would be kept that may be of use although it does not look so.
fn option_to_keep(report: &ColumnReport, reason: DropReason) -> Option<&'static str> {
    // The names of an identifier would all be unknown in other rows.
    let is_number = report.kind == ColumnKind::Numeric;
    let may_be_of_use = matches!(reason, DropReason::RowNumber | DropReason::TargetCopy)
        || (reason == DropReason::Identifier && is_number);
    let option = match report.kind {
        ColumnKind::Numeric => "--numeric",
        ColumnKind::Categorical | ColumnKind::Boolean => "--categorical",
        ColumnKind::Date | ColumnKind::Drop => return None,
    };
    may_be_of_use.then_some(option)
}

/// Prints the kinds of a table's columns as a file that `--schema-file` takes.
///
/// # Errors
///
/// If the writer fails.
pub fn write_schema(out: &mut impl Write, name: &str, dataset: &Dataset) -> io::Result<()> {
    let name = one_line(name);
    writeln!(out, "# {name}: {} rows", dataset.table.num_rows())?;
    writeln!(
        out,
        "# kinds: numeric, categorical, boolean, date, drop\n\n[columns]"
    )?;
    let lines = dataset.columns.iter().map(|report| {
        let entry = match report.dropped {
            Some(_) => ColumnEntry::Kind(ColumnKind::Drop),
            None if report.format.is_default() => ColumnEntry::Kind(report.kind),
            None => ColumnEntry::Written(WrittenColumn {
                kind: report.kind,
                format: report.format.clone(),
            }),
        };
        // As in a file of a single column, whose name is then quoted if it must be.
        let mut value = String::new();
        // A kind or a format can always be written.
        let _ = entry.serialize(toml::ser::ValueSerializer::new(&mut value));
        let key = toml::to_string(&std::collections::BTreeMap::from([(&report.name, 0)]));
        let key = key.unwrap_or_default();
        let key = key.trim_end().trim_end_matches("= 0");
        (format!("{key}= {value}"), remark(report))
    });
    let lines: Vec<_> = lines.collect();
    let width = lines.iter().map(|(line, _)| line.chars().count()).max();
    let width = width.unwrap_or(0).min(60);
    for (line, remark) in lines {
        if remark.is_empty() {
            writeln!(out, "{line}")?;
        } else {
            writeln!(out, "{line:<width$}  # {remark}")?;
        }
    }
    Ok(())
}

/// What is noteworthy about a column.
fn remark(report: &ColumnReport) -> String {
    let mut remarks = Vec::new();
    let format = report.format.to_string();
    if !format.is_empty() {
        remarks.push(format);
    }
    match report.role {
        Role::Feature => {}
        Role::Target => remarks.push("the target".to_owned()),
        Role::Weight => remarks.push("the weight of each row".to_owned()),
        Role::Split => remarks.push("by which rows are split".to_owned()),
    }
    if let Some(reason) = report.dropped {
        remarks.push(reason.to_string());
    } else if let Some(categories) = report.categories {
        remarks.push(format!("{categories} different"));
    }
    if report.missing > 0 {
        remarks.push(format!("{} missing", report.missing));
    }
    remarks.join(", ")
}

/// A column's name, with how many categories it has and how many values are missing.
fn described(report: &ColumnReport) -> String {
    let is_categorical = report.kind == ColumnKind::Categorical;
    let categories = report.categories.filter(|_| is_categorical);
    let mut format = report.format.clone();
    let texts = std::mem::take(&mut format.missing);
    let missing = (report.missing > 0).then(|| match texts.as_slice() {
        [] => format!("{} missing", report.missing),
        texts => format!("{} missing: `{}`", report.missing, texts.join("`, `")),
    });
    let format = format.to_string();
    let parts: Vec<String> = categories
        .map(|categories| categories.to_string())
        .into_iter()
        .chain((!format.is_empty()).then_some(format))
        .chain(missing)
        .collect();
    if parts.is_empty() {
        report.name.clone()
    } else {
        format!("{} ({})", report.name, parts.join(", "))
    }
}

/// Names as a list, of which the first ones are written.
pub(super) fn listed(names: Vec<String>) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let first = names.iter().take(MOST_NAMES);
    let first: Vec<_> = first.map(|name| one_line(name)).collect();
    match more {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlp_datasets::{ReadOptions, Source, read_dataset};

    fn fruit() -> Dataset {
        let csv = "name,colour,weight,ripe,when\n\
                   a,red,1.5,yes,2024-01-01\n\
                   b,green,,no,2024-01-02\n\
                   c,red,2,yes,2024-01-03\n\
                   d,green,1,,2024-01-03\n\
                   e,green,1,no,2024-01-03\n";
        let mut options = ReadOptions {
            target: vec!["ripe".into()],
            ..ReadOptions::default()
        };
        options.kinds.insert("name".into(), ColumnKind::Drop);
        read_dataset(&Source::from_bytes("fruit.csv", csv), &options).unwrap()
    }

    #[test]
    fn a_table_is_described_by_its_kinds_of_columns() {
        let mut out = Vec::new();
        write_columns(&mut out, "fruit.csv", &fruit()).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        fruit.csv: 4 rows, and 1 left out because they have no target
          target       ripe: classification, no (2), yes (2)
          numeric      weight (1 missing)
          categorical  colour (2)
          date         when
          left out     name (as requested)
        ");
    }

    #[test]
    fn a_schema_is_a_file_that_can_be_read_again() {
        let mut out = Vec::new();
        write_schema(&mut out, "fruit.csv", &fruit()).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        # fruit.csv: 4 rows
        # kinds: numeric, categorical, boolean, date, drop

        [columns]
        name = "drop"           # as requested
        colour = "categorical"  # 2 different
        weight = "numeric"      # 1 missing
        ripe = "categorical"    # the target, 2 different, 1 missing
        when = "date"
        "#);
    }
}
