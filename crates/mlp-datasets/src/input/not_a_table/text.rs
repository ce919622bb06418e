//! Texts that hold no table, or hold one in another language.

use super::{CONVERT, EXPORT, NoTable};

const WEB_PAGE: NoTable = NoTable {
    what: "a web page (HTML)",
    instead: "its address may need a login or another link for the table itself; if a spreadsheet program opens it, \
              save it as XLSX or CSV",
};
const HTML_TAGS: [&str; 9] = [
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<meta",
    "<style",
    "<script",
    "<table",
    "<div",
];
/// The most lines that are looked at.
const MOST_LINES: usize = 100;

/// What a text is if it holds no table as it is read here.
pub(super) fn identify_text(start: &[u8]) -> Option<NoTable> {
    let text = plain(&start[..start.len().min(1 << 14)]);
    let text = text.trim_start();
    let found = |what, instead| Some(NoTable { what, instead });
    if text.starts_with('<') {
        return identify_markup(text);
    }
    if begins(text, "mime-version:") || begins(text, "from: <saved by") {
        return found("a web page with its pictures (MHTML)", WEB_PAGE.instead);
    }
    if is_python(text) {
        let instead = "write it with `json.dumps`, or as CSV";
        return found("text as Python prints dictionaries", instead);
    }
    if is_sylk(text) {
        return found("a sheet as SYLK", "save it as a workbook (.xlsx) or as CSV");
    }
    if is_sql(text) {
        return found("a dump of a database (SQL)", EXPORT);
    }
    let mut lines = text.lines().map(str::trim_start);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('%'));
    if first.is_some_and(|line| begins(line, "@relation")) {
        return found("an ARFF file", CONVERT);
    }
    None
}

/// A text in ASCII, with its other characters replaced. In UTF-16, one byte of each character is zero.
fn plain(start: &[u8]) -> String {
    let start = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start);
    let is_wide = start.starts_with(&[0xff, 0xfe])
        || start.starts_with(&[0xfe, 0xff])
        || start.starts_with(b"<\0")
        || start.starts_with(b"\0<");
    if !is_wide {
        return String::from_utf8_lossy(start).into_owned();
    }
    let ascii = start.iter().filter(|byte| byte.is_ascii() && **byte != 0);
    ascii.map(|byte| char::from(*byte)).collect()
}

fn begins(text: &str, word: &str) -> bool {
    let start = text.get(..word.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Whether a text begins with a tag, which ends there, and behind which no other cell follows: a column may
/// be called `<DIV>`.
fn begins_with_tag(text: &str, tag: &str) -> bool {
    if !begins(text, tag) {
        return false;
    }
    let rest = &text[tag.len()..];
    let is_end = rest.starts_with(|next: char| next == '>' || next == '/' || next.is_whitespace());
    let behind = rest.split_once('>').map_or("", |(_, behind)| behind);
    is_end && !behind.starts_with([',', ';', '\t', '|'])
}

fn identify_markup(text: &str) -> Option<NoTable> {
    let xml = NoTable {
        what: "an XML file",
        instead: EXPORT,
    };
    if HTML_TAGS.iter().any(|tag| begins_with_tag(text, tag)) {
        return Some(WEB_PAGE);
    }
    if begins(text, "<?xml") || begins(text, "<!--") {
        let end = if begins(text, "<!--") { "-->" } else { "?>" };
        let rest = text.split_once(end).map_or("", |(_, rest)| rest);
        let rest = rest.trim_start();
        let is_html =
            rest.starts_with('<') && identify_markup(rest).is_some_and(|found| found == WEB_PAGE);
        return Some(if is_html { WEB_PAGE } else { xml });
    }
    begins_with_tag(text, "<svg").then_some(xml)
}

/// Whether a text is a sheet in the language of Multiplan: each line has a type and fields with a letter in
/// front. A table may have the columns `ID` and `P`.
fn is_sylk(text: &str) -> bool {
    let mut lines = text.lines().take(4);
    let is_record = |line: &str| {
        let mut fields = line.split(';');
        let of = fields.next().unwrap_or_default();
        let is_field = |field: &str| field.starts_with(|first: char| first.is_ascii_uppercase());
        ["P", "C", "B", "F", "O", "NN"].contains(&of) && fields.next().is_some_and(is_field)
    };
    lines.next().is_some_and(|line| line.starts_with("ID;P"))
        && lines.clone().count() > 1
        && lines.all(is_record)
}

/// Whether a text begins with a dictionary of Python, with single quotes, perhaps in a list.
fn is_python(text: &str) -> bool {
    let text = text.strip_prefix('[').unwrap_or(text).trim_start();
    let name = text
        .strip_prefix("{'")
        .and_then(|rest| rest.split_once('\''));
    name.is_some_and(|(_, rest)| rest.trim_start().starts_with(':'))
}

/// Whether a text is made of statements for a database, and comments.
fn is_sql(text: &str) -> bool {
    const STARTS: [&str; 12] = [
        "--", "/*", "#", "create ", "insert ", "drop ", "set ", "begin", "pragma ", "use ",
        "start ", "lock ",
    ];
    let begins_like_sql = STARTS.iter().any(|start| begins(text, start));
    let mut lines = text.lines().take(MOST_LINES).map(str::trim_start);
    begins_like_sql
        && lines.any(|line| begins(line, "create table ") || begins(line, "insert into "))
}
