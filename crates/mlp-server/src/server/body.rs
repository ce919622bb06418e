use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::{HeaderMap, StatusCode};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::refusal::Refusal;

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
    let too_large = || {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body has more than {most} bytes; send the rows in several requests"),
        )
    };
    // What is not read here is read and thrown away at the end of the connection.
    if length(headers).is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::malformed("the body ended too early"))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if first.len().max(all.len()).saturating_add(data.len()) > most {
            return Err(too_large());
        }
        if first.is_empty() && all.is_empty() {
            // Most bodies come in one piece, which need not be copied.
            first = data;
        } else {
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}
