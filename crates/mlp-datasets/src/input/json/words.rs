//! `NaN` and `Infinity`, which Python writes and JSON does not have.

use super::count_newlines;

/// The word that replaces an infinite number in the text of a record.
pub(super) const INFINITE: &str = "\u{0}infinite";

/// Replaces the words outside of strings: `NaN` is a missing value. Returns the number of line breaks before
/// the first infinite number, if there is one.
pub(super) fn replace(text: &mut Vec<u8>) -> Option<u64> {
    let mut replaced = Vec::with_capacity(text.len());
    let mut infinite = None;
    let mut rest = text.as_slice();
    let (mut in_string, mut escaped) = (false, false);
    while let Some((&byte, tail)) = rest.split_first() {
        if !in_string {
            if let Some(tail) = rest.strip_prefix(b"NaN") {
                replaced.extend_from_slice(b"null");
                rest = tail;
                continue;
            }
            let positive = rest.strip_prefix(b"Infinity");
            if let Some(tail) = positive.or_else(|| rest.strip_prefix(b"-Infinity")) {
                infinite.get_or_insert(count_newlines(&replaced));
                replaced.extend_from_slice(br#""\u0000infinite""#);
                rest = tail;
                continue;
            }
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ => {}
        }
        replaced.push(byte);
        rest = tail;
    }
    *text = replaced;
    infinite
}
