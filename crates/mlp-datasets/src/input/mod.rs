//! Files and other sources of tables, and their rows before they are interpreted.

mod blanks;
mod dialect;
mod encoding;
pub(crate) mod file;
mod first_row;
mod header;
mod judgement;
mod kind;
mod lines;
mod not_a_table;
mod quote;
mod reader;
mod scan;
mod sniff;
mod source;
mod text;

pub use dialect::Dialect;
pub(crate) use encoding::in_windows_1252;
pub(crate) use header::find_columns;
pub use quote::Quote;
pub(crate) use reader::{InputReader, column_names};
pub use source::Source;
pub(crate) use source::{Input, ROWS_PER_CHUNK};
pub(crate) use text::TextReader;
