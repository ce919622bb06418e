//! What a text is written in: its delimiter, quotes and escapes, and where its table begins.
//!
//! As in van den Burg, Nazabal and Sutton, "Wrangling messy CSV files by detecting row and type patterns"
//! (2019), each possible format is judged by how even its rows are times how much its cells look like
//! values. Besides, columns must have values of one kind, quotes must close, and a row with the names
//! that are looked for decides.

use super::dialect::Dialect;
use super::first_row::Sheet;
use super::judgement::Judgement;
use super::quote::Quote;
use super::scan::{Format, Row, Scanner};
use super::surplus::Surplus;

const DELIMITERS: [u8; 4] = *b",;\t|";
const QUOTES: [u8; 2] = *b"\"'";
const MOST_ROWS: usize = 200;
/// What no text has between its cells: there is one column.
const NO_DELIMITER: u8 = 0x1f;

/// How a text is read.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub format: Format,
    /// Where its table begins, in bytes from the beginning of the text.
    pub start: usize,
    /// The number of lines before its table.
    pub line: u64,
    /// Whether the first row names the columns.
    pub has_header: bool,
    /// What the other rows have beyond it.
    pub surplus: Surplus,
    /// The dialect with what was found out.
    pub dialect: Dialect,
}

/// A format and how well it fits.
struct Candidate {
    layout: Layout,
    has_names: bool,
    score: f64,
    /// Whether nothing speaks against it.
    is_sure: bool,
}

/// The beginning of a text.
#[derive(Clone, Copy)]
pub(super) struct Sample<'a> {
    pub text: &'a [u8],
    /// Whether it is the whole text.
    pub is_whole: bool,
}

/// Finds out how a text is read, as far as the dialect leaves it open; `None` if it has no rows. If the
/// dialect does not lead to the names, but another one does, that one is taken: a file may be
/// written in another way than the one that a model was trained on.
pub(super) fn sniff(sample: Sample<'_>, dialect: &Dialect, names: &[&String]) -> Option<Layout> {
    let given = best(sample, dialect, names)?;
    if given.has_names || names.is_empty() {
        return Some(given.layout);
    }
    let open = Dialect {
        delimiter: None,
        quote: None,
        escape: None,
        header: None,
        skip_lines: None,
        ..dialect.clone()
    };
    let other = (open != *dialect).then(|| best(sample, &open, names));
    let other = other.flatten().filter(|other| other.has_names);
    Some(other.unwrap_or(given).layout)
}

fn best(sample: Sample<'_>, dialect: &Dialect, names: &[&String]) -> Option<Candidate> {
    let (mut body, mut lines) = skip_lines(sample.text, dialect.skip_lines.unwrap_or(0));
    let mut delimiters = dialect
        .delimiter
        .map_or(DELIMITERS.to_vec(), |byte| vec![byte]);
    if let Some(delimiter) = separator_line(&sample.text[body..]) {
        let (behind, skipped) = skip_lines(&sample.text[body..], 1);
        (body, lines) = (body + behind, lines + skipped);
        delimiters = dialect.delimiter.into_iter().chain([delimiter]).collect();
    }
    let judge = |delimiter| {
        formats(&sample.text[body..], delimiter, dialect)
            .into_iter()
            .filter_map(|format| {
                let part = Sample {
                    text: &sample.text[body..],
                    ..sample
                };
                let mut candidate = Candidate::new(part, format, dialect, names)?;
                candidate.layout.start += body;
                candidate.layout.line += lines;
                Some(candidate)
            })
            // The first one of equal scores.
            .reduce(better)
    };
    let best = delimiters.into_iter().filter_map(judge).reduce(better)?;
    if best.is_sure || best.has_names || dialect.delimiter.is_some() {
        return Some(best);
    }
    // Blanks are in many texts that they do not divide.
    let aligned = judge(b' ').filter(|aligned| aligned.is_sure || aligned.has_names);
    Some(aligned.unwrap_or(best))
}

fn better(best: Candidate, next: Candidate) -> Candidate {
    let rank = |candidate: &Candidate| (candidate.has_names, candidate.score);
    if rank(&next) > rank(&best) {
        next
    } else {
        best
    }
}

