//! Text files.

use std::io::Write;

use mlp_datasets::Dialect;

use super::layout::{Above, Compression, Encoding, Endian, Header, Layout, Quoting};
use super::table::{Cells, Table};

pub struct Written {
    pub bytes: Vec<u8>,
    /// What the reader must be told.
    pub dialect: Dialect,
    pub has_header: bool,
    layout: Layout,
    text: String,
}

impl Written {
    /// The layout and the first lines, to be shown.
    pub fn shown(&self) -> String {
        let first: String = self.text.chars().take(1500).collect();
        format!("{:?}\n{:?}\n{first}", self.layout, self.dialect)
    }
}

pub fn write(table: &Table, layout: &Layout) -> Written {
    let has_header = layout.header == Header::Yes;
    let mut dialect = Dialect::default();
    if !has_header {
        dialect.header = Some(false);
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    if has_header {
        let is_quoted = layout.quoting != Quoting::Necessary;
        rows.push(
            table
                .names
                .iter()
                .map(|name| cell(name, is_quoted, layout))
                .collect(),
        );
    }
    for row in 0..table.num_rows() {
        let cells = table.columns.iter().map(|column| {
            let text = column.text(row, table.locale);
            let is_text = matches!(column.cells, Cells::Words(_));
            let is_quoted = match layout.quoting {
                Quoting::Necessary => false,
                Quoting::Text => is_text,
                Quoting::All => true,
            };
            cell(&text, is_quoted, layout)
        });
        rows.push(cells.collect());
    }
    if layout.is_aligned {
        for column in 0..table.columns.len() {
            let width = rows
                .iter()
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0);
            for row in &mut rows {
                row[column] = format!("{:<width$}", row[column]);
            }
        }
    }
    let delimiter = layout.delimiter.to_string();
    let mut lines: Vec<String> = above(layout);
    lines.extend(rows.iter().map(|row| row.join(&delimiter)));
    let mut text = lines.join(layout.line_end);
    if layout.ends_last_line {
        text += layout.line_end;
    }
    let bytes = encode(&text, layout.encoding, &mut dialect);
    Written {
        bytes: compress(bytes, layout.compression),
        dialect,
        has_header,
        layout: *layout,
        text,
    }
}

fn above(layout: &Layout) -> Vec<String> {
    match layout.above {
        Above::Nothing => Vec::new(),
        Above::SeparatorLine => vec![format!("sep={}", layout.delimiter)],
        Above::Comment => vec!["# exported on a Monday".to_owned(), "# all rows".to_owned()],
        Above::BlankLine => vec![String::new()],
        Above::Note => vec!["Sales of the northern region".to_owned(), String::new()],
    }
}

fn cell(text: &str, is_quoted: bool, layout: &Layout) -> String {
    let quote = layout.quote;
    let special = |character: char| {
        character == layout.delimiter
            || character == quote
            || character == '\n'
            || character == '\r'
    };
    // As databases write it, whatever is quoted.
    let is_null = text == "\\N";
    if is_null || !is_quoted && !text.contains(special) {
        return text.to_owned();
    }
    let escape = if layout.has_backslashes { '\\' } else { quote };
    let inner = if layout.has_backslashes {
        text.replace('\\', "\\\\")
    } else {
        text.to_owned()
    };
    let inner = inner.replace(quote, &format!("{escape}{quote}"));
    format!("{quote}{inner}{quote}")
}

fn encode(text: &str, encoding: Encoding, dialect: &mut Dialect) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Mark => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Utf16(endian, has_mark) => {
            let mark = has_mark.then_some(0xfeff);
            let units = mark.into_iter().chain(text.encode_utf16());
            units
                .flat_map(|unit| match endian {
                    Endian::Little => unit.to_le_bytes(),
                    Endian::Big => unit.to_be_bytes(),
                })
                .collect()
        }
        Encoding::Named(name) => {
            let encoding =
                encoding_rs::Encoding::for_label(name.as_bytes()).expect("the name is known");
            let (bytes, _, has_unknown) = encoding.encode(text);
            // What cannot be written in it is written in UTF-8.
            if has_unknown {
                return text.as_bytes().to_vec();
            }
            dialect.encoding = Some(name.to_owned());
            bytes.into_owned()
        }
    }
}

fn compress(bytes: Vec<u8>, compression: Compression) -> Vec<u8> {
    match compression {
        Compression::None => bytes,
        Compression::Gzip => {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder
                .write_all(&bytes)
                .and_then(|()| encoder.finish())
                .unwrap()
        }
        Compression::Zstandard => zstd::encode_all(bytes.as_slice(), 1).unwrap(),
        Compression::Bzip2 => {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            encoder
                .write_all(&bytes)
                .and_then(|()| encoder.finish())
                .unwrap()
        }
    }
}
