//! What the messages of an Arrow file claim, which is looked at before they are read.
//!
//! A compressed buffer begins with its length before it was compressed, and arrow-ipc reserves as much memory
//! before it looks at the rest. In a damaged file, that may be terabytes.

use std::collections::VecDeque;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use arrow_ipc::reader::read_footer_length;
use arrow_ipc::{Block, CompressionType, Message, root_as_footer, root_as_message};

/// The most bytes that one byte stands for.
const LZ4_RATIO: u64 = 255;
/// A block of 128 KiB takes four bytes or more.
const ZSTD_RATIO: u64 = 1 << 15;
/// So many rows may be without values, or the same value.
const MAX_ROWS_WITHOUT_VALUES: u64 = 1 << 24;
/// The length of a buffer before it was compressed.
const PREFIX: u64 = 8;
type Prefix = [u8; 8];
/// What a message begins with, before the length of its metadata.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// Checks the claims of a file. Other faults are left to the reader.
pub(super) fn check_file(file: &mut (impl Read + Seek)) -> io::Result<()> {
    let Some((footer, end)) = footer(file)? else {
        return Ok(());
    };
    let Ok(footer) = root_as_footer(&footer) else {
        return Ok(());
    };
    let dictionaries = footer.dictionaries().into_iter().flatten();
    for block in dictionaries.chain(footer.recordBatches().into_iter().flatten()) {
        check_block(file, block, end)?;
    }
    Ok(())
}

/// The footer of a file, and where it begins.
fn footer(file: &mut (impl Read + Seek)) -> io::Result<Option<(Vec<u8>, u64)>> {
    let mut tail = [0; 10];
    let Some(tail_start) = file.seek(SeekFrom::End(0))?.checked_sub(10) else {
        return Ok(None);
    };
    file.seek(SeekFrom::Start(tail_start))?;
    file.read_exact(&mut tail)?;
    let Ok(length) = read_footer_length(tail) else {
        return Ok(None);
    };
    let start = tail_start.checked_sub(length as u64);
    let start = start.ok_or_else(|| damaged("its footer is longer than the file"))?;
    let mut footer = vec![0; length];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut footer)?;
    Ok(Some((footer, start)))
}

/// Checks the claims of a block before the footer.
fn check_block(file: &mut (impl Read + Seek), block: &Block, end: u64) -> io::Result<()> {
    let unsigned = |number: i64| u64::try_from(number).unwrap_or(u64::MAX);
    let (start, body_length) = (unsigned(block.offset()), unsigned(block.bodyLength()));
    let metadata_length = unsigned(block.metaDataLength().into());
    let body_start = start.saturating_add(metadata_length);
    if body_start.saturating_add(body_length) > end {
        return Err(damaged("a batch reaches beyond its end"));
    }
    let mut metadata = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.by_ref()
        .take(metadata_length)
        .read_to_end(&mut metadata)?;
    let skipped = if metadata.starts_with(&CONTINUATION) {
        8
    } else {
        4
    };
    // The reader would look for the rest of the metadata in the body.
    let message = metadata.get(skipped..).map(root_as_message);
    let Some(Ok(message)) = message else {
        return Err(damaged("the metadata of a batch cannot be read"));
    };
    let mut claims = Claims::new(&message, body_length)?;
    while let Some(claim) = claims.of_buffers.pop_front() {
        let mut prefix = Prefix::default();
        file.seek(SeekFrom::Start(body_start + claim.position))?;
        file.read_exact(&mut prefix)?;
        claims.check(&claim, prefix)?;
    }
    Ok(())
}

/// The claims of a message that were not checked yet.
#[derive(Default)]
struct Claims {
    /// In the order of their positions.
    of_buffers: VecDeque<Claim>,
    /// How many bytes all buffers together can have.
    left: u64,
}

/// Where the length of a buffer is in the body of a message, and what it can be at most.
struct Claim {
    position: u64,
    most: u64,
}

