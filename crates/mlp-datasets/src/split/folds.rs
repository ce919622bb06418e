use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::config::SplitConfig;
use super::groups::{check_num_groups, distribute, rows_by_group, split_groups};
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
        let mut rng = StdRng::seed_from_u64(config.seed);
        let units = match partition {
            Partition::Random => rows_by_class(table, (0..num_rows).collect()),
            Partition::Groups(groups) => {
                let units = rows_by_group(groups, &(0..num_rows).collect::<Vec<_>>());
                check_num_groups(units.len(), num_folds)?;
                units
            }
            Partition::Whole
            | Partition::Official { .. }
            | Partition::Given(_)
            | Partition::Time { .. } => return Err(Error::FixedTestRows),
        };
        let mut fold_of_row = vec![0; num_rows];
        if let Partition::Groups(_) = partition {
            let mut units = units;
            units.shuffle(&mut rng);
            units.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
            let shares = vec![1.0 / num_folds as f64; num_folds];
            let folds = distribute(table, &units, num_rows, &shares);
            for (rows, fold) in units.into_iter().zip(folds) {
                for row in rows {
                    fold_of_row[row] = fold;
                }
            }
        } else {
            // Each class continues where the previous one ended, so that all folds have the same size.
            let mut num_assigned = 0;
            for mut rows in units {
                rows.shuffle(&mut rng);
                for row in rows {
                    fold_of_row[row] = num_assigned % num_folds;
                    num_assigned += 1;
                }
            }
        }
        (0..num_folds)
            .map(|fold| {
                let (test, rest): (Vec<usize>, Vec<usize>) =
                    (0..num_rows).partition(|&row| fold_of_row[row] == fold);
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
}
