use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use csv::WriterBuilder;

use super::plan::Cell;
use super::record::Record;
use crate::Error;

/// The file of all results of a benchmark, to which each training adds a line as soon as it ends.
#[derive(Debug)]
pub struct Results {
    path: PathBuf,
    file: File,
    records: Vec<Record>,
}

impl Results {
    /// Opens `results.csv` in a folder, which is made if it is missing. A last line that is not complete,
    /// because the program was ended while it wrote it, is removed; with `force`, all lines are.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written, holds something else, has a damaged line, or another
    /// benchmark writes to it.
    pub fn open(folder: &Path, force: bool) -> Result<Self, Error> {
        let path = folder.join("results.csv");
        let io = |action| {
            let path = path.clone();
            move |source| Error::Io {
                action,
                path,
                source,
            }
        };
        fs::create_dir_all(folder).map_err(|source| Error::Io {
            action: "create",
            path: folder.to_owned(),
            source,
        })?;
        let mut options = File::options();
        let options = options.read(true).write(true).create(true);
        let mut file = options.open(&path).map_err(io("write"))?;
        match file.try_lock() {
            // Some file systems have no locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Mismatch {
                    what: format!("another benchmark is writing to `{}`", path.display()),
                    hint: "choose another folder with `--output`".to_owned(),
                });
            }
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io("read"))?;
        // Each write ends with the end of a line.
        let complete = bytes
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |last| last + 1);
        bytes.truncate(complete);
        let header = header();
        if !bytes.is_empty() && !bytes.starts_with(&header) {
            return Err(Error::NotResults { path });
        }
        if force {
            bytes.clear();
        }
        let records = parse(&bytes, &path)?;
        file.set_len(bytes.len() as u64).map_err(io("write"))?;
        file.seek(SeekFrom::End(0)).map_err(io("write"))?;
        if bytes.is_empty() {
            file.write_all(&header).map_err(io("write"))?;
        }
        Ok(Self {
            path,
            file,
            records,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The last result of a training, with the names that its data set and model have now.
    pub fn of(&self, cell: &Cell) -> Option<Record> {
        let found = self
            .records
            .iter()
            .rev()
            .find(|record| record.is_of(cell))?;
        Some(Record {
            data: cell.data.clone(),
            model: cell.model.clone(),
            ..found.clone()
        })
    }

    /// Adds a line, with a single write, so that it is there as a whole or recognisably torn.
    ///
    /// # Errors
    ///
    /// If the file cannot be written to.
    pub fn add(&mut self, record: Record) -> Result<(), Error> {
        let line = lines(&record, false).and_then(|line| self.file.write_all(&line));
        line.map_err(|source| Error::Io {
            action: "write",
            path: self.path.clone(),
            source,
        })?;
        self.records.push(record);
        Ok(())
    }
}

/// The first line of the file.
fn header() -> Vec<u8> {
    let mut lines = lines(&Record::default(), true).unwrap_or_default();
    let end = lines
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(0, |end| end + 1);
    lines.truncate(end);
    lines
}

fn lines(record: &Record, with_header: bool) -> io::Result<Vec<u8>> {
    let mut builder = WriterBuilder::new();
    let mut writer = builder.has_headers(with_header).from_writer(Vec::new());
    writer.serialize(record)?;
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn parse(bytes: &[u8], path: &Path) -> Result<Vec<Record>, Error> {
    let mut reader = csv::Reader::from_reader(bytes);
    let records = reader.deserialize().zip(2..).map(|(record, line)| {
        record.map_err(|source| Error::DamagedLine {
            path: path.to_owned(),
            line,
            reason: source.to_string(),
        })
    });
    records.collect()
}
