//! How a text file is laid out.

use proptest::prelude::*;
use proptest::sample::select;

#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub delimiter: char,
    pub quote: char,
    pub quoting: Quoting,
    /// Whether a backslash is before a quote in a cell, instead of a second quote.
    pub has_backslashes: bool,
    pub line_end: &'static str,
    pub ends_last_line: bool,
    pub encoding: Encoding,
    pub above: Above,
    pub header: Header,
    /// Whether blanks align the cells.
    pub is_aligned: bool,
    pub compression: Compression,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quoting {
    Necessary,
    Text,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Encoding {
    Utf8,
    Utf8Mark,
    Utf16(Endian, bool),
    /// As the option `encoding` says, if it has the characters.
    Named(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Endian {
    Little,
    Big,
}

/// What is above the header.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Above {
    Nothing,
    SeparatorLine,
    Comment,
    BlankLine,
    Note,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Header {
    Yes,
    /// As the option `header` says.
    No,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Compression {
    None,
    Gzip,
    Zstandard,
    Bzip2,
}

pub fn layouts() -> impl Strategy<Value = Layout> {
    let cells = (
        select(vec![',', ',', ';', '\t', '|']),
        select(vec!['"', '"', '"', '\'']),
        select(vec![
            Quoting::Necessary,
            Quoting::Necessary,
            Quoting::Text,
            Quoting::All,
        ]),
        prop::bool::weighted(0.15),
        prop::bool::weighted(0.1),
    );
    let lines = (
        select(vec!["\n", "\n", "\r\n", "\r"]),
        prop::bool::weighted(0.8),
        prop_oneof![
            6 => Just(Above::Nothing),
            1 => Just(Above::SeparatorLine),
            1 => Just(Above::Comment),
            1 => Just(Above::BlankLine),
            1 => Just(Above::Note),
        ],
        prop_oneof![6 => Just(Header::Yes), 1 => Just(Header::No)],
    );
    let bytes = (
        prop_oneof![
            5 => Just(Encoding::Utf8),
            1 => Just(Encoding::Utf8Mark),
            2 => (select(vec![Endian::Little, Endian::Big]), any::<bool>())
                .prop_map(|(endian, has_mark)| Encoding::Utf16(endian, has_mark)),
            2 => select(vec!["windows-1252", "iso-8859-1", "iso-8859-2", "shift_jis", "gb18030"])
                .prop_map(Encoding::Named),
        ],
        prop_oneof![
            7 => Just(Compression::None),
            1 => Just(Compression::Gzip),
            1 => Just(Compression::Zstandard),
            1 => Just(Compression::Bzip2),
        ],
    );
    (cells, lines, bytes).prop_map(|(cells, lines, bytes)| {
        let (delimiter, quote, quoting, has_backslashes, is_aligned) = cells;
        let (line_end, ends_last_line, above, header) = lines;
        let (encoding, compression) = bytes;
        Layout {
            delimiter,
            quote,
            quoting,
            has_backslashes,
            line_end,
            ends_last_line,
            encoding,
            above,
            header,
            is_aligned: is_aligned && delimiter != '\t',
            compression,
        }
    })
}
