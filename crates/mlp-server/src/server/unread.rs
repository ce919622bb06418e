//! Bodies that nobody has read when their request is answered.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// So much of a body is waited for before the answer, so that the connection can be used again.
const AWAITED: usize = 1 << 16;
/// And so long.
const TIME: Duration = Duration::from_millis(50);

/// A body that is given back if whoever reads it does not read it to its end.
pub struct Lent {
    body: Option<Incoming>,
    back: Option<oneshot::Sender<Incoming>>,
}

/// What is left of a body, once it is given back.
pub struct Unread(oneshot::Receiver<Incoming>);

impl Lent {
    pub fn new(body: Incoming) -> (Self, Unread) {
        let (back, unread) = oneshot::channel();
        let lent = Self {
            body: Some(body),
            back: Some(back),
        };
        (lent, Unread(unread))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(body), Some(back)) = (self.body.take(), self.back.take())
            && !body.is_end_stream()
        {
            let _ = back.send(body);
        }
    }
}

impl Body for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

impl Unread {
    /// Reads what is left if it is little and comes at once. Whether nothing is left after that; otherwise the connection
    /// must be closed.
    pub async fn read(mut self, may_read: bool) -> bool {
        let Ok(mut body) = self.0.try_recv() else {
            return true;
        };
        let is_short = body.size_hint().lower() <= AWAITED as u64;
        if !may_read || !is_short {
            return false;
        }
        let read = async {
            let mut read = 0;
            while let Some(frame) = body.frame().await {
                let Ok(frame) = frame else {
                    return false;
                };
                read += frame.data_ref().map_or(0, Bytes::len);
                if read > AWAITED {
                    return false;
                }
            }
            true
        };
        timeout(TIME, read).await.unwrap_or(false)
    }
}
