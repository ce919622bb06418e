//! The framing of records in a file: `TFRecord`.
//!
//! A record is its length, a checksum of these eight bytes, its bytes, and a checksum of them; all numbers begin with
//! their least significant byte. A checksum is a masked CRC-32C, so that a record may hold records
//! ([TensorFlow](https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details)).

use std::io::{self, ErrorKind, Read, Write};

/// The longest record that is read. An event of a training has some hundred bytes.
const LONGEST: u64 = 1 << 20;

/// Writes a record.
///
/// # Errors
///
/// If the writer fails.
pub fn write(writer: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = (bytes.len() as u64).to_le_bytes();
    writer.write_all(&length)?;
    writer.write_all(&masked_checksum(&length).to_le_bytes())?;
    writer.write_all(bytes)?;
    writer.write_all(&masked_checksum(bytes).to_le_bytes())
}

/// Reads the next record; none at the end.
///
/// # Errors
///
/// If the file ends within the record, which happens if its writer was killed, or a checksum is wrong.
pub fn read(reader: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    if reader.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    reader.read_exact(&mut length[1..])?;
    check(reader, &length)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes)?;
    check(reader, &bytes)?;
    Ok(Some(bytes))
}

/// Checks some bytes by the checksum that follows.
fn check(reader: &mut impl Read, bytes: &[u8]) -> io::Result<()> {
    let mut checksum = [0; 4];
    reader.read_exact(&mut checksum)?;
    if u32::from_le_bytes(checksum) == masked_checksum(bytes) {
        Ok(())
    } else {
        Err(ErrorKind::InvalidData.into())
    }
}

/// `rotate_right(crc32c(bytes), 15) + 0xa282ead8`
fn masked_checksum(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes)
        .rotate_right(15)
        .wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The CRC-32C of RFC 3720, B.4, are those of 32 zeros, `8a9136aa`, of 32 bytes of `ff`, `62a8ab43`, and that
    /// of `123456789`, `e3069283`, which every list of checksums has. They are masked by hand:
    /// `8a9136aa` rotated by 15 is `6d551522`, for example.
    #[test]
    fn checksums_are_those_of_the_standard_masked() {
        assert_eq!(
            masked_checksum(&[0; 32]),
            0x6d55_1522_u32.wrapping_add(0xa282_ead8)
        );
        assert_eq!(
            masked_checksum(&[0xff; 32]),
            0x5686_c551_u32.wrapping_add(0xa282_ead8)
        );
        assert_eq!(
            masked_checksum(b"123456789"),
            0x2507_c60d_u32.wrapping_add(0xa282_ead8)
        );
    }

    /// The first record of any event file, from `tensorboard.summary.writer.record_writer.RecordWriter`; see
    /// `tests/logs/records.py`.
    #[test]
    fn a_record_is_that_of_tensorboard() {
        let mut written = Vec::new();
        write(&mut written, b"brain.Event:2").unwrap();
        assert_eq!(
            written,
            [
                &[13, 0, 0, 0, 0, 0, 0, 0][..],
                &LENGTH_CHECKSUM,
                b"brain.Event:2",
                &CHECKSUM
            ]
            .concat()
        );
    }

    const LENGTH_CHECKSUM: [u8; 4] = [60, 55, 184, 52];
    const CHECKSUM: [u8; 4] = [238, 1, 6, 124];

    #[test]
    fn records_are_read_as_they_were_written() {
        let mut written = Vec::new();
        for record in [&b"one"[..], b"", b"three"] {
            write(&mut written, record).unwrap();
        }
        let mut reader = written.as_slice();
        assert_eq!(read(&mut reader).unwrap().unwrap(), b"one");
        assert_eq!(read(&mut reader).unwrap().unwrap(), b"");
        assert_eq!(read(&mut reader).unwrap().unwrap(), b"three");
        assert_eq!(read(&mut reader).unwrap(), None);
    }

    #[test]
    fn a_record_that_is_cut_or_changed_is_an_error() {
        let mut written = Vec::new();
        write(&mut written, b"record").unwrap();
        for end in 1..written.len() {
            assert!(read(&mut &written[..end]).is_err(), "{end}");
        }
        for index in 0..written.len() {
            let mut changed = written.clone();
            changed[index] ^= 1;
            assert!(read(&mut changed.as_slice()).is_err(), "{index}");
        }
        let mut endless = u64::MAX.to_le_bytes().to_vec();
        endless.extend(masked_checksum(&endless).to_le_bytes());
        assert!(read(&mut endless.as_slice()).is_err());
    }
}