impl Claims {
    /// Those of a message with a body of some length.
    fn new(message: &Message, body_length: u64) -> io::Result<Self> {
        let dictionary = message.header_as_dictionary_batch();
        let of_dictionary = || dictionary.and_then(|dictionary| dictionary.data());
        let Some(batch) = message.header_as_record_batch().or_else(of_dictionary) else {
            return Ok(Self::default());
        };
        let ratio = batch.compression().map(|compression| {
            if compression.codec() == CompressionType::LZ4_FRAME {
                LZ4_RATIO
            } else {
                ZSTD_RATIO
            }
        });
        let most_bytes = body_length.saturating_mul(ratio.unwrap_or(1));
        let most_rows = most_bytes.saturating_mul(8).max(MAX_ROWS_WITHOUT_VALUES);
        let num_rows = batch.length();
        if u64::try_from(num_rows).is_ok_and(|rows| rows > most_rows) {
            return Err(damaged(&format!("a batch claims to have {num_rows} rows")));
        }
        let Some(ratio) = ratio else {
            return Ok(Self::default());
        };
        let buffers = batch.buffers().into_iter().flatten();
        let mut claims: Vec<Claim> = buffers
            .filter(|buffer| buffer.length() > 0)
            .filter_map(|buffer| {
                let position = u64::try_from(buffer.offset()).ok()?;
                let compressed = buffer.length().unsigned_abs().saturating_sub(PREFIX);
                Some(Claim {
                    position,
                    most: compressed.saturating_mul(ratio),
                })
            })
            .filter(|claim| claim.position.saturating_add(PREFIX) <= body_length)
            .collect();
        claims.sort_by_key(|claim| (claim.position, claim.most));
        claims.dedup_by_key(|claim| claim.position);
        Ok(Self {
            of_buffers: claims.into(),
            left: most_bytes,
        })
    }

    fn check(&mut self, claim: &Claim, prefix: Prefix) -> io::Result<()> {
        let length = i64::from_le_bytes(prefix);
        // A length of −1 means that the buffer is not compressed.
        let Ok(length) = u64::try_from(length) else {
            return Ok(());
        };
        let left = self.left.checked_sub(length);
        self.left = left.filter(|_| length <= claim.most).ok_or_else(|| {
            damaged(&format!(
                "a buffer claims to have {length} bytes before it was compressed"
            ))
        })?;
        Ok(())
    }
}

