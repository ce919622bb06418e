use std::collections::BTreeMap;

use crate::input::{Dialect, Source};
use crate::schema::Schema;
use crate::table::ColumnKind;
use crate::task::Task;

/// How the columns of a table are used and read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The columns to predict: one column, or several numeric ones.
    pub target: Vec<String>,
    /// The task; `None` infers it from the values of the target. Text, booleans and few different
    /// whole numbers are classes.
    pub task: Option<Task>,
    /// The numeric column with the weight of each row.
    pub weight: Option<String>,
    /// The column with the part of each row: `train`, `valid` or `test`.
    pub split: Option<String>,
    /// The column with the group of each row. Rows of a group stay in the same part of a split.
    pub group: Option<String>,
    /// The column with the time of each row. The latest rows become the test rows.
    pub time: Option<String>,
    /// A separate file of test rows.
    pub test: Option<Source>,
    /// The kinds of columns whose kind is not to be inferred from their values.
    pub kinds: BTreeMap<String, ColumnKind>,
    /// The schema of a model that is to be evaluated on the table. Then no other column is a feature,
    /// and the target may be one that could not be learned. The table is nevertheless read with
    /// [`dialect`](Self::dialect), not with that of the schema.
    pub model: Option<Schema>,
    /// How text files are read.
    pub dialect: Dialect,
}

impl ReadOptions {
    /// The kind of a column, if it is not to be inferred from its values.
    pub(super) fn kind(&self, name: &String) -> Option<ColumnKind> {
        let is_name = |role: &Option<String>| role.as_ref() == Some(name);
        // Values that are compared must be exact, and large numbers are not.
        let by_role =
            (is_name(&self.split) || is_name(&self.group)).then_some(ColumnKind::Categorical);
        let requested = self.kinds.get(name).copied().or(by_role);
        let Some(model) = &self.model else {
            return requested;
        };
        let needed = model.columns.iter().find(|column| column.name == *name);
        match needed {
            Some(column) => Some(column.kind),
            None if self.named().any(|named| named == name) => requested,
            None => Some(ColumnKind::Drop),
        }
    }

    /// The columns that must exist: those that are named, and those of the model.
    pub(super) fn wanted(&self) -> Vec<&String> {
        let needed = self.model.iter().flat_map(Schema::names);
        let named = self.named().chain(self.kinds.keys());
        named.chain(needed).collect()
    }

    /// The columns that have a role other than that of a feature.
    pub(super) fn named(&self) -> impl Iterator<Item = &String> {
        self.target
            .iter()
            .chain(&self.weight)
            .chain(&self.split)
            .chain(&self.group)
            .chain(&self.time)
    }
}
