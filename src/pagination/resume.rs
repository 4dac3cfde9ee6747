//! [`ResumeToken`]: a place in a listing that can be stored.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::ValidationError;

/// What this version writes. A version that gives a field another meaning, or one that must not be overlooked, counts up.
const VERSION: u32 = 1;

/// A place in a listing: everything before it was handed out. [`Paginator::resume`](crate::pagination::Paginator::resume) goes on there,
/// in this process or another.
///
/// Store it with serde, as JSON or in any other format; its fields are no part of this crate's interface. It holds no keys,
/// and of the secrets only the names that were handed out of up to three pages.
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
    pub(super) page: u32,
    pub(super) page_size: u32,
    pub(super) handed_out: Vec<String>,
}

impl ResumeToken {
    pub(super) fn new(
        operation: &'static str,
        page: u32,
        page_size: u32,
        handed_out: Vec<String>,
    ) -> Self {
        Self { version: VERSION, operation: Cow::Borrowed(operation), page, page_size, handed_out }
    }

    /// Whether this version of the crate can go on from it with a request of `operation`.
    pub(super) fn validate(&self, operation: &'static str) -> Result<(), ValidationError> {
        if self.version != VERSION {
            return Err(ValidationError::new("the version of the resume token", self.version, "1"));
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

    #[test]
    fn a_token_keeps_its_form_and_reads_one_with_more_in_it() {
        let token = ResumeToken::new("ListSecrets", 3, 50, vec!["prod/db".into()]);
        let stored = r#"{"version":1,"operation":"ListSecrets","page":3,"page_size":50,"handed_out":["prod/db"]}"#;
        assert_eq!(serde_json::to_string(&token).unwrap(), stored);
        assert_eq!(serde_json::from_str::<ResumeToken>(stored).unwrap(), token);
        let newer = stored.replace("\"page\"", "\"color\":\"blue\",\"page\"");
        assert_eq!(serde_json::from_str::<ResumeToken>(&newer).unwrap(), token);
    }

    #[test]
    fn a_token_of_another_operation_or_of_a_later_meaning_is_refused() {
        let token = ResumeToken::new("ListSecrets", 3, 50, Vec::new());
        assert_eq!(token.validate("ListSecrets"), Ok(()));
        assert_eq!(
            token.validate("ListSecretVersionIds").unwrap_err().to_string(),
            "the operation of the resume token is \"ListSecrets\", allowed are ListSecretVersionIds"
        );
        let later = ResumeToken { version: 2, ..token };
        assert_eq!(
            later.validate("ListSecrets").unwrap_err().to_string(),
            "the version of the resume token is 2, allowed are 1"
        );
    }
}
