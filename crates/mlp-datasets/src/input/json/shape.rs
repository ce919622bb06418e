//! Whether a text is JSON.

use serde::de::IgnoredAny;

pub(super) const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// How the objects follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::input) enum Shape {
    /// Usually one in each line.
    Lines,
    /// All in one array.
    Array,
    /// They are no objects, but arrays.
    Arrays,
}

/// What a text is as JSON, judged by its beginning; `None` if it is not JSON. A text with commas may begin
/// with a bracket, or have JSON in its first cell.
pub(in crate::input) fn shape(sample: &[u8]) -> Option<Shape> {
    let sample = sample.strip_prefix(BYTE_ORDER_MARK).unwrap_or(sample);
    let sample = sample.trim_ascii_start();
    if let Some(rest) = sample.strip_prefix(b"[") {
        let rest = rest.trim_ascii_start();
        let is_empty = rest
            .strip_prefix(b"]")
            .is_some_and(|rest| rest.trim_ascii().is_empty());
        if is_empty || begins_object(rest) {
            return Some(Shape::Array);
        }
        return is_arrays(sample).then_some(Shape::Arrays);
    }
    if !begins_object(sample) {
        return None;
    }
    let mut objects = serde_json::Deserializer::from_slice(sample).into_iter::<IgnoredAny>();
    match objects.next() {
        Some(Ok(_)) => {
            let rest = sample[objects.byte_offset()..].trim_ascii_start();
            let is_next = rest.is_empty() || rest.starts_with(b"{") || is_comma_at_end(rest);
            is_next.then_some(Shape::Lines)
        }
        // Either it is longer than the sample, or a mistake that is reported when it is read.
        Some(Err(_)) | None => Some(Shape::Lines),
    }
}

/// Whether a comma is the last character of a line.
fn is_comma_at_end(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b",") else {
        return false;
    };
    let blanks = rest.iter().take_while(|byte| b" \t".contains(byte)).count();
    matches!(rest.get(blanks), None | Some(b'\r' | b'\n'))
}

/// Whether a text is one array, or several one after the other, as far as it is known.
fn is_arrays(sample: &[u8]) -> bool {
    let mut arrays = serde_json::Deserializer::from_slice(sample).into_iter::<IgnoredAny>();
    match arrays.next() {
        Some(Ok(_)) => {
            let rest = sample[arrays.byte_offset()..].trim_ascii_start();
            rest.is_empty() || rest.starts_with(b"[") || is_comma_at_end(rest)
        }
        Some(Err(error)) => error.is_eof() && sample.starts_with(b"[["),
        None => false,
    }
}

/// Whether a text begins with an object: a brace, and a name with a colon.
fn begins_object(text: &[u8]) -> bool {
    let Some(text) = text.strip_prefix(b"{") else {
        return false;
    };
    let text = text.trim_ascii_start();
    if text.starts_with(b"}") {
        return true;
    }
    let mut names = serde_json::Deserializer::from_slice(text).into_iter::<String>();
    matches!(names.next(), Some(Ok(_))) && {
        text[names.byte_offset()..]
            .trim_ascii_start()
            .starts_with(b":")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_from_text_by_its_content() {
        for (text, expected) in [
            ("{\"a\": 1}\n{\"a\": 2}\n", Some(Shape::Lines)),
            ("\u{feff} {\"a\":\n 1}", Some(Shape::Lines)),
            ("{\"a\": \"half of a reco", Some(Shape::Lines)),
            ("[{\"a\": 1}, ", Some(Shape::Array)),
            (" [ ] ", Some(Shape::Array)),
            ("[1, 2]\n[3, 4]\n", Some(Shape::Arrays)),
            ("[[1, 2], [3, 4", Some(Shape::Arrays)),
            ("[1, 2],b\n[3, 4],c\n", None),
            ("{\"a\": 1},\n{\"a\": 2},\n", Some(Shape::Lines)),
            ("[a],b\n1,2\n", None),
            ("{a},b\n1,2\n", None),
            ("{\"a\",\"b\"}\n1,2\n", None),
            ("{\"a\": 1},5\n{\"a\": 2},6\n", None),
            ("a,b\n", None),
            ("", None),
        ] {
            assert_eq!(shape(text.as_bytes()), expected, "{text}");
        }
    }
}
