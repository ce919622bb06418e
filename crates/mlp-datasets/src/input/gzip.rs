//! Archives of gzip, which may have several parts and padding behind them.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// The content of all parts of an archive. Zero bytes behind a part are padding, as tapes have it.
pub(super) struct GzipParts<R> {
    /// The part that is being read; `None` after the last one.
    part: Option<GzDecoder<R>>,
}

impl<R: BufRead> GzipParts<R> {
    pub fn new(input: R) -> Self {
        Self {
            part: Some(GzDecoder::new(input)),
        }
    }

    /// Moves to the next part, if there is one.
    fn advance(&mut self) -> io::Result<()> {
        let Some(part) = self.part.take() else {
            return Ok(());
        };
        let mut input = part.into_inner();
        loop {
            let next = input.fill_buf()?;
            let (length, zeros) = (next.len(), next.iter().take_while(|byte| **byte == 0));
            let zeros = zeros.count();
            input.consume(zeros);
            if length == 0 {
                return Ok(());
            }
            if zeros < length {
                self.part = Some(GzDecoder::new(input));
                return Ok(());
            }
        }
    }
}

impl<R: BufRead> Read for GzipParts<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(part) = &mut self.part {
            let count = part.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            self.advance()?;
        }
        Ok(0)
    }
}
