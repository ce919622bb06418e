use std::fmt;
use std::fs::File;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use subtle::ConstantTimeEq;

use crate::error::Error;

/// How models are served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen; with port 0, on a free one.
    pub listen: SocketAddr,
    /// What requests must carry, if they must carry anything.
    pub token: Option<Token>,
    /// Names of this server besides those of the loopback, such as that of a proxy in front of it. Matters on the
    /// loopback without a token only, where pages of other sites that are open in a browser of this machine must not
    /// be answered.
    pub hosts: Vec<String>,
    /// What is refused.
    pub limits: Limits,
    /// How often to look whether a run has changed.
    pub reload_every: Duration,
    /// Whether rows are predicted whose categories differ from those of the training in upper and lower case alone.
    /// Categories that are entirely new are predicted anyway.
    pub allow_unknown: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 8080).into(),
            token: None,
            hosts: Vec::new(),
            limits: Limits::default(),
            reload_every: Duration::from_secs(1),
            allow_unknown: false,
        }
    }
}

/// How large, long and many requests may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a body.
    pub body_bytes: usize,
    /// The most rows of a request.
    pub rows: usize,
    /// The longest time from the first byte of a body to its answer.
    pub time: Duration,
    /// The most requests for predictions at the same time.
    pub requests: usize,
    /// The most connections at the same time; more wait to be accepted.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 16 << 20,
            rows: 100_000,
            time: Duration::from_secs(30),
            requests: 512,
            connections: 1024,
        }
    }
}

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
