use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read, Seek, stdin};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatchReader;
use arrow_ipc::reader::{FileReader, StreamReader};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;

use super::file;
use crate::error::Error;

/// The bytes at the beginning of each format.
const PARQUET_MAGIC: &[u8] = b"PAR1";
const ARROW_FILE_MAGIC: &[u8] = b"ARROW1";
/// The continuation marker of a stream; no text in UTF-8 begins like that.
const ARROW_STREAM_MAGIC: &[u8] = &[0xff; 4];

/// The number of rows of a file that are in memory at a time.
pub(crate) const ROWS_PER_CHUNK: usize = 8192;

/// Where a table is read from: a file, several files with the same columns, or standard input.
///
/// The format of a file (CSV, optionally compressed with gzip, Parquet, or Arrow IPC) is detected
/// from its first bytes, whatever its name is.
#[derive(Clone, Debug)]
pub struct Source {
    inputs: Vec<Input>,
}

/// One file, or something that is read like one.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    File(PathBuf),
    Bytes { name: PathBuf, bytes: Bytes },
    Stdin,
}

/// The content of an input.
pub(crate) enum Content {
    Text(Box<dyn Read>),
    Batches(Box<dyn RecordBatchReader>),
}

impl Source {
    /// The source for a path, a pattern such as `data/*.csv` for several files, or `-` for standard
    /// input.
    ///
    /// # Errors
    ///
    /// If no file matches a pattern. Whether a file can be read is not checked until it is read.
    pub fn new(spec: &str) -> Result<Self, Error> {
        if spec == "-" {
            return Ok(Self {
                inputs: vec![Input::Stdin],
            });
        }
        let is_pattern = spec.contains(['*', '?', '[']) && !Path::new(spec).exists();
        if !is_pattern {
            return Ok(Self {
                inputs: vec![Input::File(PathBuf::from(spec))],
            });
        }
        let no_match = |reason: String| Error::NoMatch {
            pattern: spec.to_owned(),
            reason,
        };
        // In alphabetical order.
        let paths = glob::glob(spec).map_err(|error| no_match(error.to_string()))?;
        let inputs: Vec<Input> = paths.flatten().map(Input::File).collect();
        if inputs.is_empty() {
            return Err(no_match("there is no such file".to_owned()));
        }
        Ok(Self { inputs })
    }

    /// Bytes in memory, in any format that a file can have. The name is used in messages.
    pub fn from_bytes(name: &str, bytes: impl Into<Bytes>) -> Self {
        Self {
            inputs: vec![Input::Bytes {
                name: PathBuf::from(name),
                bytes: bytes.into(),
            }],
        }
    }

    /// A short name: that of the file without its extensions, with `_` for all characters but
    /// letters, digits and `-`.
    pub fn name(&self) -> String {
        let stem = match &self.inputs[0] {
            Input::Stdin => "stdin".into(),
            Input::File(path) | Input::Bytes { name: path, .. } => {
                path.file_name().unwrap_or_default().to_string_lossy()
            }
        };
        let stem = stem.split('.').find(|part| !part.is_empty());
        // Folders may have any name; a pattern's `*` is not in the names of its files.
        let name = stem.unwrap_or("table");
        let to_word = |character: char| {
            if character.is_alphanumeric() || character == '-' {
                character
            } else {
                '_'
            }
        };
        name.chars().map(to_word).collect()
    }

    pub(crate) fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The same source, with standard input read into memory, so that it can be read twice.
    pub(crate) fn into_rereadable(self) -> Result<Self, Error> {
        let inputs = self.inputs.into_iter().map(|input| {
            let Input::Stdin = input else {
                return Ok(input);
            };
            let mut bytes = Vec::new();
            match stdin().lock().read_to_end(&mut bytes) {
                Ok(_) => Ok(Input::Bytes {
                    name: PathBuf::from("stdin"),
                    bytes: bytes.into(),
                }),
                Err(source) => Err(file::cannot_read(&input.path(), source)),
            }
        });
        Ok(Self {
            inputs: inputs.collect::<Result<_, _>>()?,
        })
    }
}

