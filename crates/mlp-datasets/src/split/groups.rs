use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::error::Error;
use crate::table::{Table, Target};

/// Distributes rows to parts of about the given shares, each group as a whole. If there are classes, each
/// part has about the same share of each.
pub(super) fn split_groups<const PARTS: usize>(
    table: &Table,
    groups: &[usize],
    rows: Vec<usize>,
    shares: [f64; PARTS],
    seed: u64,
) -> Result<[Vec<usize>; PARTS], Error> {
    let mut units = rows_by_group(groups, &rows);
    check_num_groups(units.len(), PARTS)?;
    units.shuffle(&mut StdRng::seed_from_u64(seed));
    units.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
    let parts = distribute(table, &units, rows.len(), &shares);
    let mut split = [const { Vec::new() }; PARTS];
    for (unit, part) in units.iter().zip(parts) {
        split[part].extend(unit);
    }
    for part in &mut split {
        part.sort_unstable();
    }
    Ok(split)
}

/// The part of each unit of rows, which should be sorted from the largest to the smallest.
pub(super) fn distribute(
    table: &Table,
    units: &[Vec<usize>],
    num_rows: usize,
    shares: &[f64],
) -> Vec<usize> {
    match table.target() {
        Some(Target::Classes {
            labels, classes, ..
        }) => stratify(labels, classes.len(), units, shares),
        Some(Target::Numbers { .. }) | None => fill(units, num_rows, shares),
    }
}

/// The part of each unit: the one that lacks most rows.
fn fill(units: &[Vec<usize>], num_rows: usize, shares: &[f64]) -> Vec<usize> {
    let mut sizes = vec![0; shares.len()];
    let mut parts = Vec::with_capacity(units.len());
    for (i, unit) in units.iter().enumerate() {
        let lack = |part: usize| shares[part] * num_rows as f64 - sizes[part] as f64;
        let part = candidates(&sizes, units.len() - i)
            .max_by(|&a, &b| lack(a).total_cmp(&lack(b)))
            .unwrap_or(0);
        sizes[part] += unit.len();
        parts.push(part);
    }
    parts
}

/// The part of each unit: the one where the shares of all classes in all parts come nearest to those that
/// are wanted.
///
/// With `r` of the `n` rows of a class in a part, the squares of `r/n − share` are summed.
fn stratify(
    labels: &[usize],
    num_classes: usize,
    units: &[Vec<usize>],
    shares: &[f64],
) -> Vec<usize> {
    let count = |rows: &[usize]| {
        let mut counts = vec![0.0; num_classes];
        for &row in rows {
            counts[labels[row]] += 1.0;
        }
        counts
    };
    let totals = count(&units.concat());
    let mut of_parts = vec![vec![0.0; num_classes]; shares.len()];
    let mut sizes = vec![0; shares.len()];
    let mut parts = Vec::with_capacity(units.len());
    for (i, unit) in units.iter().enumerate() {
        let of_unit = count(unit);
        let change = |part: usize| -> f64 {
            let of_classes = of_unit.iter().zip(&totals).zip(&of_parts[part]);
            let changes = of_classes.filter(|((of_unit, _), _)| **of_unit > 0.0);
            changes
                .map(|((of_unit, total), of_part)| {
                    let before = of_part / total - shares[part];
                    let after = before + of_unit / total;
                    after * after - before * before
                })
                .sum()
        };
        let part = candidates(&sizes, units.len() - i)
            .min_by(|&a, &b| change(a).total_cmp(&change(b)))
            .unwrap_or(0);
        sizes[part] += unit.len();
        for (of_part, of_unit) in of_parts[part].iter_mut().zip(of_unit) {
            *of_part += of_unit;
        }
        parts.push(part);
    }
    parts
}

/// The parts that a unit may go to: all, but the last units go to parts without rows.
fn candidates(sizes: &[usize], num_units_left: usize) -> impl Iterator<Item = usize> {
    let num_empty = sizes.iter().filter(|&&size| size == 0).count();
    let must_fill = num_units_left <= num_empty;
    (0..sizes.len()).filter(move |&part| !must_fill || sizes[part] == 0)
}

/// The rows of each group.
pub(super) fn rows_by_group(groups: &[usize], rows: &[usize]) -> Vec<Vec<usize>> {
    let mut by_group: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &row in rows {
        by_group.entry(groups[row]).or_default().push(row);
    }
    by_group.into_values().collect()
}

/// Checks that each of the parts can have a group.
pub(super) fn check_num_groups(groups: usize, needed: usize) -> Result<(), Error> {
    if groups < needed {
        return Err(Error::TooFewGroups { groups, needed });
    }
    Ok(())
}
