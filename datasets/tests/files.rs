//! The constants, the files of the package and its README agree.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use mlp_tables::FILES;
use sha2::{Digest, Sha256};

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the tables in the package, in alphabetical order.
fn tables() -> Vec<String> {
    let entries = fs::read_dir(package()).unwrap().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let names = files.map(|entry| entry.file_name().into_string().unwrap());
    // An unpacked package has more of Cargo's files, such as `Cargo.toml.orig` and `.cargo-ok`.
    let is_table =
        |name: &String| name != "README.md" && !name.starts_with("Cargo") && !name.starts_with('.');
    let mut names: Vec<String> = names.filter(is_table).collect();
    names.sort_unstable();
    names
}

#[cfg(feature = "tables")]
#[test]
fn every_table_of_the_package_is_exported() {
    let mut exported: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    exported.sort_unstable();
    assert_eq!(exported, tables());
}

#[test]
fn every_table_of_the_package_is_documented() {
    let readme = fs::read_to_string(package().join("README.md")).unwrap();
    for table in tables() {
        let start = format!("| `{table}` |");
        let is_documented = readme.lines().any(|line| line.starts_with(&start));
        assert!(is_documented, "`{table}` is not in README.md");
    }
}

#[test]
fn every_constant_holds_the_file_with_the_documented_checksum() {
    let readme = fs::read_to_string(package().join("README.md")).unwrap();
    for (name, content) in FILES {
        assert_eq!(&fs::read(package().join(name)).unwrap(), content, "{name}");
        let mut checksum = String::new();
        for byte in Sha256::digest(content) {
            write!(checksum, "{byte:02x}").unwrap();
        }
        let start = format!("| `{name}` |");
        let row = readme.lines().find(|line| line.starts_with(&start));
        let row = row.unwrap_or_else(|| panic!("`{name}` is not in README.md"));
        assert!(row.ends_with(&format!("| `{checksum}` |")), "{row}");
    }
}
