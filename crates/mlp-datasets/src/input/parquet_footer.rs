//! The footer of a Parquet file, which is looked through before it is read.
//!
//! It is written in the [compact protocol](https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md)
//! of Thrift. In a damaged one, a list may claim billions of elements, which the reader would go through.

use parquet::file::reader::ChunkReader;

/// Structures and lists within each other, of which Parquet has fewer.
const MOST_NESTED: usize = 32;

/// Whether a list in the footer claims more elements than there are bytes. Other faults are left to the reader.
pub(super) fn has_endless_list(file: &impl ChunkReader) -> bool {
    footer(file).is_some_and(|footer| {
        let mut walk = Walk {
            bytes: &footer,
            is_endless: false,
        };
        walk.skip_struct(0);
        walk.is_endless
    })
}

fn footer(file: &impl ChunkReader) -> Option<bytes::Bytes> {
    let end = file.len().checked_sub(8)?;
    let tail = file.get_bytes(end, 8).ok()?;
    let (length, mark) = tail.split_at(4);
    let length = u32::from_le_bytes(length.try_into().ok()?);
    let start = end.checked_sub(u64::from(length))?;
    (mark == b"PAR1").then(|| file.get_bytes(start, length as usize).ok())?
}

/// The bytes that are left.
struct Walk<'a> {
    bytes: &'a [u8],
    is_endless: bool,
}

impl Walk<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(first)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn skip_bytes(&mut self, count: u64) -> Option<()> {
        self.bytes = self.bytes.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    fn skip_struct(&mut self, depth: usize) -> Option<()> {
        loop {
            let header = self.byte()?;
            let kind = header & 0x0f;
            if kind == 0 {
                return Some(());
            }
            if header >> 4 == 0 {
                // The number of the field.
                self.number()?;
            }
            // A boolean field is its kind.
            if !matches!(kind, 1 | 2) {
                self.skip_value(kind, depth + 1)?;
            }
        }
    }

    fn skip_value(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > MOST_NESTED {
            return None;
        }
        match kind {
            // Of a list, a boolean is a byte.
            1..=3 => self.skip_bytes(1),
            4..=6 => self.number().map(drop),
            7 => self.skip_bytes(8),
            8 => {
                let length = self.number()?;
                self.skip_bytes(length)
            }
            9 | 10 => self.skip_list(depth),
            12 => self.skip_struct(depth),
            _ => None,
        }
    }

    fn skip_list(&mut self, depth: usize) -> Option<()> {
        let header = self.byte()?;
        let count = match header >> 4 {
            15 => self.number()?,
            count => u64::from(count),
        };
        if count > self.bytes.len() as u64 {
            self.is_endless = true;
            return None;
        }
        (0..count).try_for_each(|_| self.skip_value(header & 0x0f, depth + 1))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn file(footer: &[u8]) -> Bytes {
        let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
        [b"PAR1", footer, &length, b"PAR1"].concat().into()
    }

    #[test]
    fn lists_must_fit_into_the_footer() {
        for (footer, expected) in [
            // Field 1 is a list of two numbers, and then the structure ends.
            (&[0x19, 0x25, 2, 4, 0][..], false),
            // Of 2^31 booleans.
            (&[0x19, 0xf1, 0x80, 0x80, 0x80, 0x80, 0x08, 0], true),
            // The same within a structure behind a text.
            (
                &[
                    0x18, 1, b'x', 0x1c, 0x19, 0xf1, 0xff, 0xff, 0xff, 0x7f, 0, 0,
                ],
                true,
            ),
            // A field of an unknown kind is left to the reader.
            (&[0x1f, 0x19, 0xf1, 0x80, 0x80, 0x80, 0x80, 0x08], false),
        ] {
            assert_eq!(has_endless_list(&file(footer)), expected, "{footer:?}");
        }
        let whole = include_bytes!("../../tests/files/fruit.parquet");
        assert!(!has_endless_list(&Bytes::from_static(whole)));
        assert!(!has_endless_list(&Bytes::from_static(b"PAR1")));
    }
}
