//! Reads the body of a response, up to a maximum and without leaving copies of it behind.

use reqwest::Response;
use zeroize::Zeroizing;

use crate::transport::error::{TransportError, TransportErrorKind};
use crate::transport::message::wipe;

/// Allocated at first, at most: more than a page of 100 secrets has. A longer body is allocated for
/// as it arrives, whatever length was announced.
const FIRST_BYTES: usize = 64 * 1024;

pub(super) async fn read(
    response: &mut Response,
    max_bytes: usize,
    classify: impl Fn(reqwest::Error) -> TransportError,
) -> Result<Zeroizing<Vec<u8>>, TransportError> {
    let too_large = || {
        let reason = format!("the response is larger than max_response_bytes, {max_bytes}");
        TransportError::new(TransportErrorKind::ResponseTooLarge, reason)
    };
    let announced = response.content_length().unwrap_or(0);
    if announced > max_bytes as u64 {
        return Err(too_large());
    }
    let first = usize::try_from(announced).map_or(FIRST_BYTES, |bytes| bytes.min(FIRST_BYTES));
    let mut body = Zeroizing::new(Vec::with_capacity(first));
    while let Some(chunk) = response.chunk().await.map_err(&classify)? {
        if chunk.len() > max_bytes - body.len() {
            return Err(too_large());
        }
        append(&mut body, &chunk);
    }
    Ok(body)
}

/// Appends without leaving the earlier bytes behind, as a vector that grows does.
fn append(body: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
    let needed = body.len() + chunk.len();
    if needed > body.capacity() {
        let mut larger = Vec::with_capacity(needed.max(2 * body.capacity()));
        larger.extend_from_slice(body);
        wipe(body);
        *body = Zeroizing::new(larger);
    }
    body.extend_from_slice(chunk);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_grows_by_doubling_and_keeps_its_bytes() {
        let mut body = Zeroizing::new(Vec::with_capacity(4));
        let mut expected = Vec::new();
        for chunk in [&b"abc"[..], b"d", b"", b"efghij", b"k"] {
            append(&mut body, chunk);
            expected.extend_from_slice(chunk);
            assert_eq!(*body, expected);
        }
        assert_eq!(body.capacity(), 20);
    }
}
