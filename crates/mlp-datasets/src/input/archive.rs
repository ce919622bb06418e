//! The zip archives that workbooks are.

use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use zip::ZipArchive;

use super::bounds::{MOST_UNPACKED_BYTES, TooMuchUnpacked};
use super::not_a_table::identify_archive;
use super::repeats::CellCounter;
use super::seekable::ReadSeek;
use crate::error::Error;

const MAX_MANIFEST: u64 = 1 << 20;

/// The formats that zip archives can have.
pub(super) enum Archive {
    Excel,
    ExcelBinary,
    OpenDocument,
}

/// Which format an archive has, if its content is complete and not too large.
pub(super) fn check_archive(path: &Path, file: &mut dyn ReadSeek) -> Result<Archive, Error> {
    let zip_error = |error: zip::result::ZipError| Error::damaged(path, &error.to_string());
    let mut zip = ZipArchive::new(BufReader::new(&mut *file)).map_err(zip_error)?;
    let archive = identify(path, &mut zip)?;
    if let Ok(manifest) = zip.by_name("META-INF/manifest.xml") {
        let mut text = Vec::new();
        let read = manifest.take(MAX_MANIFEST).read_to_end(&mut text);
        read.map_err(|error| Error::damaged(path, &error))?;
        if String::from_utf8_lossy(&text).contains("encryption-data") {
            return Err(Error::Encrypted {
                path: path.to_owned(),
            });
        }
    }
    let mut left = MOST_UNPACKED_BYTES;
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(|error| {
            if error.to_string().to_lowercase().contains("password") {
                Error::Encrypted {
                    path: path.to_owned(),
                }
            } else {
                Error::damaged(path, &error.to_string())
            }
        })?;
        // Pictures are not read.
        let name = entry.name().map_err(zip_error)?.into_owned();
        if !matches!(Path::new(&name).extension(), Some(of) if of == "xml" || of == "bin") {
            continue;
        }
        // The size that the archive claims may be wrong.
        let is_content = name == "content.xml";
        let (mut end, mut cells) = (End::default(), CellCounter::default());
        let mut reader = entry.by_ref().take(left + 1);
        let unpacked = if is_content {
            io::copy(&mut Tee(&mut reader, &mut cells), &mut end)
        } else {
            io::copy(&mut reader, &mut end)
        };
        let unpacked = unpacked.map_err(|error| Error::damaged(path, &error.to_string()))?;
        left = left
            .checked_sub(unpacked)
            .ok_or_else(|| Error::damaged(path, &TooMuchUnpacked))?;
        if cells.are_too_many() {
            return Err(Error::damaged(
                path,
                &"its cells are too many or too far apart",
            ));
        }
        // calamine would look for the end of a table forever.
        if is_content && !end.0.ends_with(b"document-content>") {
            return Err(Error::damaged(path, &"`content.xml` ends too early"));
        }
    }
    drop(zip);
    file.rewind()
        .map_err(|error| Error::damaged(path, &error))?;
    Ok(archive)
}

/// Which kind of workbook an archive is.
fn identify<R: Read + Seek>(path: &Path, zip: &mut ZipArchive<R>) -> Result<Archive, Error> {
    let mut mimetype = Vec::new();
    if let Ok(file) = zip.by_name("mimetype") {
        let read = file.take(MAX_MANIFEST).read_to_end(&mut mimetype);
        read.map_err(|error| Error::damaged(path, &error))?;
    }
    let names = zip.file_names().filter_map(Result::ok);
    let names: Vec<_> = names.collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    let of_office = |folder: &str| names.iter().any(|name| name.starts_with(folder));
    let is_sheet = String::from_utf8_lossy(&mimetype).contains("spreadsheet");
    if has("xl/workbook.bin") {
        Ok(Archive::ExcelBinary)
    } else if has("content.xml") && is_sheet {
        Ok(Archive::OpenDocument)
    } else if has("xl/workbook.xml")
        || has("[Content_Types].xml")
            && has("_rels/.rels")
            && !of_office("word/")
            && !of_office("ppt/")
    {
        Ok(Archive::Excel)
    } else {
        Err(identify_archive(names.iter().map(|name| &**name)).error(path))
    }
}

/// Passes on what it reads, and writes it elsewhere too.
struct Tee<R, W>(R, W);

impl<R: Read, W: io::Write> Read for Tee<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.write_all(&buffer[..count])?;
        Ok(count)
    }
}

/// Keeps the last bytes that are written, without blanks behind them.
#[derive(Default)]
struct End(Vec<u8>);

impl io::Write for End {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        const KEPT: usize = 64;
        self.0
            .extend_from_slice(&bytes[bytes.len().saturating_sub(KEPT)..]);
        let length = self.0.trim_ascii_end().len();
        self.0.truncate(length);
        self.0.drain(..length.saturating_sub(KEPT));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