impl Input {
    /// Its path or, in messages, its name.
    pub fn path(&self) -> PathBuf {
        match self {
            Self::File(path) | Self::Bytes { name: path, .. } => path.clone(),
            Self::Stdin => PathBuf::from("stdin"),
        }
    }

    /// Opens it from its beginning.
    pub fn open(&self) -> Result<Content, Error> {
        let path = self.path();
        let io = |source| file::cannot_read(&path, source);
        let mut input: Box<dyn BufRead> = match self {
            Self::File(path) => {
                let file = File::open(path).map_err(io)?;
                if file.metadata().map_err(io)?.is_dir() {
                    return Err(io(std::io::ErrorKind::IsADirectory.into()));
                }
                Box::new(BufReader::with_capacity(1 << 17, file))
            }
            Self::Bytes { bytes, .. } => Box::new(Cursor::new(bytes.clone())),
            Self::Stdin => Box::new(BufReader::with_capacity(1 << 17, stdin())),
        };
        let start = input.fill_buf().map_err(io)?;
        let is_parquet = start.starts_with(PARQUET_MAGIC);
        let is_arrow = start.starts_with(ARROW_FILE_MAGIC);
        if start.starts_with(ARROW_STREAM_MAGIC) {
            let reader = StreamReader::try_new(input, None);
            let reader = reader.map_err(|error| Error::damaged(&path, &error))?;
            return Ok(Content::Batches(Box::new(reader)));
        }
        if !is_parquet && !is_arrow {
            return Ok(Content::Text(file::decompress(input).map_err(io)?));
        }
        // These formats are read from the end of the file, so a pipe is read into memory first.
        let bytes = match self {
            Self::File(path) => {
                let file = File::open(path).map_err(io)?;
                return if is_parquet {
                    open_parquet(path, file)
                } else {
                    open_arrow(path, BufReader::new(file))
                };
            }
            Self::Bytes { bytes, .. } => bytes.clone(),
            Self::Stdin => {
                let mut bytes = Vec::new();
                input.read_to_end(&mut bytes).map_err(io)?;
                bytes.into()
            }
        };
        if is_parquet {
            open_parquet(&path, bytes)
        } else {
            open_arrow(&path, Cursor::new(bytes))
        }
    }
}

fn open_parquet(path: &Path, reader: impl ChunkReader + 'static) -> Result<Content, Error> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(reader)
        .and_then(|builder| builder.with_batch_size(ROWS_PER_CHUNK).build());
    match reader {
        Ok(reader) => Ok(Content::Batches(Box::new(reader))),
        Err(error) => Err(Error::damaged(path, &error)),
    }
}

fn open_arrow(path: &Path, reader: impl Read + Seek + 'static) -> Result<Content, Error> {
    match FileReader::try_new(reader, None) {
        Ok(reader) => Ok(Content::Batches(Box::new(reader))),
        Err(error) => Err(Error::damaged(path, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_gives_its_files_in_alphabetical_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", "c.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let spec = |pattern: &str| folder.path().join(pattern).display().to_string();

        let source = Source::new(&spec("*.csv")).unwrap();

        let paths: Vec<_> = source.inputs().iter().map(Input::path).collect();
        assert_eq!(
            paths,
            ["a.csv", "b.csv"].map(|name| folder.path().join(name))
        );
        assert!(matches!(
            Source::new(&spec("*.tsv")),
            Err(Error::NoMatch { .. })
        ));
    }

    #[test]
    fn the_name_is_that_of_the_file_without_its_extensions() {
        for (spec, name) in [
            ("data/titanic.csv.gz", "titanic"),
            ("titanic", "titanic"),
            (".hidden.csv", "hidden"),
            ("my data (1).csv", "my_data__1_"),
            ("-", "stdin"),
        ] {
            assert_eq!(Source::new(spec).unwrap().name(), name);
        }
    }
}
