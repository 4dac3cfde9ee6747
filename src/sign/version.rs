//! [`SignatureVersion`]: how requests are signed.

/// The way in which requests are signed, set by
/// [`signature_version`](crate::KmsClientBuilder::signature_version).
///
/// The service accepts both. The official libraries use ACS3 by default today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureVersion {
    /// Version 1.0, HMAC-SHA1 over all parameters, which newer pages call [signature method V2 for
    /// RPC](https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism). The signature
    /// and the security token are parameters too, so they are in the URL of a call that reads.
    #[default]
    V1,
    /// ACS3-HMAC-SHA256, the [signature method
    /// V3](https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature).
    /// It also covers the host and the bytes of the body, and is sent in headers, as is the
    /// security token. A proxy between must not change the `Host` header.
    Acs3HmacSha256,
}
