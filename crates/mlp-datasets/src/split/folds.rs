use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::config::SplitConfig;
use super::groups::{check_num_groups, distribute, rows_by_group, split_groups};
use super::name::SplitName;
use super::partition::Partition;
use super::{Split, rows_by_class, split_off_valid};
use crate::error::Error;
use crate::table::Table;

impl Split {
    /// Splits the rows of a table `num_folds` times for cross-validation, so that each row is a test
    /// row once. Folds are stratified by class, as far as groups
    /// allow it, and no group is in two of them. The validation rows
    /// are the configured share of the rows outside the fold.
    ///
    /// # Errors
    ///
    /// If the configuration is out of range, there are fewer rows or groups than folds, or the test
    /// rows are fixed by the data.
    pub fn folds(
        table: &Table,
        partition: &Partition,
        config: &SplitConfig,
        num_folds: usize,
    ) -> Result<Vec<Self>, Error> {
        config.check()?;
        let num_rows = table.num_rows();
        if num_folds < 2 || num_folds > num_rows {
            return Err(Error::InvalidOption {
                option: "folds",
                value: num_folds.to_string(),
                allowed: format!("from 2 to the number of rows, {num_rows}"),
            });
        }
        match partition {
            Partition::Random | Partition::Groups(_) => {}
            Partition::Whole
            | Partition::Official { .. }
            | Partition::Given(_)
            | Partition::Time { .. } => return Err(Error::FixedTestRows),
        }
        let all: Vec<usize> = (0..num_rows).collect();
        let folds = deal(table, partition, &all, num_folds, config.seed)?;
        folds
            .into_iter()
            .map(|test| {
                let rest = without(&all, &test);
                let (train, valid) = if let Partition::Groups(groups) = partition {
                    let shares = [1.0 - config.valid_size, config.valid_size];
                    let [train, valid] = split_groups(table, groups, rest, shares, config.seed)?;
                    (train, valid)
                } else {
                    split_off_valid(table, rest, config)?
                };
                Ok(Self { train, valid, test })
            })
            .collect()
    }

    /// Splits the rows of a table for so many networks whose predictions are averaged. All have the same test
    /// rows, but each is validated on other rows, so that together they learn from all rows that are not for testing:
    /// these are divided into parts of the configured size, the first network is validated on the first part, and
    /// so on; after the last part comes the first one again. The first split is that of [`Split::new`].
    ///
    /// Where the validation rows are fixed, by a column or because they are later than the training rows, all
    /// splits are the same.
    ///
    /// # Errors
    ///
    /// As [`Split::new`].
    pub fn rotations(
        table: &Table,
        partition: &Partition,
        config: &SplitConfig,
        count: usize,
    ) -> Result<Vec<Self>, Error> {
        let first = Self::new(table, partition, config)?;
        let num_valid = first.valid.len();
        let mut num_parts = ((first.train.len() + num_valid / 2) / num_valid).max(1);
        match partition {
            Partition::Random | Partition::Official { .. } => {}
            Partition::Given(parts) if !parts.contains(&SplitName::Valid) => {}
            Partition::Groups(groups) => {
                num_parts = num_parts.min(rows_by_group(groups, &first.train).len());
            }
            Partition::Given(_) | Partition::Whole | Partition::Time { .. } => {
                return Ok(vec![first; count]);
            }
        }
        let others = deal(table, partition, &first.train, num_parts, config.seed)?;
        let learned = first.learned();
        let other = |valid: Vec<usize>| Self {
            train: without(&learned, &valid),
            valid,
            test: first.test.clone(),
        };
        let mut splits = vec![first.clone()];
        splits.extend(others.into_iter().map(other));
        Ok(splits.into_iter().cycle().take(count).collect())
    }
}

/// Deals rows of a table to parts of the same size, each of which is ascending: class by class, and each group as a
/// whole.
fn deal(
    table: &Table,
    partition: &Partition,
    rows: &[usize],
    num_parts: usize,
    seed: u64,
) -> Result<Vec<Vec<usize>>, Error> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut parts = vec![Vec::new(); num_parts];
    if let Partition::Groups(groups) = partition {
        let mut units = rows_by_group(groups, rows);
        check_num_groups(units.len(), num_parts)?;
        units.shuffle(&mut rng);
        units.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
        let shares = vec![1.0 / num_parts as f64; num_parts];
        let part_of_unit = distribute(table, &units, rows.len(), &shares);
        for (rows, part) in units.into_iter().zip(part_of_unit) {
            parts[part].extend(rows);
        }
    } else {
        // Each class continues where the previous one ended, so that all parts have the same size.
        let mut num_dealt = 0;
        for mut rows in rows_by_class(table, rows.to_vec()) {
            rows.shuffle(&mut rng);
            for row in rows {
                parts[num_dealt % num_parts].push(row);
                num_dealt += 1;
            }
        }
    }
    for part in &mut parts {
        part.sort_unstable();
    }
    Ok(parts)
}

/// The rows of an ascending list that are not in another one.
fn without(rows: &[usize], others: &[usize]) -> Vec<usize> {
    let rows = rows.iter().copied();
    rows.filter(|row| others.binary_search(row).is_err())
        .collect()
}
