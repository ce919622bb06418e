//! Options as messages name them.

/// An option as the subject of a sentence.
pub fn subject(option: &str) -> String {
    match option {
        "dataset" => "the data set".to_owned(),
        "name" => "`--model`".to_owned(),
        option => format!("`--{}`", dashed(option)),
    }
}

/// An option as it is typed.
pub fn dashed(option: &str) -> String {
    option.replace('_', "-")
}
