//! Which rows of a table train a model, which select its best epoch and which test it.

mod apportion;
mod config;
mod folds;
mod groups;
mod name;
mod partition;
mod times;

use apportion::apportion;
pub use config::SplitConfig;
use groups::split_groups;
pub use name::SplitName;
pub use partition::Partition;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use times::split_times;

use crate::error::Error;
use crate::table::{Table, Target};

/// The indices of the rows for training, for validation (which selects the best epoch) and for
/// testing. Each list is ascending and not empty.
///
/// ```
/// use mlp_datasets::{BuiltIn, LoadOptions, Split, SplitConfig};
///
/// let iris = BuiltIn::Iris.load(&LoadOptions::default())?;
/// let split = Split::new(&iris.table, &iris.partition, &SplitConfig::default())?;
/// assert_eq!((split.train.len(), split.valid.len(), split.test.len()), (90, 30, 30));
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The rows for training.
    pub train: Vec<usize>,
    /// The rows for validation.
    pub valid: Vec<usize>,
    /// The rows for testing.
    pub test: Vec<usize>,
}

impl Split {
    /// Splits the rows of a table.
    ///
    /// A random split is stratified: the share of each part is kept to within one row, both in each
    /// class and in total. A class of fewer than three rows gives its first row to training and its
    /// second to testing. Groups and times are split as described at [`Partition`].
    ///
    /// # Errors
    ///
    /// If the configuration is out of range, or there are too few rows or groups.
    pub fn new(table: &Table, partition: &Partition, config: &SplitConfig) -> Result<Self, Error> {
        config.check()?;
        let num_rows = table.num_rows();
        let train_size = 1.0 - config.test_size - config.valid_size;
        let shares = [train_size, config.test_size, config.valid_size];
        match partition {
            Partition::Whole => {
                let all: Vec<usize> = (0..num_rows).collect();
                Ok(Self {
                    train: all.clone(),
                    valid: all.clone(),
                    test: all,
                })
            }
            Partition::Random => {
                enough(num_rows, 3, "to train, validate and test")?;
                let rows = (0..num_rows).collect();
                let [train, test, valid] = stratify(table, rows, shares, config.seed);
                Ok(Self { train, valid, test })
            }
            &Partition::Official { test_start } => {
                if test_start >= num_rows {
                    return Err(Error::table(format!(
                        "its test rows begin at index {test_start}, but it has {num_rows} rows"
                    )));
                }
                let (train, valid) = split_off_valid(table, (0..test_start).collect(), config)?;
                Ok(Self {
                    train,
                    valid,
                    test: (test_start..num_rows).collect(),
                })
            }
            Partition::Given(parts) => given(table, parts, config),
            Partition::Groups(groups) => {
                let rows = (0..num_rows).collect();
                let [train, test, valid] = split_groups(table, groups, rows, shares, config.seed)?;
                Ok(Self { train, valid, test })
            }
            Partition::Time { times, .. } => {
                let shares = [train_size, config.valid_size, config.test_size];
                let [train, valid, test] = split_times(times, shares)?;
                Ok(Self { train, valid, test })
            }
        }
    }
}

impl Split {
    /// The rows that a model learns from or is validated on, ascending, each once.
    pub fn learned(&self) -> Vec<usize> {
        let mut rows = [&self.train[..], &self.valid].concat();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

impl SplitName {
    /// The rows of this part of a split.
    pub fn rows(self, split: &Split) -> &[usize] {
        match self {
            Self::Train => &split.train,
            Self::Valid => &split.valid,
            Self::Test => &split.test,
        }
    }
}

fn enough(rows: usize, needed: usize, purpose: &'static str) -> Result<(), Error> {
    if rows < needed {
        return Err(Error::TooFewRows { rows, purpose });
    }
    Ok(())
}

/// Splits the rows that are not for testing.
fn split_off_valid(
    table: &Table,
    rows: Vec<usize>,
    config: &SplitConfig,
) -> Result<(Vec<usize>, Vec<usize>), Error> {
    enough(
        rows.len(),
        2,
        "to train and validate, besides the test rows",
    )?;
    let shares = [1.0 - config.valid_size, config.valid_size];
    let [train, valid] = stratify(table, rows, shares, config.seed);
    Ok((train, valid))
}

/// The parts given by a column. Without validation rows, some of the training rows become those.
fn given(table: &Table, parts: &[SplitName], config: &SplitConfig) -> Result<Split, Error> {
    let rows = |part: SplitName| -> Vec<usize> {
        (0..parts.len()).filter(|&row| parts[row] == part).collect()
    };
    let [train, valid, test] = [SplitName::Train, SplitName::Valid, SplitName::Test].map(rows);
    enough(
        train.len(),
        1,
        "for training: the split column marks none as `train`",
    )?;
    enough(
        test.len(),
        1,
        "for testing: the split column marks none as `test`",
    )?;
    if !valid.is_empty() {
        return Ok(Split { train, valid, test });
    }
    let (train, valid) = split_off_valid(table, train, config)?;
    Ok(Split { train, valid, test })
}

/// Distributes rows of a table, class by class, to parts of the given shares. A class of fewer rows
/// than parts gives one to each part in turn.
fn stratify<const PARTS: usize>(
    table: &Table,
    rows: Vec<usize>,
    shares: [f64; PARTS],
    seed: u64,
) -> [Vec<usize>; PARTS] {
    let (small, large): (Vec<_>, Vec<_>) = rows_by_class(table, rows)
        .into_iter()
        .partition(|rows| rows.len() < PARTS);
    let mut sizes: Vec<[usize; PARTS]> = small
        .iter()
        .map(|rows| std::array::from_fn(|part| usize::from(part < rows.len())))
        .collect();
    let counts: Vec<usize> = large.iter().map(Vec::len).collect();
    sizes.extend(apportion(&counts, shares));

    let mut rng = StdRng::seed_from_u64(seed);
    let mut parts = [const { Vec::new() }; PARTS];
    for (mut rows, sizes) in small.into_iter().chain(large).zip(sizes) {
        rows.shuffle(&mut rng);
        for (part, size) in parts.iter_mut().zip(sizes) {
            part.extend(rows.drain(..size));
        }
    }
    fill_empty(&mut parts);
    for rows in &mut parts {
        rows.sort_unstable();
    }
    parts
}

/// The rows of each class, or one list of all rows if there are no classes.
fn rows_by_class(table: &Table, rows: Vec<usize>) -> Vec<Vec<usize>> {
    match table.target() {
        Some(Target::Classes {
            labels, classes, ..
        }) => {
            let mut by_class = vec![Vec::new(); classes.len()];
            for row in rows {
                by_class[labels[row]].push(row);
            }
            by_class.retain(|rows| !rows.is_empty());
            by_class
        }
        Some(Target::Numbers { .. }) | None => vec![rows],
    }
}

/// Moves a row of the fullest part to each part without rows. There are at least as many rows as
/// parts.
fn fill_empty(parts: &mut [Vec<usize>]) {
    while let Some(empty) = parts.iter().position(Vec::is_empty) {
        let fullest = parts.iter_mut().max_by_key(|rows| rows.len());
        match fullest.and_then(Vec::pop) {
            Some(row) => parts[empty].push(row),
            None => break,
        }
    }
}

#[cfg(test)]
mod tests;
