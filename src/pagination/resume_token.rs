//! [`ResumeToken`]: a position in a listing that can be stored.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::listing_id::ListingId;
use crate::error::{Error, ValidationError};

/// The version of the format. A version that gives a field another meaning, or adds one that must
/// not be ignored, counts up.
const VERSION: u32 = 1;

/// A position in a listing: every item before it was yielded.
/// [`Paginator::resume`](super::Paginator::resume) continues there, in this process or another.
///
/// Its text is safe in files, URLs and command lines: [`to_string`](ToString::to_string) writes it,
/// [`parse`](str::parse) reads it, and serde stores the same text. It belongs to one listing, and
/// is rejected by another: it contains the host, region, operation and page size, and a digest of
/// the filters and other parameters. It contains no credentials, and of the secrets only the names
/// that were yielded from up to three pages. Whose account is listed is not part of it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
/// # use alibabacloud_kms::secrets::ListSecretsRequest;
/// # let emulator = Emulator::start().await?;
/// # for n in 0..250 { emulator.add_secret(EmulatedSecret::new(format!("secret-{n}"))); }
/// # let client = emulator.client()?;
/// use futures_util::{StreamExt, TryStreamExt};
///
/// let mut secrets = client.list_secrets_paginator(ListSecretsRequest::new()).items();
/// let before: Vec<_> = secrets.by_ref().take(130).try_collect().await?;
/// let token = secrets.resume_token().ok_or("the listing was complete")?;
/// let stored = token.to_string();
/// drop(secrets);
///
/// let listing = client.list_secrets_paginator(ListSecretsRequest::new());
/// let rest = listing.resume(stored.parse()?).items();
/// let after: Vec<_> = rest.try_collect().await?;
/// assert_eq!(before.len() + after.len(), 250);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResumeToken {
    pub(super) listing: ListingId,
    pub(super) checkpoint: Checkpoint,
}

/// The JSON in the text of a token.
#[derive(Deserialize, Serialize)]
struct Format<L, C> {
    version: u32,
    listing: L,
    checkpoint: C,
}

impl fmt::Display for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { listing, checkpoint } = self;
        let json = serde_json::to_vec(&Format { version: VERSION, listing, checkpoint });
        f.write_str(&URL_SAFE_NO_PAD.encode(json.map_err(|_| fmt::Error)?))
    }
}

impl FromStr for ResumeToken {
    type Err = Error;

    /// Reads the text of a token.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the text is not that of a token, or is
    /// that of a token that another version of this crate wrote in another format.
    // Compiled only in programs that use it.
    #[inline]
    fn from_str(text: &str) -> Result<Self, Error> {
        read(text).map_err(|problem| Error::invalid_input(&problem))
    }
}

// Compiled only in programs that use it.
#[inline]
fn read(text: &str) -> Result<ResumeToken, ValidationError> {
    let not_a_token = || {
        let got = format!("{} characters that are not", text.chars().count());
        ValidationError::new("token", format_args!("{got}"), "the text of a resume token")
    };
    let json = URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| not_a_token())?;
    let json = String::from_utf8(json).map_err(|_| not_a_token())?;
    let Version { version } = serde_json::from_str(&json).map_err(|_| not_a_token())?;
    if version != VERSION {
        let allowed = "of format 1, which this version of the crate reads";
        return Err(ValidationError::new("token", format_args!("format {version}"), allowed));
    }
    let Format { listing, checkpoint, .. } =
        serde_json::from_str(&json).map_err(|_| not_a_token())?;
    Ok(ResumeToken { listing, checkpoint })
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl TryFrom<String> for ResumeToken {
    type Error = Error;

    // Compiled only in programs that use it.
    #[inline]
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<ResumeToken> for String {
    fn from(token: ResumeToken) -> Self {
        token.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn parse(json: &serde_json::Value) -> Result<ResumeToken, String> {
        let text = URL_SAFE_NO_PAD.encode(json.to_string());
        text.parse().map_err(|error: Error| error.to_string())
    }

    fn stored() -> serde_json::Value {
        json!({
            "version": 1,
            "listing": {
                "operation": "ListSecrets",
                "host": "kms.cn-hangzhou.aliyuncs.com",
                "region": "cn-hangzhou",
                "parameters": "0123456789abcdef",
            },
            "checkpoint": {
                "position": { "number": { "number": 3, "size": 50 } },
                "yielded": ["prod/db"],
            },
        })
    }

    #[test]
    fn token_keeps_its_format_and_ignores_new_fields() {
        let token = parse(&stored()).unwrap();
        let json = URL_SAFE_NO_PAD.decode(token.to_string()).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&json).unwrap(), stored());
        let mut newer = stored();
        newer["color"] = json!("blue");
        assert_eq!(parse(&newer).unwrap(), token);

        let by_serde = serde_json::to_string(&token).unwrap();
        assert_eq!(by_serde, format!("\"{token}\""));
        assert_eq!(serde_json::from_str::<ResumeToken>(&by_serde).unwrap(), token);
    }

    #[test]
    fn token_of_another_format_is_rejected_as_such() {
        let mut later = stored();
        later["version"] = json!(2);
        later["checkpoint"] = json!({});
        assert_eq!(
            parse(&later).unwrap_err(),
            "`token` must be of format 1, which this version of the crate reads, got format 2"
        );
    }

    #[test]
    fn text_that_is_not_a_token_is_rejected() {
        let mut lacks_a_field = stored();
        lacks_a_field["listing"] = json!({});
        assert!(parse(&lacks_a_field).is_err());
        let token = parse(&stored()).unwrap().to_string();
        for text in ["", "null", "not a token", &token[..token.len() - 5], &token[1..]] {
            let error = text.parse::<ResumeToken>().unwrap_err();
            let problem = format!(
                "`token` must be the text of a resume token, got {} characters that are not",
                text.len()
            );
            assert_eq!(error.to_string(), problem);
            assert!(error.is_invalid_input());
        }
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_without_panic(text in any::<String>(), bytes in any::<Vec<u8>>()) {
            assert!(text.parse::<ResumeToken>().is_err());
            assert!(URL_SAFE_NO_PAD.encode(bytes).parse::<ResumeToken>().is_err());
        }
    }
}
