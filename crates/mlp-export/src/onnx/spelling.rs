//! The texts that `predict` takes for a category.

use std::collections::BTreeSet;

use mlp_datasets::{Categories, find_same};

/// The longest list of texts in which others are looked for that mean the same: beyond, it would take long.
const MOST_WITH_SPELLINGS: usize = 1_000;
/// With more names, words for yes and no mean nothing else.
const MOST_BOOLEANS: usize = 2;

/// The names of categories, and then other spellings of them that `predict` takes for the same: `1.0` for `1`, or
/// `TRUE` for `true`. The empty text is a missing value.
pub fn texts(categories: &Categories) -> Vec<String> {
    let names = &categories.names;
    let mut texts: Vec<String> = names
        .iter()
        .filter(|name| !name.is_empty())
        .cloned()
        .collect();
    if names.len() > MOST_WITH_SPELLINGS {
        return texts;
    }
    let mut taken: BTreeSet<String> = texts.iter().cloned().collect();
    for name in names {
        for text in spellings(name, names.len() <= MOST_BOOLEANS) {
            if find_same(names, &text).is_some() && taken.insert(text.clone()) {
                texts.push(text);
            }
        }
    }
    texts
}

/// What else a name may be written as.
fn spellings(name: &str, may_be_boolean: bool) -> Vec<String> {
    let mut spellings = Vec::new();
    if let Ok(number) = name.parse::<f64>()
        && number.is_finite()
    {
        spellings.extend([format!("{number}"), format!("{number:?}")]);
    }
    if may_be_boolean && !name.is_empty() && name.len() <= "false".len() {
        for word in ["true", "t", "yes", "y", "false", "f", "no", "n"] {
            let (first, rest) = word.split_at(1);
            let capital = format!("{}{rest}", first.to_uppercase());
            spellings.extend([word.to_owned(), capital, word.to_uppercase()]);
        }
        spellings.extend(["1", "0", "1.0", "0.0"].map(str::to_owned));
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn categories(names: &[&str]) -> Categories {
        Categories {
            names: names.iter().map(ToString::to_string).collect(),
            missing: false,
            other: true,
            shares: Vec::new(),
        }
    }

    #[test]
    fn texts_that_mean_a_category_are_known() {
        let of = |names: &[&str]| texts(&categories(names));
        assert_eq!(of(&["red", "blue"]), ["red", "blue"]);
        let numbers = of(&["1", "2.0"]);
        for text in ["1", "1.0", "2.0", "2"] {
            assert!(numbers.iter().any(|known| known == text), "{text}");
        }
        let booleans = of(&["false", "true"]);
        for text in ["true", "True", "TRUE", "t", "1", "no"] {
            assert!(booleans.iter().any(|known| known == text), "{text}");
        }
        // With a third name, `yes` is nothing but that name.
        assert!(!of(&["true", "false", "maybe"]).contains(&"yes".to_owned()));
    }
}
