//! Texts that mean a missing value wherever nothing else is said.

/// Texts that mean a missing value, in upper or lower case, as pandas, R, SAS, Excel and databases
/// write them; so does an empty cell.
pub const USUALLY_MISSING: [&str; 43] = [
    "NA",
    "N/A",
    "NaN",
    "null",
    "?",
    "-",
    "--",
    "---",
    "–",
    "—",
    ".",
    "None",
    "nil",
    "#N/A",
    "#NA",
    "#N/A N/A",
    "#NV",
    "<NA>",
    "n.a.",
    "n.a",
    "\\N",
    "(null)",
    "[NULL]",
    "<null>",
    "NaT",
    "-NaN",
    "1.#IND",
    "-1.#IND",
    "1.#QNAN",
    "-1.#QNAN",
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#WERT!",
    "#REF!",
    "#BEZUG!",
    "#NAME?",
    "#NUM!",
    "#ZAHL!",
    "#CALC!",
    "#SPILL!",
    "#GETTING_DATA",
    "0000-00-00",
];
/// The length of the longest of them.
const LONGEST: usize = 13;
/// That of the longest one that begins with a letter.
const LONGEST_WORD: usize = 4;

/// Whether a cell, without surrounding blanks, is one of [`USUALLY_MISSING`].
#[inline]
pub fn is_usually_missing(cell: &[u8]) -> bool {
    // Numbers are the most frequent cells, and then words; few of these begin like one, and all words are
    // short and begin with the same letter.
    let is_candidate = match cell {
        [b'N' | b'n', rest @ ..] => rest.len() < LONGEST_WORD,
        [b'1', b'.', b'#', ..] | [b'-', b'1', b'.', b'#', ..] => true,
        [b'1'..=b'9' | b'A'..=b'Z' | b'a'..=b'z', ..] | [b'-' | b'.', b'0'..=b'9', ..] | [] => {
            false
        }
        [b'0', ..] => cell.starts_with(b"0000-00-00"),
        _ => true,
    };
    is_candidate && is_in_list(cell)
}

fn is_in_list(cell: &[u8]) -> bool {
    cell.starts_with(b"0000-00-00")
        || cell.len() <= LONGEST
            && USUALLY_MISSING.iter().any(|missing| {
                missing.len() == cell.len() && missing.as_bytes().eq_ignore_ascii_case(cell)
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_are_written_in_many_ways() {
        for cell in [
            "1.#IND", "#NV", "—", "NA", "n/a", "nan", "NULL", "?", "-", "None", "#N/A", "\\N",
            "(null)", "nil", ".",
        ] {
            assert!(is_usually_missing(cell.as_bytes()), "{cell}");
        }
        assert!(is_usually_missing(b"0000-00-00 00:00:00"));
        for cell in [
            "0", "nothing", "----", "1.5", "99", "-1", ".5", "0000", "N/B",
        ] {
            assert!(!is_usually_missing(cell.as_bytes()), "{cell}");
        }
    }

    #[test]
    fn no_text_for_missing_values_is_overlooked() {
        for text in USUALLY_MISSING {
            assert!(text.len() <= LONGEST, "{text}");
            for text in [text.to_owned(), text.to_lowercase(), text.to_uppercase()] {
                assert!(is_usually_missing(text.as_bytes()), "{text}");
            }
        }
    }
}
