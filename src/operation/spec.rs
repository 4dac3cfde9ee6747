//! [`CallSpec`]: the facts about an action of the service that decide how its requests are sent.

use http::Method;

use crate::rate_limit::QuotaGroup;
use crate::retry::RetryClass;

/// The facts about a typed operation, which hold for each of its requests.
pub(crate) type OperationSpec = CallSpec<'static>;

/// The facts about an action of the service: of an operation, or of one raw request.
///
/// Public in name only: it appears in [`Operation`](super::Operation), which users cannot reach.
#[derive(Clone, Copy, Debug)]
pub struct CallSpec<'a> {
    /// The service's name, sent as `Action`.
    pub(crate) name: &'a str,
    /// True if the parameters are sent in the form body of a `POST` and not in the query of a
    /// `GET`. No secret material is ever part of a URL, and nothing on the network path retries a
    /// `POST` on its own.
    is_in_body: bool,
    /// True if the operation changes something.
    pub(crate) is_write: bool,
    /// The group of operations that share one limit of requests per second.
    pub(crate) quota_group: QuotaGroup,
    /// The rule for a request whose outcome is unknown: if it is sent again.
    pub(crate) retry_class: RetryClass,
    /// True if dedicated KMS instances serve it too, beside the hosts of regions.
    pub(crate) is_served_by_instances: bool,
    /// The key of the ciphertext that the service decrypts; `None` if it decrypts none.
    pub(crate) decrypts: Option<DecryptionKey>,
    /// True if a response must have some field, so that being decoded proves it a success.
    pub(crate) has_required_fields: bool,
}

/// The place where the service finds the key that decrypts the ciphertext of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecryptionKey {
    /// The ciphertext contains the id of its key's version, and the request names no other key.
    InCiphertext,
    /// The request names a key.
    InRequest,
}

impl<'a> CallSpec<'a> {
    /// An operation that only reads.
    pub(crate) const fn read(name: &'a str, quota_group: QuotaGroup) -> Self {
        Self {
            name,
            is_in_body: false,
            is_write: false,
            quota_group,
            retry_class: RetryClass::Always,
            is_served_by_instances: false,
            decrypts: None,
            has_required_fields: true,
        }
    }

    /// An operation that changes something.
    pub(crate) const fn write(name: &'a str, quota_group: QuotaGroup) -> Self {
        let read = Self::read(name, quota_group);
        Self { is_in_body: true, is_write: true, ..read }
    }

    /// The same with its parameters in the body, for a read whose request or response is secret.
    pub(crate) const fn in_body(self) -> Self {
        Self { is_in_body: true, ..self }
    }

    /// The same for an operation that a retry might execute twice.
    pub(crate) const fn not_idempotent(self) -> Self {
        Self { retry_class: RetryClass::IfNotExecuted, ..self }
    }

    /// The same for an operation that dedicated KMS instances serve too.
    pub(crate) const fn served_by_instances(self) -> Self {
        Self { is_served_by_instances: true, ..self }
    }

    /// The same with another rule for a request whose outcome is unknown.
    pub(crate) const fn with_retry_class(self, retry_class: RetryClass) -> Self {
        Self { retry_class, ..self }
    }

    /// The same for an operation that decrypts a ciphertext.
    pub(crate) const fn decrypts(self, key: DecryptionKey) -> Self {
        Self { decrypts: Some(key), ..self }
    }

    /// The same for an operation whose response need not have any field.
    pub(crate) const fn without_required_fields(self) -> Self {
        Self { has_required_fields: false, ..self }
    }

    pub(crate) fn method(&self) -> Method {
        if self.is_in_body { Method::POST } else { Method::GET }
    }
}
