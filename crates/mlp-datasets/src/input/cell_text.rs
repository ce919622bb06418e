//! What a cell says, without what is around it.

/// The text of a cell without surrounding blanks, of any kind, and without the `=""` in which some programs wrap a
/// text for spreadsheets, as in `="00123"`.
#[inline]
pub(crate) fn plain(cell: &[u8]) -> &[u8] {
    // Most cells have nothing around them.
    match cell {
        [b'=', ..] | [] => {}
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => return cell,
        _ => {}
    }
    without_surroundings(cell)
}

fn without_surroundings(cell: &[u8]) -> &[u8] {
    let mut cell = cell.trim_ascii();
    let is_ascii = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii);
    if !is_ascii(cell.first()) || !is_ascii(cell.last()) {
        cell = without_wide_blanks(cell);
    }
    let wrapped = cell.strip_prefix(b"=\"");
    wrapped
        .and_then(|cell| cell.strip_suffix(b"\""))
        .unwrap_or(cell)
}

/// The same of a text.
pub(crate) fn plain_text(text: &str) -> &str {
    // Nothing is removed but whole characters.
    str::from_utf8(plain(text.as_bytes())).unwrap_or(text)
}

fn without_wide_blanks(cell: &[u8]) -> &[u8] {
    let Ok(text) = str::from_utf8(cell) else {
        return cell;
    };
    let is_blank = |character: char| {
        // Blanks without a width, and the mark of a byte order.
        character.is_whitespace() || matches!(character, '\u{200b}'..='\u{200d}' | '\u{feff}')
    };
    text.trim_matches(is_blank).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_nothing_around_it() {
        for (cell, text) in [
            (" no\t", "no"),
            ("no\u{a0}", "no"),
            ("\u{200b}\u{feff}no", "no"),
            ("=\"00123\"", "00123"),
            ("=\"", "=\""),
            ("\u{a0}", ""),
            ("ähnlich", "ähnlich"),
            ("", ""),
        ] {
            assert_eq!(plain_text(cell), text);
        }
        assert_eq!(plain(b" \xe4 "), b"\xe4");
    }
}
