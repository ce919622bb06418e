use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, stdin};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use arrow_array::RecordBatchReader;
use bytes::Bytes;

use super::dialect::Dialect;
use super::file;
use super::format::{Compression, Format, SAMPLE_SIZE};
use super::guard::{Guarded, guarded};
use super::json::{self, JsonBatches};
use super::json_shape::Shape;
use super::memory::MemoryBatches;
use super::partitions::{Key, WithKeys};
use super::reader::Batches;
use super::sheet_table::SheetFacts;
use super::source::Notes;
use super::typed::{self, Seekable};
use super::workbook::{self, Wanted};
use crate::error::Error;

/// One file, or something that is read like one.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    place: Place,
    /// The sheet to read, if it is a workbook.
    sheet: Option<String>,
    /// The columns in the names of its folders.
    keys: Vec<Key>,
    known: Arc<Known>,
    notes: Notes,
}

/// Where the bytes are.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    File(PathBuf),
    Bytes {
        name: PathBuf,
        bytes: Bytes,
    },
    Stdin,
    /// A pipe or another file that can be read once, such as `/dev/fd/63`.
    Pipe(PathBuf),
}

impl Place {
    /// The place of a path.
    pub fn of(path: PathBuf) -> Self {
        // Whether it can be read at all is found out when it is read.
        let is_pipe = path
            .metadata()
            .is_ok_and(|of| !of.is_file() && !of.is_dir());
        if is_pipe {
            Self::Pipe(path)
        } else {
            Self::File(path)
        }
    }
}

/// What takes time to find out, and is needed whenever the input is opened.
#[derive(Debug, Default)]
struct Known {
    sheet: OnceLock<(MemoryBatches, Arc<SheetFacts>)>,
    json: OnceLock<json::Columns>,
    /// The columns of bytes that hold text.
    text: OnceLock<Vec<usize>>,
}

/// The content of an input.
pub(crate) enum Content {
    Text {
        text: Box<dyn Read>,
        /// Columns that are not in the text, and have the same value in all rows.
        keys: Vec<Key>,
    },
    Batches(Batches),
}

/// What a file is, and the whole of it from its beginning.
struct Opened {
    format: Format,
    compressed: bool,
    content: Box<dyn Read>,
}

impl Input {
    pub fn new(place: Place, keys: Vec<Key>, notes: &Notes) -> Self {
        Self {
            place,
            sheet: None,
            keys,
            known: Arc::default(),
            notes: notes.clone(),
        }
    }

    pub fn with_sheet(self, sheet: &str) -> Self {
        Self {
            sheet: Some(sheet.to_owned()),
            known: Arc::default(),
            ..self
        }
    }

    /// The same input, in memory if it can be read once only.
    pub fn into_rereadable(self) -> Result<Self, Error> {
        match self.place {
            Place::File(_) | Place::Bytes { .. } => Ok(self),
            Place::Stdin | Place::Pipe(_) => self.in_memory(),
        }
    }

    fn in_memory(self) -> Result<Self, Error> {
        let name = self.path();
        let bytes = self.read(self.raw()?)?;
        let place = Place::Bytes { name, bytes };
        Ok(Self { place, ..self })
    }

    /// Its path or, in messages, its name.
    pub fn path(&self) -> PathBuf {
        match &self.place {
            Place::File(path) | Place::Pipe(path) | Place::Bytes { name: path, .. } => path.clone(),
            Place::Stdin => PathBuf::from("stdin"),
        }
    }

    /// The columns in the names of its folders.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Opens it from its beginning. The columns of the given names should be in it.
    pub fn open(&self, dialect: &Dialect, names: &[&String]) -> Result<Content, Error> {
        let Opened {
            format,
            compressed,
            content,
        } = self.detect()?;
        let path = self.path();
        let is_workbook = matches!(format, Format::Zip | Format::CompoundFile);
        if self.sheet.is_some() && !is_workbook {
            return Err(Error::NoSheets { path });
        }
        let whole = |content| match &self.place {
            Place::File(path) if !compressed => Ok(Seekable::File(path.clone())),
            Place::Bytes { bytes, .. } if !compressed => Ok(Seekable::Bytes(bytes.clone())),
            Place::File(_) | Place::Bytes { .. } | Place::Stdin | Place::Pipe(_) => {
                self.read(content).map(Seekable::Bytes)
            }
        };
        let mut sheet = Arc::default();
        let batches: Box<dyn RecordBatchReader> = match format {
            Format::Text => {
                let keys = self.keys.clone();
                return Ok(Content::Text {
                    text: content,
                    keys,
                });
            }
            Format::NoTable(no_table) => return Err(no_table.error(&path)),
            Format::CompressedTwice => {
                let format = "compressed twice";
                return Err(Error::UnsupportedFormat { path, format });
            }
            Format::Json(shape) => self.open_json(content, shape)?,
            Format::ArrowStream => {
                let open = || typed::open_stream(&path, content);
                Box::new(Guarded::new(guarded(&path, open)?))
            }
            Format::Parquet | Format::ArrowFile => {
                let open = || typed::open(&path, format, &whole(content)?, &self.known.text);
                Box::new(Guarded::new(guarded(&path, open)?))
            }
            Format::Zip | Format::CompoundFile => {
                let open = || self.open_workbook(format, || whole(content), dialect, names);
                let (batches, facts) = guarded(&path, open)?;
                sheet = facts;
                Box::new(batches)
            }
        };
        let batches = if self.keys.is_empty() {
            batches
        } else {
            Box::new(WithKeys::new(batches, &self.keys))
        };
        Ok(Content::Batches(Batches { batches, sheet }))
    }

