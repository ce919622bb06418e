//! A stream that waits for its client, but not for ever.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// How many bytes of an answer a client must take in a second, on the whole.
const SLOWEST: u64 = 64 << 10;
/// The most that is read and thrown away of a request that was answered before it had come.
const MOST_DISCARDED: u64 = 1 << 30;
/// How many bytes of it are read at once.
const DISCARDED_AT_ONCE: usize = 1 << 14;

/// A connection whose client must take what is written to it: at once up to a time, and then at least 64 KiB a second.
/// At the end, if a body is still under way, it is read for as long and thrown away: the system would otherwise reset
/// the connection, and with it discard the answer that the client has not read yet.
pub struct Patient {
    stream: TcpStream,
    time: Duration,
    /// Whether a request was answered whose body is still under way.
    has_unread: Arc<AtomicBool>,
    /// When what waits to be written must be taken; none while nothing waits.
    deadline: Option<Pin<Box<Sleep>>>,
    /// Bytes that may still be thrown away, once the writing has ended.
    to_discard: Option<u64>,
}

impl Patient {
    pub fn new(stream: TcpStream, time: Duration, has_unread: Arc<AtomicBool>) -> Self {
        Self {
            stream,
            time,
            has_unread,
            deadline: None,
            to_discard: None,
        }
    }

    /// Moves the deadline if something was written, and fails if nothing can be and it is over.
    fn wait(
        &mut self,
        context: &mut Context,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => {
                if let Some(deadline) = &mut self.deadline {
                    let more = Duration::from_secs(1).mul_f64(bytes as f64 / SLOWEST as f64);
                    let latest = Instant::now() + self.time;
                    let later = latest.min(deadline.deadline() + more);
                    deadline.as_mut().reset(later);
                }
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let end = Instant::now() + self.time;
                let deadline = self
                    .deadline
                    .get_or_insert_with(|| Box::pin(sleep_until(end)));
                ready!(deadline.as_mut().poll(context));
                Poll::Ready(Err(ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        buffer: &mut ReadBuf,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wait(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        bytes: &[IoSlice],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.wait(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// All that was to be written is with the system.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        self.deadline = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.to_discard.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            let has_unread = this.has_unread.load(Ordering::Relaxed);
            this.to_discard = Some(if has_unread { MOST_DISCARDED } else { 0 });
            this.deadline = Some(Box::pin(sleep_until(Instant::now() + this.time)));
        }
        let mut buffer = [0; DISCARDED_AT_ONCE];
        while let Some(left @ 1..) = this.to_discard {
            if let Some(deadline) = &mut this.deadline
                && deadline.as_mut().poll(context).is_ready()
            {
                break;
            }
            let mut buffer = ReadBuf::new(&mut buffer);
            // A client that has left or resets the connection has nothing more to read.
            match ready!(Pin::new(&mut this.stream).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {
                    let read = buffer.filled().len() as u64;
                    this.to_discard = Some(left.saturating_sub(read));
                }
                Ok(()) | Err(_) => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
