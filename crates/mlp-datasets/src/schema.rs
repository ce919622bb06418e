use crate::input::Dialect;
use crate::table::ColumnKind;

/// The columns that a model takes from a table, and how text files write them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The columns, in the order in which they are taken.
    pub columns: Vec<SchemaColumn>,
    /// How texts are split into cells, and which cells are missing values.
    pub dialect: Dialect,
}

/// A column of a [`Schema`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaColumn {
    /// Its name.
    pub name: String,
    /// The kind of its values.
    pub kind: ColumnKind,
}

impl Schema {
    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().map(|column| &column.name)
    }
}
