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
