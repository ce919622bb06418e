use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};

use super::options::ReadOptions;
use crate::column_report::{ColumnReport, DropReason, Role, Suspicion};
use crate::leakage::{Leak, key};
use crate::row_numbers::Numbering;
use crate::table::{Column, Target, Values};

/// Removes the columns that are of no use for learning from the first rows, unless their kind was
/// requested.
pub(super) fn drop_useless(
    columns: &mut Vec<Column>,
    reports: &mut [ColumnReport],
    options: &ReadOptions,
    num_train_rows: usize,
) {
    let reason = |Column { name, values }: &Column| match options.kind(name) {
        Some(_) => None,
        None => DropReason::of(name, &values.head(num_train_rows)),
    };
    let reasons: Vec<Option<DropReason>> = columns.iter().map(reason).collect();
    let is_nothing_left = reasons.iter().all(Option::is_some);
    let is_only_column = columns.len() == 1;
    let mut reasons = reasons.into_iter();
    columns.retain(|Column { name, values }| match reasons.next().flatten() {
        // Row numbers may be all there is to learn from.
        Some(DropReason::RowNumber) if is_nothing_left => true,
        Some(reason) => {
            drop(reports, name, reason);
            false
        }
        None => {
            if let Values::Numbers(numbers) = &*values.head(num_train_rows)
                && options.kind(name).is_none()
                && !is_only_column
                && Numbering::of(name, numbers) == Some(Numbering::Similar)
            {
                suspect(reports, name, Suspicion::RowNumber);
            }
            true
        }
    });
}

/// Removes the columns that are a copy of the target in the first rows, unless their kind was requested or
/// nothing would remain to learn from. Notes which columns determine the target.
pub(super) fn drop_copies(
    columns: &mut Vec<Column>,
    reports: &mut [ColumnReport],
    options: &ReadOptions,
    target: &Target,
    num_train_rows: usize,
) {
    // A model that is evaluated has learned already.
    if options.model.is_some() {
        return;
    }
    let leaks = columns
        .iter()
        .map(|column| Leak::of(&column.values, target, num_train_rows));
    let mut leaks: Vec<Option<Leak>> = leaks.collect();
    if leaks.contains(&Some(Leak::Determines)) {
        forget_repeated(&mut leaks, columns, target, num_train_rows);
    }
    let is_only_column = columns.len() == 1;
    let are_all_copies = leaks.iter().all(|leak| *leak == Some(Leak::Copy));
    let mut leaks = leaks.into_iter();
    columns.retain(|Column { name, .. }| match leaks.next().flatten() {
        Some(Leak::Copy) if are_all_copies || options.kind(name).is_some() => {
            suspect(reports, name, Suspicion::TargetCopy);
            true
        }
        Some(Leak::Copy) => {
            drop(reports, name, DropReason::TargetCopy);
            false
        }
        Some(Leak::Determines) => {
            // A single feature is all that is known of a row. Row numbers determine classes that are in
            // order, which is reported already.
            let is_reported = reports
                .iter()
                .any(|report| report.name == *name && report.suspicion.is_some());
            if !is_only_column && !is_reported {
                suspect(reports, name, Suspicion::DeterminesTarget);
            }
            true
        }
        None => true,
    });
}

/// Where rows are there several times, each column whose values are all different would determine the target. So
/// those count that determine it in different rows.
fn forget_repeated(
    leaks: &mut [Option<Leak>],
    columns: &[Column],
    target: &Target,
    num_train_rows: usize,
) {
    let mut seen = HashSet::new();
    let keep: Vec<bool> = (0..num_train_rows)
        .map(|row| {
            let mut hasher = DefaultHasher::new();
            for column in columns {
                hasher.write_u64(key(&column.values, row));
            }
            for number in target_of(target, row) {
                hasher.write_u64(number);
            }
            seen.insert(hasher.finish())
        })
        .collect();
    if seen.len() == num_train_rows {
        return;
    }
    let target = target.retained(&keep);
    for (leak, column) in leaks.iter_mut().zip(columns) {
        if *leak == Some(Leak::Determines) {
            let mut values = column.values.head(num_train_rows).into_owned();
            values.retain(&keep);
            *leak = Leak::of(&values, &target, seen.len());
        }
    }
}

/// The target of a row as something to compare.
fn target_of(target: &Target, row: usize) -> Vec<u64> {
    match target {
        Target::Classes { labels, .. } => vec![labels[row] as u64],
        Target::Numbers { names, values } => {
            let numbers = &values[row * names.len()..][..names.len()];
            numbers.iter().map(|number| number.to_bits()).collect()
        }
    }
}

fn drop(reports: &mut [ColumnReport], name: &str, reason: DropReason) {
    let is_feature =
        |report: &&mut ColumnReport| report.name == name && report.role == Role::Feature;
    if let Some(report) = reports.iter_mut().find(is_feature) {
        report.dropped = Some(reason);
        report.suspicion = None;
    }
}

