use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::{HeaderMap, StatusCode};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::refusal::Refusal;

/// How many times as much as is taken is read of a body that is too large, so that the client has sent it and reads
/// why it was refused.
const DRAINED: usize = 16;

/// The length of a body as far as it is taken, if it is as long as it says or, if it does not say so, as it may be.
pub fn expected_length(headers: &HeaderMap, most: usize) -> usize {
    match length(headers) {
        Some(length) => usize::try_from(length).unwrap_or(most).min(most),
        None if headers.contains_key(TRANSFER_ENCODING) => most,
        None => 0,
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// Reads a body of at most so many bytes.
pub async fn read(headers: &HeaderMap, mut body: Body, most: usize) -> Result<Bytes, Refusal> {
    let mut is_too_large = length(headers).is_some_and(|length| length > most as u64);
    let mut read = 0usize;
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::malformed("the body ended too early"))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        read = read.saturating_add(data.len());
        is_too_large |= read > most;
        if is_too_large {
            if read > most.saturating_mul(DRAINED) {
                break;
            }
        } else if first.is_empty() && all.is_empty() {
            // Most bodies come in one piece, which need not be copied.
            first = data;
        } else {
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
    }
    if is_too_large {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body has more than {most} bytes; send the rows in several requests"),
        ));
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}
