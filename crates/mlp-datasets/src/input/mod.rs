//! Files and other sources of tables, and their rows before they are interpreted.

mod archive;
mod arrow_claims;
mod arrow_stream;
mod batches;
mod blanks;
mod bounds;
mod byte_text;
mod cell_text;
mod cells;
pub(crate) mod checksum;
mod column_type;
pub(crate) mod compression;
mod dialect;
mod digest;
mod encoding;
pub(crate) mod file;
mod first_row;
mod format;
mod guard;
mod gzip;
mod header;
#[expect(clippy::module_inception)] // An input is what this module is about.
mod input;
mod json;
mod judgement;
mod kind;
mod lines;
mod memory;
mod not_a_table;
mod notes;
mod parquet_footer;
mod partitions;
mod place;
mod quote;
mod reader;
mod repeats;
mod scan;
mod seekable;
mod sniff;
mod source;
mod surplus;
mod text;
mod typed;
mod workbook;
mod zeros;

pub use arrow_stream::ArrowStream;
pub(crate) use cell_text::plain_text;
pub use checksum::sha256;
pub(crate) use column_type::is_untyped;
pub use dialect::Dialect;
pub(crate) use encoding::in_windows_1252;
pub use format::is_plain_text;
pub(crate) use header::{find_columns, find_columns_of};
pub(crate) use input::Input;
pub use quote::Quote;
pub(crate) use reader::{InputReader, column_names};
pub use source::Source;
pub(crate) use text::TextReader;

/// The number of rows of a file that are in memory at a time.
pub(crate) const ROWS_PER_CHUNK: usize = 4096;
