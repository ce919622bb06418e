use super::name::SplitName;

/// Which rows of a table are for training and which for testing.
#[derive(Clone, Debug, PartialEq)]
pub enum Partition {
    /// The rows are split at random.
    Random,
    /// There are so few rows that all of them are used for training, validation and testing alike.
    Whole,
    /// The test rows are fixed, for example by those who published the data.
    Official {
        /// The index of the first test row; all rows from there to the end are test rows.
        test_start: usize,
    },
    /// The part of each row.
    Given(Vec<SplitName>),
    /// The group of each row. Groups are distributed at random, each as a whole to one part, so that the
    /// parts have about the same share of each class.
    Groups(Vec<usize>),
    /// The times of rows. The latest rows are for testing, those before them for validation. Rows of the
    /// same time are in the same part.
    Time {
        /// The time of each row.
        times: Vec<f64>,
        /// The feature that the times come from, if it is one as well.
        feature: Option<String>,
    },
}