fn suspect(reports: &mut [ColumnReport], name: &str, suspicion: Suspicion) {
    if let Some(report) = reports.iter_mut().find(|report| report.name == name) {
        report.suspicion = Some(suspicion);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::input::Source;
    use crate::reader::read_dataset;
    use crate::table::ColumnKind;

    fn read(csv: &str, kinds: &[(&str, ColumnKind)]) -> Dataset {
        let options = ReadOptions {
            target: vec!["y".into()],
            kinds: kinds
                .iter()
                .map(|(name, kind)| ((*name).to_owned(), *kind))
                .collect(),
            ..ReadOptions::default()
        };
        read_dataset(&Source::from_bytes("rows.csv", csv.to_owned()), &options).unwrap()
    }

    fn report<'a>(dataset: &'a Dataset, name: &str) -> &'a ColumnReport {
        let mut reports = dataset.columns.iter();
        reports.find(|report| report.name == name).unwrap()
    }

    /// Classes, their copy in other words, a finer category, and numbers that have nothing to do with them.
    fn leaky() -> String {
        let rows = (0..60).map(|row| {
            let (class, again) = [("no", "0"), ("yes", "1")][row % 2];
            format!("{class},{again},c{},{}\n", row % 6, (row * 37) % 11)
        });
        format!("y,again,finer,x\n{}", rows.collect::<String>())
    }

    #[test]
    fn a_copy_of_the_target_is_left_out_unless_its_kind_is_requested() {
        let dataset = read(&leaky(), &[]);
        assert_eq!(dataset.table.feature_names(), ["finer", "x"]);
        let again = report(&dataset, "again");
        assert_eq!(again.dropped, Some(DropReason::TargetCopy));
        let finer = report(&dataset, "finer");
        assert_eq!(finer.suspicion, Some(Suspicion::DeterminesTarget));

        let dataset = read(&leaky(), &[("again", ColumnKind::Numeric)]);
        assert_eq!(dataset.table.feature_names(), ["again", "finer", "x"]);
        let again = report(&dataset, "again");
        assert_eq!(again.suspicion, Some(Suspicion::TargetCopy));
    }

    #[test]
    fn a_copy_that_is_all_there_is_to_learn_from_is_kept() {
        let drop = ColumnKind::Drop;
        let dataset = read(&leaky(), &[("finer", drop), ("x", drop)]);
        assert_eq!(dataset.table.feature_names(), ["again"]);
        let again = report(&dataset, "again");
        assert_eq!(again.suspicion, Some(Suspicion::TargetCopy));
        // A finer category alone is nothing odd.
        let dataset = read(&leaky(), &[("again", drop), ("x", drop)]);
        assert_eq!(report(&dataset, "finer").suspicion, None);
    }

    #[test]
    fn an_index_is_left_out_and_one_with_gaps_is_suspected() {
        let rows = (0..40).map(|row| {
            let (shuffled, gaps) = (row * 7 % 40, row + row / 9);
            format!("{shuffled},{gaps},{},{}\n", row * 37 % 11, row % 3 % 2)
        });
        let csv = format!("a,b,x,y\n{}", rows.collect::<String>());
        let dataset = read(&csv, &[]);
        assert_eq!(dataset.table.feature_names(), ["b", "x"]);
        assert_eq!(report(&dataset, "a").dropped, Some(DropReason::RowNumber));
        assert_eq!(report(&dataset, "b").suspicion, Some(Suspicion::RowNumber));
        let dataset = read(&csv, &[("a", ColumnKind::Numeric)]);
        assert_eq!(dataset.table.feature_names(), ["a", "b", "x"]);
    }

    #[test]
    fn rows_that_are_there_several_times_and_trends_are_no_leaks() {
        // Numbers without order, three times each.
        let numbers = |row: u32, factor: u32| (row * factor) % 101;
        let rows = |row: std::ops::Range<u32>, cells: &dyn Fn(u32) -> [u32; 3]| {
            let rows = row.map(|row| cells(row).map(|cell| cell.to_string()).join(","));
            rows.collect::<Vec<_>>().join("\n") + "\n"
        };
        let repeated = rows(1..100, &|row| {
            [37, 53, 71].map(|factor| numbers(row, factor))
        });
        let dataset = read(&format!("a,b,y\n{}", repeated.repeat(3)), &[]);
        assert_eq!(report(&dataset, "a").suspicion, None);

        let years = rows(0..31, &|row| {
            [1990 + row, numbers(row + 1, 37), 300 + 2 * row + row % 2]
        });
        let dataset = read(&format!("year,b,y\n{years}"), &[]);
        assert_eq!(report(&dataset, "year").suspicion, None);
    }
}
