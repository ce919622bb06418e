use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use mlp_datasets::bytes::Bytes;
use mlp_datasets::{ReadOptions, Source, read_dataset};

use crate::protocol::Failure;

/// How large a file may be, in bytes.
pub const MAX_FILE_SIZE: usize = 16 << 20;
/// How many files are kept: with another one, the first one is forgotten.
const MAX_FILES: usize = 16;

/// The files that were given to the page, for as long as the program runs.
#[derive(Default)]
pub struct Tables {
    files: Mutex<Files>,
}

#[derive(Default)]
struct Files {
    by_name: BTreeMap<String, (u64, Bytes)>,
    added: u64,
}

impl Tables {
    /// Keeps a file, in place of another one of the same name.
    ///
    /// # Errors
    ///
    /// If its name is that of a data set, it is too large, or no table can be read from it.
    pub fn add(&self, name: String, content: Bytes) -> Result<(), Failure> {
        if name.parse::<mlp_datasets::BuiltIn>().is_ok() {
            return Err(
                Failure::new(format!("`{name}` is the name of a built-in data set"))
                    .with_hint("rename the file"),
            );
        }
        if content.len() > MAX_FILE_SIZE {
            let (size, max) = (content.len() >> 20, MAX_FILE_SIZE >> 20);
            return Err(
                Failure::new(format!("`{name}` has {size} MiB, but {max} is the most"))
                    .with_hint(format!("train on it with `trainer train {name}`")),
            );
        }
        // A file that cannot be read is not kept, so that nobody chooses it.
        read_dataset(
            &Source::from_bytes(&name, content.clone()),
            &ReadOptions::default(),
        )?;
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.added += 1;
        let number = files.added;
        files.by_name.insert(name, (number, content));
        if files.by_name.len() > MAX_FILES {
            let oldest = files.by_name.iter().min_by_key(|(_, (number, _))| *number);
            if let Some(name) = oldest.map(|(name, _)| name.clone()) {
                files.by_name.remove(&name);
            }
        }
        Ok(())
    }

    /// The content of a file.
    pub fn get(&self, name: &str) -> Option<Bytes> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.by_name.get(name).map(|(_, content)| content.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_files_the_first_is_forgotten() {
        let tables = Tables::default();
        for number in 0..=MAX_FILES {
            let content = format!("a,b\n1,{number}\n2,0\n");
            tables.add(format!("{number}.csv"), content.into()).unwrap();
        }
        assert_eq!(tables.get("0.csv"), None);
        assert_eq!(
            tables.get("1.csv").as_deref(),
            Some(&b"a,b\n1,1\n2,0\n"[..])
        );
    }

    #[test]
    fn a_file_that_is_no_table_is_refused_and_not_kept() {
        let tables = Tables::default();
        for content in ["", "a,b\n1,2\n3,4,5\n", "\u{89}PNG\r\n\u{1a}\n"] {
            assert!(tables.add("broken.csv".to_owned(), content.into()).is_err());
        }
        assert_eq!(tables.get("broken.csv"), None);
    }

    #[test]
    fn a_file_named_like_a_data_set_is_refused() {
        let failure = Tables::default().add("iris".to_owned(), Bytes::new());
        assert!(failure.unwrap_err().message.contains("built-in"));
    }
}
