//! Lists of names and cell contents, as messages show them.

use std::collections::HashSet;
use std::fmt;

/// The first name that occurs a second time.
pub(crate) fn first_duplicate<'a>(
    names: impl IntoIterator<Item = &'a String>,
) -> Option<&'a String> {
    let mut seen = HashSet::new();
    names.into_iter().find(|name| !seen.insert(name.as_str()))
}

/// All names, each between backticks.
pub(crate) struct Listed<'a, T>(pub &'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(names) = self;
        if names.is_empty() {
            return write!(f, "none");
        }
        for (i, name) in names.iter().enumerate() {
            write!(f, "{}`{name}`", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// The first names of a list that may be long, such as the pixels of an image, and the number of
/// the others.
pub(crate) struct FirstOf<'a, T>(pub &'a [T]);

impl<T: fmt::Display> fmt::Display for FirstOf<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX: usize = 18;
        let Self(names) = self;
        write!(f, "{}", Listed(&names[..names.len().min(MAX)]))?;
        match names.len().saturating_sub(MAX) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// A text, or the beginning of a long one, with control characters escaped.
pub(crate) struct Shortened<'a>(pub &'a str);

impl fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX: usize = 40;
        let Self(text) = self;
        for character in text.chars().take(MAX) {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        if text.chars().nth(MAX).is_some() {
            write!(f, "…")?;
        }
        Ok(())
    }
}

/// Which sheet of several was read, behind a sentence about its file; nothing if there are no others.
pub(crate) struct OfSheet<'a>(pub &'a [String]);

impl fmt::Display for OfSheet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [read, others @ ..] if !others.is_empty() => {
                let others = Listed(others);
                write!(f, " in the sheet `{read}`; other sheets are {others}")
            }
            _ => Ok(()),
        }
    }
}

/// The first columns that were left out, each with the reason, and the number of the others; nothing if there
/// are none.
pub(crate) struct LeftOut<'a>(pub &'a [String]);

impl fmt::Display for LeftOut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX: usize = 16;
        let Self(dropped) = self;
        if dropped.is_empty() {
            return Ok(());
        }
        let shown = &dropped[..dropped.len().min(MAX)];
        write!(f, "; left out: {}", shown.join(", "))?;
        match dropped.len() - shown.len() {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// The name of a column that has none, by its index.
pub(crate) fn numbered_column(index: usize) -> String {
    format!("column_{}", index + 1)
}

/// The index of a column that has no name, by what it is called.
pub(crate) fn index_of_numbered_column(name: &str) -> Option<usize> {
    let number: usize = name.strip_prefix("column_")?.parse().ok()?;
    number.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_between_backticks() {
        assert_eq!(Listed::<&str>(&[]).to_string(), "none");
        assert_eq!(Listed(&["a", "b"]).to_string(), "`a`, `b`");
    }

    #[test]
    fn long_lists_of_columns_are_cut() {
        assert_eq!(FirstOf::<&str>(&[]).to_string(), "none");
        assert_eq!(FirstOf(&["a", "b"]).to_string(), "`a`, `b`");
        let pixels: Vec<_> = (0..784).map(|i| format!("pixel_{i}")).collect();
        assert!(
            FirstOf(&pixels)
                .to_string()
                .ends_with("`pixel_17` and 766 more")
        );
    }

    #[test]
    fn sheets_and_columns_that_are_not_used_are_named_if_there_are_any() {
        let names = |count: usize| (1..=count).map(|i| format!("s{i}")).collect::<Vec<_>>();
        assert_eq!(OfSheet(&names(1)).to_string(), "");
        assert_eq!(
            OfSheet(&names(3)).to_string(),
            " in the sheet `s1`; other sheets are `s2`, `s3`"
        );
        assert_eq!(LeftOut(&[]).to_string(), "");
        assert_eq!(LeftOut(&names(2)).to_string(), "; left out: s1, s2");
        assert!(
            LeftOut(&names(20))
                .to_string()
                .ends_with(", s16 and 4 more")
        );
    }

    #[test]
    fn long_cells_are_cut_and_control_characters_escaped() {
        assert_eq!(Shortened("a\tb").to_string(), "a\\tb");
        assert_eq!(
            Shortened(&"z".repeat(50)).to_string(),
            format!("{}…", "z".repeat(40))
        );
    }
}
