//! Files that hold no table, by their first bytes.

use std::path::Path;

use crate::error::Error;

const UNPACK: &str = "unpack it, and name the table within";
const EXPORT: &str = "export the table as CSV or Parquet";
const FROM_PYTHON: &str = "write the table from Python, as CSV or Parquet";

/// The first bytes of a format, what it is called, and what to do with it.
const FORMATS: [(&[u8], &str, &str); 37] = [
    (b"%PDF-", "a PDF document", EXPORT),
    (b"{\\rtf", "an RTF document", EXPORT),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel workbook (.xls) or another Office document",
        "save it as a workbook (.xlsx) or as CSV",
    ),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", EXPORT),
    (b"\xff\xd8\xff", "a JPEG image", EXPORT),
    (b"GIF87a", "a GIF image", EXPORT),
    (b"GIF89a", "a GIF image", EXPORT),
    (b"II*\0", "a TIFF image", EXPORT),
    (b"MM\0*", "a TIFF image", EXPORT),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (
        b"\xfd7zXZ\0",
        "compressed with xz",
        "decompress it with `xz --decompress`",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "compressed with zstd",
        "decompress it with `zstd --decompress`",
    ),
    (
        b"BZh",
        "compressed with bzip2",
        "decompress it with `bunzip2`",
    ),
    (
        b"\x04\x22\x4d\x18",
        "compressed with lz4",
        "decompress it with `lz4 -d`",
    ),
    (
        b"\x1f\x8b",
        "compressed with gzip twice",
        "decompress it with `gunzip`",
    ),
    (
        b"\x1f\x9d",
        "compressed with compress",
        "decompress it with `uncompress`",
    ),
    (b"SQLite format 3\0", "an SQLite database", EXPORT),
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
    (b"Obj\x01", "an Avro file", EXPORT),
    (b"ORC", "an ORC file", EXPORT),
    (
        b"FEA1",
        "a Feather file of version 1",
        "write it as Parquet or Arrow",
    ),
    (b"\x7fELF", "a program", EXPORT),
    (
        b"version https://git-lfs.github.com/spec/",
        "a pointer of Git LFS, not the file",
        "fetch the file with `git lfs pull`",
    ),
];

/// Checks that the first bytes of a file are not those of something else than a table of text.
pub(super) fn check(path: &Path, start: &[u8]) -> Result<(), Error> {
    match identify(start) {
        Some((what, instead)) => Err(Error::NotATable {
            path: path.to_owned(),
            what,
            instead,
        }),
        None => Ok(()),
    }
}

/// What a file is if it holds no table of text, and what to do with it.
fn identify(start: &[u8]) -> Option<(&'static str, &'static str)> {
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        return Some(identify_zip(start));
    }
    // Longer beginnings of text could be those of a table: a column may be called `ORC`.
    let is_text = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_graphic);
    let known = FORMATS.iter().find(|(magic, ..)| {
        start.starts_with(magic) && (magic.len() > 4 || !is_text(magic) || has_control_bytes(start))
    });
    if let Some((_, what, instead)) = known {
        return Some((what, instead));
    }
    // tar has its mark behind the name and the facts of the first file.
    if start.get(257..262) == Some(b"ustar") {
        return Some(("a tar archive", UNPACK));
    }
    if start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP") {
        return Some(("a WebP image", EXPORT));
    }
    if start.starts_with(&[0xff, 0xfe, 0, 0]) || start.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Some(("text in UTF-32", "convert it to UTF-8"));
    }
    let text = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start);
    let text = text.trim_ascii_start();
    let begins = |tag: &[u8]| {
        text.get(..tag.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(tag))
    };
    if begins(b"<!doctype html") || begins(b"<html") {
        let instead = "the address may need a login or another link for the table itself";
        return Some(("a web page (HTML)", instead));
    }
    if begins(b"<?xml") || begins(b"<svg") {
        return Some(("an XML file", EXPORT));
    }
    None
}

/// What a ZIP archive is, by the names of its first files.
fn identify_zip(start: &[u8]) -> (&'static str, &'static str) {
    let contains = |name: &[u8]| start.windows(name.len()).any(|bytes| bytes == name);
    if contains(b"xl/worksheets") || contains(b"xl/workbook") {
        ("an Excel workbook", "save its sheet as CSV")
    } else if contains(b"opendocument.spreadsheet") {
        ("an OpenDocument spreadsheet", "save its sheet as CSV")
    } else if contains(b"word/") || contains(b"ppt/") || contains(b"opendocument") {
        ("an Office document", EXPORT)
    } else if contains(b".npy") {
        ("an archive of NumPy arrays (.npz)", FROM_PYTHON)
    } else if contains(b"/data.pkl") {
        ("a PyTorch file", FROM_PYTHON)
    } else {
        ("a ZIP archive", UNPACK)
    }
}

/// Whether bytes are among the first ones that no text has.
fn has_control_bytes(start: &[u8]) -> bool {
    let mut first = start.iter().take(512);
    first.any(|byte| byte.is_ascii_control() && !b"\t\n\r\x0c".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_formats_are_named() {
        let mut tar = vec![0; 512];
        tar[..5].copy_from_slice(b"a.csv");
        tar[257..262].copy_from_slice(b"ustar");
        for (start, expected) in [
            (&b"PK\x03\x04\x14\0\0\0a.csv"[..], "a ZIP archive"),
            (
                b"PK\x03\x04\x14\0\0\0[Content_Types].xml xl/workbook.xml",
                "an Excel workbook",
            ),
            (
                b"PK\x03\x04\x14\0\0\0x.npy",
                "an archive of NumPy arrays (.npz)",
            ),
            (b"%PDF-1.7\n", "a PDF document"),
            (b" \n<!DOCTYPE HTML>\n<head>", "a web page (HTML)"),
            (b"\xef\xbb\xbf<html lang=\"en\">", "a web page (HTML)"),
            (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
            (b"\xff\xd8\xff\xe0", "a JPEG image"),
            (b"GIF89a\x01\0", "a GIF image"),
            (&tar, "a tar archive"),
            (b"SQLite format 3\0", "an SQLite database"),
            (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
            (b"\x80\x04\x95\x10", "a Python pickle"),
            (b"\x93NUMPY\x01\0", "a NumPy array"),
            (b"ORC\x0a\x03", "an ORC file"),
        ] {
            let what = identify(start).map(|(what, _)| what);
            assert_eq!(what, Some(expected), "{start:?}");
        }
        for table in [
            &b"a,b\n1,2\n"[..],
            b"ORC,y\n1,2\n",
            b"GIF,y\n1,2\n",
            b"<5,y\n",
            b"\xff\xfea\0,\0",
            b"",
        ] {
            assert_eq!(identify(table), None, "{table:?}");
        }
    }
}
