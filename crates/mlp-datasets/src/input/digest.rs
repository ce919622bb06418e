use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::checksum::hexadecimal;
use super::file::cannot_read;
use super::input::Input;
use crate::error::Error;

/// The SHA-256 of the bytes of all inputs, each followed by how many it has.
pub fn digest(inputs: &[Input]) -> Result<String, Error> {
    let mut digest = Sha256::new();
    for input in inputs {
        let length = update(&mut digest, input.raw()?)
            .map_err(|source| cannot_read(&input.path(), source))?;
        digest.update(length.to_le_bytes());
    }
    Ok(hexadecimal(&digest.finalize()))
}

/// Adds all bytes of a content; how many there are.
fn update(digest: &mut Sha256, mut content: impl Read) -> io::Result<u64> {
    let mut buffer = vec![0; 1 << 16];
    let mut length = 0;
    loop {
        match content.read(&mut buffer) {
            Ok(0) => return Ok(length),
            Ok(count) => {
                digest.update(&buffer[..count]);
                length += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::input::Source;

    #[test]
    fn a_digest_changes_with_any_byte_and_not_with_a_name() {
        let digest = |name: &str, text: &'static str| {
            let source = Source::from_bytes(name, text);
            source.digest().unwrap()
        };
        let first = digest("a.csv", "x\n1\n");
        assert_eq!(first.len(), 64);
        assert_eq!(digest("b.csv", "x\n1\n"), first);
        assert_ne!(digest("a.csv", "x\n2\n"), first);
    }
}