fn damaged(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Passes a stream of messages through, until one claims what cannot be.
pub(super) struct CheckedStream<R> {
    stream: R,
    /// What was read already, to be passed on next.
    read: Cursor<Vec<u8>>,
    /// The position in the body of the message, and the length of the body.
    position: u64,
    body_length: u64,
    claims: Claims,
    /// How many bytes all messages together may still have, before they were compressed.
    left: u64,
}

impl<R: Read> CheckedStream<R> {
    pub fn new(stream: R) -> Self {
        Self {
            stream,
            read: Cursor::default(),
            position: 0,
            body_length: 0,
            claims: Claims::default(),
            left: u64::MAX,
        }
    }

    /// The same, if all messages together have at most so many bytes before they were compressed.
    pub fn with_at_most(self, bytes: u64) -> Self {
        Self {
            left: bytes,
            ..self
        }
    }

    /// Counts bytes of all messages.
    fn take(&mut self, bytes: u64) -> io::Result<()> {
        let left = self.left.checked_sub(bytes);
        self.left = left.ok_or_else(|| damaged("it unpacks to more than is read"))?;
        Ok(())
    }

    /// Reads some bytes to be passed on next, or fewer at the end of the stream; whether all were there.
    fn read_more(&mut self, count: u64) -> io::Result<bool> {
        let read = self.stream.by_ref().take(count);
        Ok({ read }.read_to_end(self.read.get_mut())? as u64 == count)
    }

    /// Reads the next message up to its body.
    fn start_message(&mut self) -> io::Result<()> {
        (self.position, self.body_length) = (0, 0);
        if !self.read_more(4)? {
            return Ok(());
        }
        if *self.read.get_ref() == CONTINUATION && !self.read_more(4)? {
            return Ok(());
        }
        let start = self.read.get_ref().len();
        let length = self
            .read
            .get_ref()
            .last_chunk()
            .copied()
            .unwrap_or_default();
        let length = u64::try_from(i32::from_le_bytes(length)).unwrap_or(0);
        if length == 0 || !self.read_more(length)? {
            return Ok(());
        }
        if let Ok(message) = root_as_message(&self.read.get_ref()[start..]) {
            self.body_length = u64::try_from(message.bodyLength()).unwrap_or(0);
            self.claims = Claims::new(&message, self.body_length)?;
            self.take(self.body_length)?;
        }
        Ok(())
    }

    /// Reads and checks the length of a buffer.
    fn take_claim(&mut self, claim: &Claim) -> io::Result<()> {
        if claim.position < self.position {
            return Err(damaged("its buffers overlap"));
        }
        if self.read_more(PREFIX)?
            && let Some(&prefix) = self.read.get_ref().first_chunk()
        {
            self.claims.check(claim, prefix)?;
            self.take(u64::try_from(i64::from_le_bytes(prefix)).unwrap_or(0))?;
        }
        self.position += PREFIX;
        Ok(())
    }
}

impl<R: Read> Read for CheckedStream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.read.read(buffer)?;
        if count > 0 || buffer.is_empty() {
            return Ok(count);
        }
        self.read = Cursor::new(std::mem::take(self.read.get_mut()));
        self.read.get_mut().clear();
        if self.position >= self.body_length {
            self.start_message()?;
            return self.read.read(buffer);
        }
        let next = match self.claims.of_buffers.front() {
            None => self.body_length,
            Some(claim) if claim.position > self.position => claim.position,
            Some(_) => {
                let claim = self.claims.of_buffers.pop_front();
                claim.map_or(Ok(()), |claim| self.take_claim(&claim))?;
                return self.read.read(buffer);
            }
        };
        let count = { self.stream.by_ref() }
            .take(next - self.position)
            .read(buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Int64Array, NullArray, RecordBatch};
    use arrow_ipc::reader::StreamReader;
    use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};

    use super::*;

    /// A file and a stream of a batch twice.
    fn written(column: ArrayRef, compression: Option<CompressionType>) -> [Vec<u8>; 2] {
        let batch = RecordBatch::try_from_iter([("x", column)]).unwrap();
        let options = IpcWriteOptions::default();
        let options = options.try_with_compression(compression).unwrap();
        let mut file = Vec::new();
        let mut writer =
            FileWriter::try_new_with_options(&mut file, &batch.schema(), options.clone()).unwrap();
        writer.write(&batch).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        let mut stream = Vec::new();
        let mut writer =
            StreamWriter::try_new_with_options(&mut stream, &batch.schema(), options).unwrap();
        writer.write(&batch).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        [file, stream]
    }

    fn faults([file, stream]: [Vec<u8>; 2]) -> [Option<String>; 2] {
        let file = check_file(&mut Cursor::new(file));
        let mut passed = Vec::new();
        let passing = CheckedStream::new(&stream[..]).read_to_end(&mut passed);
        if passing.is_ok() {
            assert_eq!(passed, stream);
            let batches = StreamReader::try_new(CheckedStream::new(&stream[..]), None).unwrap();
            assert_eq!(batches.map(Result::unwrap).count(), 2);
        }
        [file.err(), passing.err()].map(|error| error.map(|error| error.to_string()))
    }

    fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) {
        let at = bytes.windows(old.len()).rposition(|window| window == old);
        bytes[at.unwrap()..][..new.len()].copy_from_slice(new);
    }

    #[test]
    fn buffers_that_are_far_longer_than_what_they_are_compressed_to_are_damaged() {
        for (compression, mark) in [
            (CompressionType::LZ4_FRAME, [0x04, 0x22, 0x4d, 0x18]),
            (CompressionType::ZSTD, [0x28, 0xb5, 0x2f, 0xfd]),
        ] {
            // Nothing can be compressed better.
            let zeros: ArrayRef = Arc::new(Int64Array::from(vec![0; 1 << 17]));
            let mut damaged = written(zeros, Some(compression));
            assert_eq!(faults(damaged.clone()), [None, None]);
            let length = [&(8_u64 << 17).to_le_bytes()[..], &mark].concat();
            for bytes in &mut damaged {
                replace(bytes, &length, &(1_u64 << 42).to_le_bytes());
            }
            let fault =
                "a buffer claims to have 4398046511104 bytes before it was compressed".to_owned();
            assert_eq!(faults(damaged), [Some(fault.clone()), Some(fault)]);
        }
        let numbers: ArrayRef = Arc::new((0..100).collect::<Int64Array>());
        assert_eq!(faults(written(numbers, None)), [None, None]);
    }

    #[test]
    fn rows_without_values_are_not_without_number() {
        let most = usize::try_from(MAX_ROWS_WITHOUT_VALUES).unwrap();
        let nothing = |rows| -> ArrayRef { Arc::new(NullArray::new(rows)) };
        assert_eq!(faults(written(nothing(most), None)), [None, None]);
        let fault = Some("a batch claims to have 16777217 rows".to_owned());
        assert_eq!(
            faults(written(nothing(most + 1), None)),
            [fault.clone(), fault]
        );
    }

    #[test]
    fn blocks_are_within_the_file() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        let [file, _] = written(numbers, None);
        let (footer, _) = footer(&mut Cursor::new(&file)).unwrap().unwrap();
        let blocks = root_as_footer(&footer).unwrap().recordBatches().unwrap();
        let block = blocks.get(1);
        let fault = |old: &[u8], new: &[u8]| {
            let mut damaged = file.clone();
            replace(&mut damaged, old, new);
            check_file(&mut Cursor::new(damaged))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            fault(
                &block.bodyLength().to_le_bytes(),
                &(1_i64 << 40).to_le_bytes()
            ),
            "a batch reaches beyond its end"
        );
        let (start, length) = (block.offset().to_le_bytes(), block.metaDataLength());
        let [old, new] =
            [length, length / 2].map(|length| [&start[..], &length.to_le_bytes()].concat());
        assert_eq!(fault(&old, &new), "the metadata of a batch cannot be read");
    }
}