    fn open_json(
        &self,
        content: Box<dyn Read>,
        shape: Shape,
    ) -> Result<Box<dyn RecordBatchReader>, Error> {
        let path = self.path();
        let (columns, content) = match (self.known.json.get(), &self.place) {
            (Some(columns), _) => (columns.clone(), content),
            (None, Place::File(_) | Place::Bytes { .. }) => {
                let columns = json::columns(&path, BufReader::new(content), shape)?;
                (columns, self.detect()?.content)
            }
            (None, Place::Stdin | Place::Pipe(_)) => {
                let bytes = self.read(content)?;
                let columns = json::columns(&path, Cursor::new(&bytes), shape)?;
                (columns, Box::new(Cursor::new(bytes)) as Box<dyn Read>)
            }
        };
        let columns = self.known.json.get_or_init(|| columns).clone();
        Ok(Box::new(JsonBatches::new(&path, content, shape, columns)?))
    }

    fn open_workbook(
        &self,
        format: Format,
        whole: impl FnOnce() -> Result<Seekable, Error>,
        dialect: &Dialect,
        names: &[&String],
    ) -> Result<(MemoryBatches, Arc<SheetFacts>), Error> {
        if let Some(sheet) = self.known.sheet.get() {
            return Ok(sheet.clone());
        }
        let path = self.path();
        let file = whole()?.open(&path)?;
        let wanted = Wanted {
            sheet: self.sheet.as_deref(),
            names,
            dialect,
        };
        let (batches, facts) = workbook::read(&path, format, file, &wanted, &self.notes)?;
        let sheet = (batches, Arc::new(facts));
        Ok(self.known.sheet.get_or_init(|| sheet).clone())
    }

    /// Finds out what it is.
    fn detect(&self) -> Result<Opened, Error> {
        let io = |source| file::cannot_read(&self.path(), source);
        let (sample, content) = peek(self.raw()?).map_err(io)?;
        let compression = Compression::detect(&sample);
        if compression.is_none() {
            return Ok(Opened {
                format: Format::detect(&sample),
                compressed: false,
                content: Box::new(content),
            });
        }
        let content = file::decompress_with(compression, BufReader::new(content)).map_err(io)?;
        let (sample, content) = peek(content).map_err(io)?;
        Ok(Opened {
            format: match Compression::detect(&sample) {
                Some(_) => Format::CompressedTwice,
                None => Format::detect(&sample),
            },
            compressed: true,
            content: Box::new(content),
        })
    }

    /// Its bytes, compressed or not.
    fn raw(&self) -> Result<Box<dyn Read>, Error> {
        Ok(match &self.place {
            Place::File(path) | Place::Pipe(path) => {
                let file = File::open(path).map_err(|source| file::cannot_read(path, source))?;
                Box::new(BufReader::with_capacity(1 << 17, file))
            }
            Place::Bytes { bytes, .. } => Box::new(Cursor::new(bytes.clone())),
            Place::Stdin => Box::new(stdin()),
        })
    }

    /// All bytes of its content.
    fn read(&self, mut content: Box<dyn Read>) -> Result<Bytes, Error> {
        let mut bytes = Vec::new();
        match content.read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes.into()),
            Err(source) => Err(file::cannot_read(&self.path(), source)),
        }
    }
}

/// The first bytes, and all bytes.
fn peek(mut content: Box<dyn Read>) -> io::Result<(Vec<u8>, impl Read)> {
    let mut sample = Vec::new();
    content
        .by_ref()
        .take(SAMPLE_SIZE as u64)
        .read_to_end(&mut sample)?;
    Ok((sample.clone(), Cursor::new(sample).chain(content)))
}
