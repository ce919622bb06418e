//! Files that hold no table, by their first bytes.

mod text;

use std::path::Path;

use infer::MatcherType;

use crate::error::Error;
use text::identify_text;

const UNPACK: &str = "unpack it, and name the table within";
const EXPORT: &str = "export the table as CSV or Parquet";
const FROM_PYTHON: &str = "write the table from Python, as CSV or Parquet";
const CONVERT: &str = "convert it to CSV or Parquet";

/// What a file is that holds no table as it is, and what to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoTable {
    pub what: &'static str,
    pub instead: &'static str,
}

impl NoTable {
    pub fn error(self, path: &Path) -> Error {
        Error::NotATable {
            path: path.to_owned(),
            what: self.what,
            instead: self.instead,
        }
    }
}

/// The first bytes of a format, what it is called, and what to do with it.
const FORMATS: [(&[u8], &str, &str); 35] = [
    (b"%PDF-", "a PDF document", EXPORT),
    (b"{\\rtf", "an RTF document", EXPORT),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (
        b"\xfd7zXZ\0",
        "compressed with xz",
        "decompress it with `xz --decompress`",
    ),
    (
        b"\x5d\0\0",
        "compressed with lzma",
        "decompress it with `unlzma`",
    ),
    (
        b"\x04\x22\x4d\x18",
        "compressed with lz4",
        "decompress it with `lz4 -d`",
    ),
    (
        b"\x1f\x9d",
        "compressed with compress",
        "decompress it with `uncompress`",
    ),
    (b"SQLite format 3\0", "an SQLite database", EXPORT),
    (b"\0\x01\0\0Standard Jet DB", "an Access database", EXPORT),
    (b"\0\x01\0\0Standard ACE DB", "an Access database", EXPORT),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", FROM_PYTHON),
    (b"CDF\x01", "a NetCDF file", FROM_PYTHON),
    (b"CDF\x02", "a NetCDF file", FROM_PYTHON),
    (b"MATLAB 5.0 MAT-file", "a MATLAB file", EXPORT),
    (b"\x93NUMPY", "a NumPy array", FROM_PYTHON),
    (b"\x80\x02", "a Python pickle", FROM_PYTHON),
    (b"\x80\x03", "a Python pickle", FROM_PYTHON),
    (b"\x80\x04", "a Python pickle", FROM_PYTHON),
    (b"\x80\x05", "a Python pickle", FROM_PYTHON),
    (b"RDX2\n", "an R workspace", EXPORT),
    (b"RDX3\n", "an R workspace", EXPORT),
    (b"X\n\0\0\0", "an R object (.rds)", EXPORT),
    (b"<stata_dta>", "a Stata file", EXPORT),
    (b"$FL2", "an SPSS file", EXPORT),
    (b"$FL3", "an SPSS file", EXPORT),
    (b"HEADER RECORD*******LIB", "a SAS transport file", EXPORT),
    (
        b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60",
        "a SAS file (.sas7bdat)",
        EXPORT,
    ),
    (b"Obj\x01", "an Avro file", EXPORT),
    (b"ORC", "an ORC file", EXPORT),
    (b"PARE", "an encrypted Parquet file", "decrypt it"),
    (
        b"FEA1",
        "a Feather file of version 1",
        "write it as Parquet or Arrow",
    ),
    (
        b"version https://git-lfs.github.com/spec/",
        "a pointer of Git LFS, not the file",
        "fetch the file with `git lfs pull`",
    ),
    (&[0xff, 0xfe, 0, 0], "text in UTF-32", "convert it to UTF-8"),
    (&[0, 0, 0xfe, 0xff], "text in UTF-32", "convert it to UTF-8"),
];

/// What a file is if it holds no table.
pub(super) fn identify(start: &[u8]) -> Option<NoTable> {
    let found = |what, instead| Some(NoTable { what, instead });
    let is_known = |magic: &[u8]| start.starts_with(magic) && !is_text(start, magic);
    if let Some((_, what, instead)) = FORMATS.iter().find(|(magic, ..)| is_known(magic)) {
        return found(what, instead);
    }
    if !start.is_empty() && start.iter().all(|byte| *byte == 0) {
        return found("nothing but zero bytes", "get another copy of the file");
    }
    if is_utf_32(start) {
        return found("text in UTF-32", "convert it to UTF-8");
    }
    if let Some(text) = identify_text(start) {
        return Some(text);
    }
    // tar has its mark behind the name and the facts of the first file.
    if start.get(257..262) == Some(b"ustar") {
        return found("a tar archive", UNPACK);
    }
    if !has_control_bytes(start) {
        return None;
    }
    if is_old_stata(start) {
        return found("a Stata file", EXPORT);
    }
    if is_dbase(start) {
        return found("a dBase table", EXPORT);
    }
    let known = infer::get(start)?;
    match (known.matcher_type(), known.extension()) {
        (_, "png") => found("a PNG image", EXPORT),
        (_, "jpg") => found("a JPEG image", EXPORT),
        (_, "gif") => found("a GIF image", EXPORT),
        (MatcherType::Image, _) => found("an image", EXPORT),
        (MatcherType::Audio, _) => found("a sound", EXPORT),
        (MatcherType::Video, _) => found("a video", EXPORT),
        (MatcherType::App, _) => found("a program", EXPORT),
        (MatcherType::Font, _) => found("a font", EXPORT),
        (MatcherType::Book, _) => found("a book", EXPORT),
        (MatcherType::Archive | MatcherType::Doc | MatcherType::Text | MatcherType::Custom, _) => {
            None
        }
    }
}

