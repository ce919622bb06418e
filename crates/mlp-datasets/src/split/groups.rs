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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use rand::RngExt;

    #[test]
    fn a_group_of_numbers_goes_to_the_part_that_lacks_most_rows() {
        let unit = |len: usize| vec![0; len];
        let parts = fill(&[5, 3, 2].map(unit), 10, &[0.5, 0.3, 0.2]);
        assert_eq!(parts, [0, 1, 2]);
        // The first part still lacks five rows then, but no part may stay without rows.
        let parts = fill(&[4, 3, 3].map(unit), 10, &[0.9, 0.05, 0.05]);
        assert_eq!(parts[0], 0);
        assert!(parts.contains(&1) && parts.contains(&2), "{parts:?}");
    }

    #[test]
    fn each_part_needs_a_group() {
        assert!(matches!(
            check_num_groups(2, 3),
            Err(Error::TooFewGroups {
                groups: 2,
                needed: 3
            })
        ));
        check_num_groups(3, 3).unwrap();
    }

    /// How far the shares of all classes in all parts are from those that are wanted: the sum of squares.
    fn distance(labels: &[usize], rows_of_parts: &[Vec<usize>], shares: &[f64]) -> f64 {
        let of_class = |class: usize, rows: &[usize]| {
            rows.iter().filter(|&&row| labels[row] == class).count() as f64
        };
        let classes: BTreeSet<usize> = labels.iter().copied().collect();
        let all: Vec<usize> = (0..labels.len()).collect();
        let parts = rows_of_parts.iter().zip(shares);
        let squares = parts.flat_map(|(rows, share)| {
            let (of_class, all) = (&of_class, &all);
            let classes = classes.iter();
            classes
                .map(move |&class| (of_class(class, rows) / of_class(class, all) - share).powi(2))
        });
        squares.sum()
    }

    #[test]
    fn groups_of_classes_go_where_the_shares_of_all_classes_come_nearest() {
        let units = [[0, 1], [2, 3], [4, 5], [6, 7]].map(Vec::from);
        assert_eq!(
            stratify(&[0, 0, 0, 0, 1, 1, 1, 1], 2, &units, &[0.5, 0.5]),
            [0, 1, 0, 1]
        );
        let shares = [0.61, 0.22, 0.17];
        let mut rng = StdRng::seed_from_u64(5);
        for _ in 0..200 {
            // The last class has no rows.
            let num_classes = rng.random_range(2..5);
            let labels: Vec<usize> = (0..40)
                .map(|_| rng.random_range(0..num_classes - 1))
                .collect();
            let mut units = vec![Vec::new(); rng.random_range(3..12)];
            for row in 0..40 {
                let unit = rng.random_range(0..units.len());
                units[unit].push(row);
            }
            units.retain(|unit| !unit.is_empty());
            units.sort_by_key(|unit| std::cmp::Reverse(unit.len()));

            let parts = stratify(&labels, num_classes, &units, &shares);

            let mut rows_of_parts = vec![Vec::new(); shares.len()];
            for (index, (unit, &chosen)) in units.iter().zip(&parts).enumerate() {
                let with_unit_in = |part: usize| {
                    let mut rows_of_parts = rows_of_parts.clone();
                    rows_of_parts[part].extend(unit);
                    distance(&labels, &rows_of_parts, &shares)
                };
                let is_empty = |part: &usize| rows_of_parts[*part].is_empty();
                let must_fill = units.len() - index <= (0..3).filter(is_empty).count();
                let allowed = (0..3).filter(|part| !must_fill || is_empty(part));
                let least = allowed.map(with_unit_in).fold(f64::INFINITY, f64::min);
                assert!(!must_fill || is_empty(&chosen));
                assert!(with_unit_in(chosen) <= least + 1e-9);
                rows_of_parts[chosen].extend(unit);
            }
            assert!(rows_of_parts.iter().all(|rows| !rows.is_empty()));
        }
    }
}
