use std::env;
use std::path::Path;

/// A number of things, in words.
pub fn counted(count: usize, one: &str, several: &str) -> String {
    let noun = if count == 1 { one } else { several };
    format!("{count} {noun}")
}

/// A number of epochs, in words.
pub fn epochs(count: usize) -> String {
    counted(count, "epoch", "epochs")
}

/// The program as it was called.
pub fn program() -> String {
    // Cargo tells the programs that it runs which package they belong to.
    if env::var_os("CARGO_PKG_NAME").is_some() {
        return "cargo run -p trainer --".to_owned();
    }
    let called = env::args().next().unwrap_or_default();
    match Path::new(&called).file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => "trainer".to_owned(),
    }
}

/// A value as it is typed on a command line: in quotes unless it consists of plain characters.
pub fn quoted(value: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "_-.,".contains(character);
    if !value.is_empty() && value.chars().all(is_plain) {
        value.to_owned()
    } else {
        format!("'{value}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_spaces_are_quoted() {
        assert_eq!(quoted("user_id,b"), "user_id,b");
        assert_eq!(quoted("total charges"), "'total charges'");
    }
}