/// What a zip archive is that is no workbook, by the names of its files.
pub(super) fn identify_archive<'a>(names: impl Iterator<Item = &'a str> + Clone) -> NoTable {
    let has = |test: fn(&str) -> bool| names.clone().any(test);
    let (what, instead) = if has(|name| name.starts_with("word/")) {
        ("a Word document", EXPORT)
    } else if has(|name| name.starts_with("ppt/")) {
        ("a PowerPoint presentation", EXPORT)
    } else if has(|name| name.starts_with("Index/") || name == "Index.zip") {
        (
            "a document of Apple's Numbers, Pages or Keynote",
            "export it as CSV or as a workbook (.xlsx)",
        )
    } else if has(|name| name.contains(".npy")) {
        ("an archive of NumPy arrays (.npz)", FROM_PYTHON)
    } else if has(|name| name.ends_with("data.pkl")) {
        ("a PyTorch file", FROM_PYTHON)
    } else if has(|name| name == "content.xml") {
        ("an OpenDocument text or presentation", EXPORT)
    } else {
        ("a zip archive without a workbook", UNPACK)
    };
    NoTable { what, instead }
}

/// What a document of Office as it was until 2003 is that is no workbook, by the names of its parts.
pub(super) fn identify_compound_file(has_part: impl Fn(&str) -> bool) -> Option<NoTable> {
    let documents = [
        ("WordDocument", "a Word document"),
        ("PowerPoint Document", "a PowerPoint presentation"),
        ("__substg1.0_", "a message of Outlook"),
    ];
    let is_workbook = has_part("Workbook") || has_part("Book");
    let found = documents.iter().find(|(part, _)| has_part(part));
    found.filter(|_| !is_workbook).map(|(_, what)| NoTable {
        what,
        instead: EXPORT,
    })
}

/// Whether a file that begins with a word goes on as text, as a table with a column `ORC` does.
pub(super) fn is_text(sample: &[u8], magic: &[u8]) -> bool {
    let start = &sample[..sample.len().min(64)];
    // The end may be within a character.
    let is_utf8 = str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true);
    magic.iter().all(u8::is_ascii_alphanumeric)
        && sample.len() > magic.len()
        && is_utf8
        && !has_control_bytes(start)
}

/// Whether bytes are among the first ones that no text has.
fn has_control_bytes(start: &[u8]) -> bool {
    let mut first = start.iter().take(512);
    first.any(|byte| byte.is_ascii_control() && !b"\t\n\r\x0c".contains(byte))
}

/// Whether each character takes four bytes, of which two are zero.
fn is_utf_32(start: &[u8]) -> bool {
    const LEAST_CHARACTERS: usize = 8;
    let characters = start.chunks_exact(4).take(256);
    let is_zero = |character: &[u8], from: usize| {
        character[from..from + 2] == [0, 0] && character.iter().any(|byte| *byte != 0)
    };
    characters.len() >= LEAST_CHARACTERS
        && (characters.clone().all(|character| is_zero(character, 2))
            || characters.clone().all(|character| is_zero(character, 0)))
}

/// Whether a file is Stata's as it was until 2013: a release, the byte order, and two fixed bytes.
fn is_old_stata(start: &[u8]) -> bool {
    matches!(start, [104..=115, 1 | 2, 1, 0, ..])
}

/// Whether a file is a table of dBase: a version, the date of the last change, and the size of a header of
/// 32 bytes for each column.
fn is_dbase(start: &[u8]) -> bool {
    let Some(header) = start.get(..32) else {
        return false;
    };
    let length = u16::from_le_bytes([header[8], header[9]]);
    matches!(
        header[0],
        0x03 | 0x30..=0x32 | 0x43 | 0x83 | 0x8b | 0xcb | 0xf5 | 0xfb
    ) && (1..=12).contains(&header[2])
        && (1..=31).contains(&header[3])
        && length > 32
        && (length % 32 == 1 || (length - 1) % 32 == 7)
        && header[12..14] == [0, 0]
}

#[cfg(test)]
mod tests;
