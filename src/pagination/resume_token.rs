//! [`ResumeToken`]: a position in a listing that can be stored.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use crate::error::ValidationError;

/// The version of the format. A version that gives a field another meaning, or adds one that must
/// not be ignored, counts up.
const VERSION: u32 = 2;

/// A position in a listing: every item before it was yielded.
/// [`Paginator::resume`](super::Paginator::resume) continues there, in this process or another.
///
/// Store it with serde, as JSON or in any other format; its fields are not part of this crate's
/// interface. It contains no credentials, and of the secrets only the names that were yielded from
/// up to three pages.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
/// # use alibabacloud_kms::pagination::ResumeToken;
/// # use alibabacloud_kms::secrets::ListSecretsRequest;
/// # let emulator = Emulator::start().await?;
/// # for n in 0..250 { emulator.add_secret(EmulatedSecret::new(format!("secret-{n}"))); }
/// # let client = emulator.client()?;
/// use futures_util::{StreamExt, TryStreamExt};
///
/// let mut secrets = client.list_secrets_paginator(ListSecretsRequest::new()).items();
/// let before: Vec<_> = secrets.by_ref().take(130).try_collect().await?;
/// let stored = serde_json::to_string(&secrets.resume_token())?;
/// drop(secrets);
///
/// let token: Option<ResumeToken> = serde_json::from_str(&stored)?;
/// let token = token.ok_or("the listing was complete")?;
/// let rest = client.list_secrets_paginator(ListSecretsRequest::new()).resume(token).items();
/// let after: Vec<_> = rest.try_collect().await?;
/// assert_eq!(before.len() + after.len(), 250);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ResumeToken {
    version: u32,
    operation: Cow<'static, str>,
    pub(super) checkpoint: Checkpoint,
}

impl ResumeToken {
    pub(super) fn new(operation: &'static str, checkpoint: Checkpoint) -> Self {
        Self { version: VERSION, operation: Cow::Borrowed(operation), checkpoint }
    }

    /// Checks that this version of the crate can continue from it with a request of `operation`.
    pub(super) fn validate(&self, operation: &'static str) -> Result<(), ValidationError> {
        if self.version != VERSION {
            return Err(ValidationError::new("the version of the resume token", self.version, "2"));
        }
        if self.operation != operation {
            return Err(ValidationError::new(
                "the operation of the resume token",
                &self.operation,
                operation,
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::paged::PagePosition;

    fn token() -> ResumeToken {
        let position = PagePosition::Number { number: 3, size: 50 };
        ResumeToken::new("ListSecrets", Checkpoint { position, yielded: vec!["prod/db".into()] })
    }

    #[test]
    fn token_keeps_its_format_and_ignores_new_fields() {
        let stored = concat!(
            r#"{"version":2,"operation":"ListSecrets","checkpoint":"#,
            r#"{"position":{"number":{"number":3,"size":50}},"yielded":["prod/db"]}}"#
        );
        assert_eq!(serde_json::to_string(&token()).unwrap(), stored);
        assert_eq!(serde_json::from_str::<ResumeToken>(stored).unwrap(), token());
        let newer = stored.replace("\"checkpoint\"", "\"color\":\"blue\",\"checkpoint\"");
        assert_eq!(serde_json::from_str::<ResumeToken>(&newer).unwrap(), token());
    }

    #[test]
    fn token_of_another_operation_or_version_is_rejected() {
        let token = token();
        assert_eq!(token.validate("ListSecrets"), Ok(()));
        assert_eq!(
            token.validate("ListSecretVersionIds").unwrap_err().to_string(),
            "the operation of the resume token must be ListSecretVersionIds, got \"ListSecrets\""
        );
        let later = ResumeToken { version: 3, ..token };
        assert_eq!(
            later.validate("ListSecrets").unwrap_err().to_string(),
            "the version of the resume token must be 2, got 3"
        );
    }
}
