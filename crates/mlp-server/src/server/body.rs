use axum::body::Body;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::refusal::Refusal;

/// How many times as much as is taken is read of a body that is too large, so that the client has sent it and reads
/// why it was refused.
const DRAINED: usize = 16;

/// Reads a body of at most so many bytes.
pub async fn read(headers: &HeaderMap, mut body: Body, most: usize) -> Result<Bytes, Refusal> {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length = length.and_then(|length| length.parse::<u64>().ok());
    let mut is_too_large = length.is_some_and(|length| length > most as u64);
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
