use crate::ColumnKind;

/// Which columns a table has, and of which kinds: what a model needs to be given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The columns, in the order in which they are wanted.
    pub columns: Vec<SchemaColumn>,
}

/// A column of a [`Schema`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaColumn {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
}

impl Schema {
    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().map(|column| &column.name)
    }
}
