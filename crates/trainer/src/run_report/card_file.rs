//! The file of a model card, which a user may complete by hand.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mlp_datasets::sha256;
use mlp_inference::whole_file;

use crate::Error;

/// What begins the last line of a card as it is written.
const MARK: &str = "<!-- sha256 of the text above, by which an edited card is known: ";
const END: &str = " -->\n";
/// A larger file is no card of ours.
const MOST_BYTES: u64 = 1 << 24;

/// The text of a card with its digest.
pub fn marked(text: &str) -> String {
    format!("{text}\n{MARK}{}{END}", digest(text))
}

/// The first free place for a card: the path itself, unless a file is there that was edited or is another's, or else
/// the path with a number.
pub fn free_place(path: &Path, text: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let numbered = (2..).map(|number| path.with_file_name(format!("{stem}-{number}.{ending}")));
    let mut places = [path.to_owned()].into_iter().chain(numbered);
    let free = places.find(|place| may_be_replaced(place, text));
    free.unwrap_or_else(|| path.to_owned())
}

/// Whether there is no file, or one as it was written by this program.
fn may_be_replaced(path: &Path, text: &str) -> bool {
    match fs::metadata(path) {
        Err(error) => error.kind() == io::ErrorKind::NotFound,
        Ok(found) if !found.is_file() || found.len() > MOST_BYTES => false,
        Ok(_) => {
            let there = whole_file::read(path).ok();
            let there = there.and_then(|bytes| String::from_utf8(bytes).ok());
            there.is_some_and(|there| there == text || is_as_written(&there))
        }
    }
}

fn is_as_written(card: &str) -> bool {
    let Some((text, rest)) = card.rsplit_once(MARK) else {
        return false;
    };
    let text = text.strip_suffix('\n').unwrap_or(text);
    rest.strip_suffix(END) == Some(digest(text).as_str())
}

fn digest(text: &str) -> String {
    sha256(text.as_bytes())
}

/// Writes a card, with its digest.
///
/// # Errors
///
/// If it cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), Error> {
    super::write(path, &marked(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_card_is_kept_and_one_as_written_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model-card.md");
        assert_eq!(free_place(&path, "new"), path);
        write(&path, "# Card\n\nold\n").unwrap();
        assert_eq!(free_place(&path, "new"), path);
        let edited = fs::read_to_string(&path).unwrap().replace("old", "older");
        fs::write(&path, edited).unwrap();
        let beside = folder.path().join("model-card-2.md");
        assert_eq!(free_place(&path, "new"), beside);
        // One without a digest may be of an earlier version, if it is the same.
        fs::write(&path, "new").unwrap();
        assert_eq!(free_place(&path, "new"), path);
        assert_eq!(free_place(&path, "other"), beside);
    }
}
