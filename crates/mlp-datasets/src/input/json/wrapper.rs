//! An object around the list of rows, as web services send it: `{"status": "ok", "data": [{…}, {…}]}`.

use std::ops::Range;

/// A list of objects within an object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct InnerList {
    /// The name of the list.
    pub key: String,
    /// Where it is, with its brackets.
    pub range: Range<usize>,
}

/// The lists of objects in an object, but none within other lists.
pub(super) fn inner_lists(text: &[u8]) -> Vec<InnerList> {
    let mut lists = Vec::new();
    // The last string, which is the name of what follows, and the outermost list with its depth.
    let mut key = 0..0;
    let mut outer: Option<InnerList> = None;
    let mut depth = 0_usize;
    let mut index = 0;
    while index < text.len() {
        match text[index] {
            b'"' => {
                let end = index + string_length(&text[index..]);
                key = index..end;
                index = end;
                continue;
            }
            b'[' => {
                if depth == 0 {
                    let name = serde_json::from_slice(&text[key.clone()]);
                    outer = Some(InnerList {
                        key: name.unwrap_or_default(),
                        range: index..index,
                    });
                }
                depth += 1;
            }
            b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0
                    && let Some(mut list) = outer.take()
                {
                    list.range.end = index + 1;
                    let content = text[list.range.start + 1..index].trim_ascii_start();
                    if content.starts_with(b"{") {
                        lists.push(list);
                    }
                }
            }
            _ => {}
        }
        index += 1;
    }
    lists
}

/// The length of the string that a text begins with, including its quotes.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    for (index, byte) in text.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_objects_are_found_within_an_object() {
        for (text, expected) in [
            (
                r#"{"s": "[{", "data": [{"a": [{"b": 1}]}], "n": [1]}"#,
                &[("data", r#"[{"a": [{"b": 1}]}]"#)][..],
            ),
            (
                r#"{"hits": {"hits": [ {"a": 1} ]}}"#,
                &[("hits", r#"[ {"a": 1} ]"#)],
            ),
            (
                r#"{"a": [{}], "b\"": [{}]}"#,
                &[("a", "[{}]"), ("b\"", "[{}]")],
            ),
            (r#"{"a": [1, 2], "b": {"c": 1}}"#, &[]),
        ] {
            let found = inner_lists(text.as_bytes());
            let found: Vec<_> = found
                .iter()
                .map(|list| (list.key.as_str(), &text[list.range.clone()]))
                .collect();
            assert_eq!(found, expected);
        }
    }
}
