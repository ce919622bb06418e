use std::collections::BTreeMap;

use super::Schema;
use crate::input::{Dialect, Source};
use crate::{ColumnKind, Task};

/// What the columns of a table are for, and how they are read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The columns to predict: one, or several of numbers.
    pub target: Vec<String>,
    /// What the target asks for; `None`: told from its values. Text, booleans and few different
    /// whole numbers are classes.
    pub task: Option<Task>,
    /// The column of numbers that says how much each row counts.
    pub weight: Option<String>,
    /// The column that says `train`, `valid` or `test`.
    pub split: Option<String>,
    /// The column whose equal values must not be split.
    pub group: Option<String>,
    /// The column whose last values test.
    pub time: Option<String>,
    /// A table of its own to test on.
    pub test: Option<Source>,
    /// The kinds of columns for which they are not to be told from their values.
    pub kinds: BTreeMap<String, ColumnKind>,
    /// What a model needs, that is to be judged on the table: no other column is a feature then, and
    /// the target may be one that could not be learned.
    pub model: Option<Schema>,
    /// How texts are read.
    pub dialect: Dialect,
}

impl ReadOptions {
    /// The kind of a column, if it is not to be told from its values.
    pub(super) fn kind(&self, name: &String) -> Option<ColumnKind> {
        let is_name = |role: &Option<String>| role.as_ref() == Some(name);
        // What is compared must be exact, and large numbers are not.
        let by_role =
            (is_name(&self.split) || is_name(&self.group)).then_some(ColumnKind::Categorical);
        let asked = self.kinds.get(name).copied().or(by_role);
        let Some(model) = &self.model else {
            return asked;
        };
        let needed = model.columns.iter().find(|column| column.name == *name);
        match needed {
            Some(column) => Some(column.kind),
            None if self.named().any(|named| named == name) => asked,
            None => Some(ColumnKind::Drop),
        }
    }

    /// The columns that the options name for a purpose.
    pub(super) fn named(&self) -> impl Iterator<Item = &String> {
        self.target
            .iter()
            .chain(&self.weight)
            .chain(&self.split)
            .chain(&self.group)
            .chain(&self.time)
    }
}