/// The formats that a text with a delimiter may have.
fn formats(text: &[u8], delimiter: u8, dialect: &Dialect) -> Vec<Format> {
    let contains = |pair: [u8; 2]| text.windows(2).any(|bytes| bytes == pair);
    let quotes = match dialect.quote {
        Some(quote) => vec![quote.byte()],
        None if text.contains(&QUOTES[1]) => QUOTES.map(Some).to_vec(),
        None => vec![Some(QUOTES[0])],
    };
    let mut formats = Vec::new();
    for quote in quotes {
        let escapes = match (dialect.escape, quote) {
            (Some(escape), quote) => vec![Some(escape).filter(|_| Some(escape) != quote)],
            (None, Some(quote)) if contains([b'\\', quote]) => vec![None, Some(b'\\')],
            (None, _) => vec![None],
        };
        formats.extend(escapes.into_iter().map(|escape| Format {
            delimiter,
            quote,
            escape,
            blanks_before_quotes: true,
        }));
    }
    formats
}

impl Candidate {
    fn new(
        sample: Sample<'_>,
        format: Format,
        dialect: &Dialect,
        names: &[&String],
    ) -> Option<Self> {
        let mut rows: Vec<Row> = Scanner::new(sample.text, format).take(MOST_ROWS).collect();
        let last_is_cut = !sample.is_whole && rows.last().is_some_and(|row| !row.is_complete);
        if last_is_cut && rows.len() > 1 {
            rows.pop();
        }
        if rows.is_empty() {
            return None;
        }
        let sheet = Sheet {
            text: sample.text,
            rows: &rows,
            dialect,
        };
        let first = sheet.find_first(names, dialect.skip_lines.is_some());
        let judgement = Judgement::new(&sheet, first);
        let row = &rows[first.index];
        let used = |test: &dyn Fn(&Row) -> bool| rows[first.index..].iter().any(test);
        let is_divided = row.cells.len() > 1;
        let is_quoted = used(&|row| row.cells.iter().any(|cell| cell.is_quoted));
        let quote = format.quote.map_or(Quote::None, Quote::Character);
        let layout = Layout {
            format: Format {
                delimiter: if is_divided || dialect.delimiter.is_some() {
                    format.delimiter
                } else {
                    NO_DELIMITER
                },
                blanks_before_quotes: used(&|row| row.blanks_before_quotes),
                ..format
            },
            start: first.offset,
            line: row.line,
            has_header: first.is_header,
            surplus: Surplus::of(&sheet, first),
            // What the text does not show is left open, since another file may show it.
            dialect: Dialect {
                delimiter: is_divided.then_some(format.delimiter).or(dialect.delimiter),
                quote: is_quoted.then_some(quote).or(dialect.quote),
                escape: format.escape.or(dialect.escape),
                header: Some(first.is_header),
                ..dialect.clone()
            },
        };
        Some(Self {
            layout,
            has_names: first.has_names,
            score: judgement.score(),
            is_sure: judgement.is_sure(&rows[first.index..], format),
        })
    }
}

/// The number of bytes and lines at the beginning of a text that make up some lines.
fn skip_lines(text: &[u8], lines: u64) -> (usize, u64) {
    let (mut offset, mut skipped) = (0, 0);
    while skipped < lines && offset < text.len() {
        let rest = &text[offset..];
        let end = rest.iter().position(|byte| b"\r\n".contains(byte));
        let end = end.unwrap_or(rest.len());
        let line_break =
            usize::from(end < rest.len()) + usize::from(rest[end..].starts_with(b"\r\n"));
        offset += end + line_break;
        skipped += 1;
    }
    (offset, skipped)
}

/// The delimiter that a first line such as `sep=;` names. Excel writes it and obeys it.
fn separator_line(text: &[u8]) -> Option<u8> {
    let line = text.split(|byte| b"\r\n".contains(byte)).next()?;
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (key, value) = line.split_at_checked(4)?;
    let (&delimiter, rest) = value.split_first()?;
    // A program that wrote the file again may have filled the line up.
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest).trim_ascii_end();
    let is_filled = rest.iter().all(|byte| *byte == delimiter || *byte == b',');
    (key.eq_ignore_ascii_case(b"sep=") && is_filled).then_some(delimiter)
}

#[cfg(test)]
mod tests;
