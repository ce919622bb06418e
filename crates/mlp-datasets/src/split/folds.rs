use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::groups::{deal_groups, enough_groups, rows_by_group};
use super::{Split, SplitConfig, choose_valid, rows_by_class};
use crate::{Error, Partition, Table};

impl Split {
    /// Splits the rows of a table `num_folds` times, so that each row tests once: stratified by
    /// class, or with no group in two folds. The rows that choose the best epoch are, as ever, a
    /// share of the others.
    ///
    /// # Errors
    ///
    /// If the configuration is out of range, there are fewer rows or groups than folds, or which
    /// rows test is given otherwise.
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
                enough_groups(units.len(), num_folds)?;
                units
            }
            _ => return Err(Error::FoldsGiven),
        };
        let mut fold_of_row = vec![0; num_rows];
        if let Partition::Groups(_) = partition {
            // The largest first, each into the smallest fold.
            let mut units = units;
            units.shuffle(&mut rng);
            units.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
            let mut sizes = vec![0; num_folds];
            for rows in units {
                let fold = (0..num_folds).min_by_key(|&fold| sizes[fold]).unwrap_or(0);
                sizes[fold] += rows.len();
                for row in rows {
                    fold_of_row[row] = fold;
                }
            }
        } else {
            // One class goes on where the one before has ended, so that folds are of one size.
            let mut dealt = 0;
            for mut rows in units {
                rows.shuffle(&mut rng);
                for row in rows {
                    fold_of_row[row] = dealt % num_folds;
                    dealt += 1;
                }
            }
        }
        (0..num_folds)
            .map(|fold| {
                let (test, rest): (Vec<usize>, Vec<usize>) =
                    (0..num_rows).partition(|&row| fold_of_row[row] == fold);
                let (train, valid) = match partition {
                    Partition::Groups(groups) => {
                        let shares = [1.0 - config.valid_size, config.valid_size];
                        let [train, valid] = deal_groups(groups, rest, shares, config.seed)?;
                        (train, valid)
                    }
                    _ => choose_valid(table, rest, config)?,
                };
                Ok(Self { train, valid, test })
            })
            .collect()
    }
}
