//! Names and values as messages repeat them.

use mlp_datasets::nearest;

/// How many characters of a value are repeated.
const SHOWN: usize = 100;
/// How many allowed values are listed.
const LISTED: usize = 20;

/// The beginning of a value that may be long.
pub fn shortened(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", &value[..end]),
    }
}

/// The name that another one is most likely a misspelling of.
pub fn did_you_mean(name: &str, names: &[&str]) -> Option<String> {
    let nearest = shortened(nearest(name, names.iter().copied())?);
    Some(format!("did you mean `{nearest}`?"))
}

/// Names in a sentence.
pub fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(LISTED)
        .map(|name| format!("`{name}`"))
        .collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
