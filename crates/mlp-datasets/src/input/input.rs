use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, stdin};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use arrow_array::RecordBatchReader;
use bytes::Bytes;

use super::arrow_claims::CheckedStream;
use super::batches::Batches;
use super::bounds::{MOST_UNPACKED_BYTES, TooMuchUnpacked};
use super::compression::{Compression, decompress_with};
use super::dialect::Dialect;
use super::encoding::{decode, in_utf_8};
use super::file;
use super::format::{Format, SAMPLE_SIZE};
use super::guard::{Guarded, guarded};
use super::json::{self, JsonBatches, Shape};
use super::memory::MemoryBatches;
use super::notes::Notes;
use super::partitions::{Key, WithKeys};
use super::place::Place;
use super::seekable::Seekable;
use super::typed;
use super::workbook::{self, SheetFacts, Wanted};
use super::zeros::ZeroGuard;
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

/// What takes time to find out, and is needed whenever the input is opened.
#[derive(Debug, Default)]
struct Known {
    sheet: OnceLock<(MemoryBatches, Arc<SheetFacts>)>,
    json: OnceLock<json::Layout>,
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

    /// The path of a file; nothing for standard input and for what is in memory.
    pub fn file(&self) -> Option<PathBuf> {
        match &self.place {
            Place::File(path) | Place::Pipe(path) => Some(path.clone()),
            Place::Stdin | Place::Bytes { .. } => None,
        }
    }

    /// Where to note what is odd about it.
    pub fn notes(&self) -> &Notes {
        &self.notes
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
            _ if compressed => self.read_unpacked(content).map(Seekable::Bytes),
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
            Format::Json(shape) => self.open_json(content, shape, compressed)?,
            Format::ArrowStream => {
                let open = || typed::open_stream(&path, CheckedStream::new(content));
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
        compressed: bool,
    ) -> Result<Box<dyn RecordBatchReader>, Error> {
        let path = self.path();
        let layout = |content: &mut dyn BufRead| json::layout(&path, content, shape, &self.notes);
        let (found, content) = match (self.known.json.get(), &self.place) {
            (Some(found), _) => (found.clone(), content),
            (None, Place::File(_) | Place::Bytes { .. }) => {
                let found = layout(&mut BufReader::new(content))?;
                (found, self.detect()?.content)
            }
            (None, Place::Stdin | Place::Pipe(_)) => {
                let bytes = if compressed {
                    self.read_unpacked(content)?
                } else {
                    self.read(content)?
                };
                let found = layout(&mut Cursor::new(&bytes))?;
                (found, Box::new(Cursor::new(bytes)) as Box<dyn Read>)
            }
        };
        let found = self.known.json.get_or_init(|| found).clone();
        Ok(Box::new(JsonBatches::new(&path, content, shape, found)?))
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
            return self.detect_content(&sample, content, false);
        }
        let content = decompress_with(compression, BufReader::new(content)).map_err(io)?;
        let (sample, content) = peek(content).map_err(io)?;
        if Compression::detect(&sample).is_some() {
            return Ok(Opened {
                format: Format::CompressedTwice,
                compressed: true,
                content: Box::new(content),
            });
        }
        self.detect_content(&sample, content, true)
    }

    /// Finds out what content is that is not compressed any more. JSON is in UTF-8 then.
    fn detect_content(
        &self,
        sample: &[u8],
        content: impl Read + 'static,
        compressed: bool,
    ) -> Result<Opened, Error> {
        let mut content: Box<dyn Read> = Box::new(content);
        let mut format = Format::detect(sample);
        let text = in_utf_8(sample).map(|text| Format::detect(text.as_bytes()));
        if let Some(json @ Format::Json(_)) = text {
            format = json;
            let mut mark = vec![0; 2];
            let read = content.read_exact(&mut mark);
            read.map_err(|source| file::cannot_read(&self.path(), source))?;
            content = decode(mark, content, &Dialect::default())?.text;
        }
        if matches!(format, Format::Json(_)) {
            content = Box::new(ZeroGuard::new(content, &self.path(), &self.notes));
        }
        Ok(Opened {
            format,
            compressed,
            content,
        })
    }

    /// Its bytes, compressed or not.
    pub fn raw(&self) -> Result<Box<dyn Read>, Error> {
        Ok(match &self.place {
            Place::File(path) | Place::Pipe(path) => {
                let file = File::open(path).map_err(|source| file::cannot_read(path, source))?;
                Box::new(BufReader::with_capacity(1 << 17, file))
            }
            Place::Bytes { bytes, .. } => Box::new(Cursor::new(bytes.clone())),
            Place::Stdin => Box::new(stdin()),
        })
    }

    /// All bytes of its content, which was compressed and need not be as small as it looks.
    fn read_unpacked(&self, content: Box<dyn Read>) -> Result<Bytes, Error> {
        let bytes = self.read(Box::new(content.take(MOST_UNPACKED_BYTES + 1)))?;
        if bytes.len() as u64 > MOST_UNPACKED_BYTES {
            return Err(Error::damaged(&self.path(), &TooMuchUnpacked));
        }
        Ok(bytes)
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
