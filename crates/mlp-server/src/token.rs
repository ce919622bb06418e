use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use subtle::ConstantTimeEq;

use crate::error::Error;

/// A secret that requests carry in the header `Authorization: Bearer TOKEN`.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// The fewest characters: shorter ones are guessed.
    pub const SHORTEST: usize = 16;
    /// The most characters.
    pub const LONGEST: usize = 1024;

    /// Reads a token from a file, which may end in a line break.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or holds something else.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut text = Vec::new();
        let most = Self::LONGEST as u64 + 3;
        File::open(path)
            .and_then(|file| file.take(most).read_to_end(&mut text))
            .map_err(|source| Error::TokenFile {
                path: path.to_owned(),
                source,
            })?;
        let token = text.trim_ascii();
        let is_token = (Self::SHORTEST..=Self::LONGEST).contains(&token.len())
            && token.iter().all(u8::is_ascii_graphic);
        match str::from_utf8(token) {
            Ok(token) if is_token => Ok(Self(token.to_owned())),
            _ => Err(Error::BadToken {
                path: path.to_owned(),
            }),
        }
    }

    /// Whether this is the token. The time that it takes does not tell how many characters are right.
    pub(crate) fn is(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_holds_a_token_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let read = |text: &[u8]| {
            fs::write(&path, text).unwrap();
            Token::read(&path)
        };
        let token = read(b"0123456789abcdef\r\n").unwrap();
        assert!(token.is(b"0123456789abcdef"));
        assert!(
            !token.is(b"0123456789abcdeF") && !token.is(b"") && !token.is(b"0123456789abcdef0")
        );
        assert_eq!(format!("{token:?}"), "Token");
        for text in [
            &b""[..],
            b"short",
            b"two words that are long",
            &[0xff; 20],
            &[b'x'; 2000],
        ] {
            assert!(matches!(read(text), Err(Error::BadToken { .. })));
        }
        assert!(matches!(
            Token::read(&folder.path().join("none")),
            Err(Error::TokenFile { .. })
        ));
    }
}
