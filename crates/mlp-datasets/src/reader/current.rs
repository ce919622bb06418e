use std::path::PathBuf;

use arrow_schema::SchemaRef;

use crate::error::Error;
use crate::input::{Input, InputReader, find_columns_of};
use crate::schema::Schema;

/// The input that is being read.
pub(super) struct Current {
    pub path: PathBuf,
    pub reader: InputReader,
    /// The indices of the schema's columns.
    pub indices: Vec<usize>,
    /// The indices of the first input's columns, if they are in another order here.
    pub order: Option<Vec<usize>>,
    pub num_rows: usize,
}

impl Current {
    /// Opens an input, whose columns must be those of the header if one is given. If it may be empty, an
    /// input without rows may have any columns.
    pub fn open(
        input: &Input,
        schema: &Schema,
        header: Option<&[String]>,
        may_be_empty: bool,
    ) -> Result<(Self, Vec<String>, Option<SchemaRef>), Error> {
        let path = input.path();
        let mut names: Vec<&String> = schema.names().collect();
        names.extend(header.unwrap_or_default());
        let mut reader = InputReader::open(input, &schema.dialect, &names)?;
        let (found, types) = (reader.header(), reader.types());
        let find = || {
            let indices = find_columns_of(&path, schema.names(), &reader)?;
            let order = match header {
                Some(header) if *header != found => Some(find_columns_of(&path, header, &reader)?),
                Some(_) | None => None,
            };
            Ok((indices, order))
        };
        let (indices, order) = match find() {
            Err(_) if may_be_empty && reader.has_no_rows(&path)? => {
                return Err(Error::EmptyFile { path });
            }
            found => found?,
        };
        let current = Self {
            path,
            reader,
            indices,
            order,
            num_rows: 0,
        };
        Ok((current, found, types))
    }
}
