//! Text in columns of a terminal, of which characters of Chinese, Japanese and Korean take two.

use std::borrow::Cow;
use std::fmt::{self, Alignment};
use std::io::Write;

use unicode_width::UnicodeWidthStr;

use crate::escaped::Escaped;

/// Wider texts are cut where they are aligned: names may have any length, but a formatter only widths below 2¹⁶.
const WIDEST: usize = 200;

/// A text that fills a width in columns of a terminal, to the left unless the format says otherwise. One of more
/// than 200 columns is cut.
#[derive(Clone, Copy, Debug)]
pub struct Aligned<'a>(pub &'a str);

impl fmt::Display for Aligned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let text = &cut(&one_line(self.0), WIDEST);
        let room = f.width().unwrap_or(0).saturating_sub(text.width());
        let (before, after) = match f.align() {
            Some(Alignment::Right) => (room, 0),
            Some(Alignment::Center) => (room / 2, room.div_ceil(2)),
            Some(Alignment::Left) | None => (0, room),
        };
        write!(f, "{:before$}{text}{:after$}", "", "")
    }
}

/// The width of the widest of some texts as they are [`Aligned`], in columns of a terminal.
pub fn widest<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    texts
        .into_iter()
        .map(|text| one_line(text).width())
        .max()
        .unwrap_or(0)
        .min(WIDEST)
}

/// A name as it is printed within a line: control characters are escaped, line breaks too.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut escaped = Vec::new();
    // A vector takes whatever is written.
    let _ = write!(Escaped(&mut escaped), "{text}");
    Cow::Owned(String::from_utf8_lossy(&escaped).replace('\n', "\\u000a"))
}

/// The beginning of a text that is wider than it may be.
pub fn cut(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut beginning = String::new();
    for character in text.chars() {
        beginning.push(character);
        if beginning.width() >= most {
            beginning.pop();
            break;
        }
    }
    beginning + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(format!("{:<6}|", Aligned("价格")), "价格  |");
        assert_eq!(format!("{:>6}|", Aligned("价格")), "  价格|");
        assert_eq!(format!("{:^6}|", Aligned("ab")), "  ab  |");
        assert_eq!(format!("{:2}|", Aligned("abc")), "abc|");
        assert_eq!(widest(["abc", "价格"]), 4);
    }

    #[test]
    fn a_line_break_in_a_name_begins_no_line() {
        assert_eq!(format!("{:<9}|", Aligned("a\nb")), "a\\u000ab |");
        assert_eq!(widest(["a\nb"]), 8);
    }

    #[test]
    fn a_name_of_any_length_is_aligned() {
        let long = "x".repeat(70_000);
        let width = widest([long.as_str(), "short"]);
        assert_eq!(width, 200);
        let aligned = format!("{:<width$}|", Aligned(&long));
        assert_eq!(aligned, format!("{}…|", "x".repeat(199)));
        assert_eq!(format!("{:<width$}|", Aligned("short")).len(), 201);
    }

    #[test]
    fn a_text_that_is_too_wide_is_cut() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefg", 6), "abcde…");
        // Half a character cannot be shown.
        assert_eq!(cut("价格价格", 6), "价格…");
    }
}
