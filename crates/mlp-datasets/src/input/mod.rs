//! Files and other sources of tables, and their rows before they are interpreted.

mod dialect;
pub(crate) mod file;
mod header;
mod reader;
mod source;
mod text;

pub use dialect::Dialect;
pub(crate) use header::find_columns;
pub(crate) use reader::{InputReader, column_names};
pub use source::Source;
pub(crate) use source::{Input, ROWS_PER_CHUNK};
pub(crate) use text::TextReader;
