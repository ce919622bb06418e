mod apportion;
mod folds;
mod groups;
mod name;

use apportion::apportion;
use groups::deal_groups;
pub use name::SplitName;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use crate::{Error, Partition, Table, Target};

/// How large the parts of a [`Split`] are.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct SplitConfig {
    /// The share of all rows that test, in (0, 1); 0.2 by default. A set with an official test set
    /// keeps that.
    pub test_size: f64,
    /// The share of all rows that choose the best epoch, in (0, 1); 0.2 by default. Where the test
    /// rows are given, or are a fold, the share of the others.
    pub valid_size: f64,
    /// Where the random numbers start; 0 by default.
    pub seed: u64,
}

impl Default for SplitConfig {
    fn default() -> Self {
        Self {
            test_size: 0.2,
            valid_size: 0.2,
            seed: 0,
        }
    }
}

impl SplitConfig {
    /// Checks that the sizes leave rows for training.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), Error> {
        for (option, size) in [
            ("test_size", self.test_size),
            ("valid_size", self.valid_size),
        ] {
            if !(size > 0.0 && size < 1.0) {
                return Err(Error::InvalidOption {
                    option,
                    value: size.to_string(),
                    allowed: "above 0 and below 1".to_owned(),
                });
            }
        }
        if self.test_size + self.valid_size >= 1.0 {
            return Err(Error::InvalidOption {
                option: "valid_size",
                value: self.valid_size.to_string(),
                allowed: format!("below 1 - `test_size` = {}", 1.0 - self.test_size),
            });
        }
        Ok(())
    }
}

/// Which rows train, which choose the best epoch, and which test. Each list is ascending, and not
/// empty.
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
    /// The rows for choosing the best epoch.
    pub valid: Vec<usize>,
    /// The rows for testing.
    pub test: Vec<usize>,
}

impl Split {
    /// Splits the rows of a table.
    ///
    /// A random split is stratified: each class has its share of each part, to within one row,
    /// and so have all rows together. A class of fewer than three rows gives its first to
    /// training and its second to testing. Groups and times are split as [`Partition`] says.
    ///
    /// # Errors
    ///
    /// If the configuration is out of range, or there are too few rows.
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
                enough(num_rows, 3, "to train, choose and test")?;
                let rows = (0..num_rows).collect();
                let [train, test, valid] = stratify(table, rows, shares, config.seed);
                Ok(Self { train, valid, test })
            }
            &Partition::Official { test_start } => {
                if test_start >= num_rows {
                    return Err(Error::table(format!(
                        "its test set begins at row {test_start}, but it has {num_rows} rows"
                    )));
                }
                let (train, valid) = choose_valid(table, (0..test_start).collect(), config)?;
                Ok(Self {
                    train,
                    valid,
                    test: (test_start..num_rows).collect(),
                })
            }
            Partition::Given(parts) => given(table, parts, config),
            Partition::Groups(groups) => {
                let rows = (0..num_rows).collect();
                let [train, test, valid] = deal_groups(groups, rows, shares, config.seed)?;
                Ok(Self { train, valid, test })
            }
            Partition::Time(times) => {
                enough(num_rows, 3, "to train, choose and test")?;
                let mut rows: Vec<usize> = (0..num_rows).collect();
                rows.sort_by(|&a, &b| times[a].total_cmp(&times[b]));
                let [train, valid, test] = apportion(
                    &[num_rows],
                    [train_size, config.valid_size, config.test_size],
                )[0];
                let mut rows = rows.into_iter();
                let mut next = |count: usize| {
                    let mut part: Vec<usize> = rows.by_ref().take(count).collect();
                    part.sort_unstable();
                    part
                };
                let mut parts = [next(train), next(valid), next(test)];
                fill_empty(&mut parts);
                let [train, valid, test] = parts;
                Ok(Self { train, valid, test })
            }
        }
    }
}

fn enough(rows: usize, needed: usize, purpose: &'static str) -> Result<(), Error> {
    if rows < needed {
        return Err(Error::TooFewRows { rows, purpose });
    }
    Ok(())
}

/// Parts the rows that are not for testing.
fn choose_valid(
    table: &Table,
    rows: Vec<usize>,
    config: &SplitConfig,
) -> Result<(Vec<usize>, Vec<usize>), Error> {
    enough(rows.len(), 2, "to train and choose, beside a test set")?;
    let shares = [1.0 - config.valid_size, config.valid_size];
    let [train, valid] = stratify(table, rows, shares, config.seed);
    Ok((train, valid))
}

/// The parts that a column gives. If none is for choosing, training gives some.
fn given(table: &Table, parts: &[SplitName], config: &SplitConfig) -> Result<Split, Error> {
    let rows = |part: SplitName| -> Vec<usize> {
        (0..parts.len()).filter(|&row| parts[row] == part).collect()
    };
    let [train, valid, test] = SplitName::ALL.map(rows);
    enough(
        train.len(),
        1,
        "for training, of those that the split column gives",
    )?;
    enough(
        test.len(),
        1,
        "for testing, of those that the split column gives",
    )?;
    if !valid.is_empty() {
        return Ok(Split { train, valid, test });
    }
    let (train, valid) = choose_valid(table, train, config)?;
    Ok(Split { train, valid, test })
}

/// Deals rows of a table, class by class, into parts of the given shares. A class of fewer rows
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

/// Rows of a table in a list for each class, or in one list if there are no classes.
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
        _ => vec![rows],
    }
}

/// Gives a part without rows one of the fullest part. There are at least as many rows as parts.
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
