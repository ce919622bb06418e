//! Numbers and names as they are shown.

use std::fmt::Write;

/// Whether a character is neither text nor a line break: it commands a terminal, turns the direction of
/// reading, or is not allowed in XML.
fn is_unsafe(character: char) -> bool {
    let is_line = matches!(character, '\n' | '\t');
    character.is_control() && !is_line
        || matches!(
            character,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' | '\u{fdd0}'..='\u{fdef}'
        )
        || u32::from(character) & 0xfffe == 0xfffe
}

/// A text of a stranger's file, with such characters as `\u001b`.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unsafe(character) {
            let _ = write!(plain, "\\u{:04x}", u32::from(character));
        } else {
            plain.push(character);
        }
    }
    plain
}

/// The same for XML, within elements and in quoted attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The beginning of a long text on one line.
pub fn shortened(text: &str, most: usize) -> String {
    let text: String = text
        .chars()
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .collect();
    if text.chars().count() <= most {
        return text;
    }
    let beginning: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", beginning.trim_end())
}

/// A number with up to four significant digits, or all of a whole number below a thousand million.
pub fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = value.abs();
    if value.fract() == 0.0 && size < 1e9 {
        return minus(format!("{value:.0}"));
    }
    if !(1e-3..1e6).contains(&size) {
        let text = format!("{value:.2e}");
        let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        return minus(format!("{digits}e{power}"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is from -3 to 5")]
    let magnitude = size.log10().floor() as i32;
    let decimals = usize::try_from(3 - magnitude).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    minus(if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    })
}

/// A share as percent, with a digit after the point.
pub fn percent(share: f64) -> String {
    if share.is_finite() {
        minus(format!("{:.1} %", 100.0 * share))
    } else {
        "–".to_owned()
    }
}

/// A count with a space between thousands.
pub fn count(value: usize) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

fn minus(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits_at_most() {
        for (value, text) in [
            (0.0, "0"),
            (-0.25, "−0.25"),
            (3.0, "3"),
            (1_490_400.0, "1490400"),
            (12.3456, "12.35"),
            (0.001_234_56, "0.001235"),
            (1.5e-7, "1.5e-7"),
            (2.5e9, "2.5e9"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn thousands_are_set_apart_from_five_digits_on() {
        assert_eq!(count(1234), "1234");
        assert_eq!(count(48_842), "48\u{202f}842");
        assert_eq!(count(1_000_000), "1\u{202f}000\u{202f}000");
    }

    #[test]
    fn a_long_text_ends_with_an_ellipsis() {
        assert_eq!(shortened("abc\ndef", 7), "abc def");
        assert_eq!(shortened("abcdefgh", 5), "abcd…");
    }

    #[test]
    fn what_is_not_text_is_written_out() {
        assert_eq!(plain("a\u{1b}b\u{202e}\nc"), "a\\u001bb\\u202e\nc");
        assert_eq!(escaped("</script>'\"&"), "&lt;/script&gt;&#39;&quot;&amp;");
    }
}
