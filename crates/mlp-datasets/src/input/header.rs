use std::collections::HashMap;
use std::path::Path;

use super::reader::InputReader;
use crate::error::Error;

/// The index of each wanted column among the columns of a file.
pub(crate) fn find_columns<'a>(
    path: &Path,
    wanted: impl IntoIterator<Item = &'a String>,
    found: &[String],
) -> Result<Vec<usize>, Error> {
    // The index of each name and how often it occurs.
    let mut indices = HashMap::with_capacity(found.len());
    for (index, name) in found.iter().enumerate() {
        indices
            .entry(name)
            .and_modify(|(_, count)| *count += 1)
            .or_insert((index, 1));
    }
    let find = |name: &String| match indices.get(name) {
        Some((index, 1)) => Ok(*index),
        Some(_) => Err(Error::DuplicateColumn {
            path: path.to_owned(),
            column: name.clone(),
        }),
        None => Err(Error::MissingColumn {
            path: path.to_owned(),
            column: name.clone(),
            found: found.to_vec(),
            sheets: Vec::new(),
        }),
    };
    wanted.into_iter().map(find).collect()
}

/// The index of each wanted column among the columns of an open file.
pub(crate) fn find_columns_of<'a>(
    path: &Path,
    wanted: impl IntoIterator<Item = &'a String>,
    reader: &InputReader,
) -> Result<Vec<usize>, Error> {
    let others = reader.sheet().filter(|sheet| !sheet.others.is_empty());
    find_columns(path, wanted, &reader.header()).map_err(|mut error| {
        // The column may be in another sheet.
        if let (Error::MissingColumn { sheets, .. }, Some(sheet)) = (&mut error, others) {
            *sheets = vec![sheet.name.clone()];
            sheets.extend(sheet.others.iter().cloned());
        }
        error
    })
}
