//! Errors as the service words them, in its two shapes of body.
//!
//! The API gateway in front of the service checks who asks and for what; its errors carry a `HostId` and a link. The
//! service itself checks the operation's own parameters; its errors repeat the HTTP status.
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/response-structure>

use std::borrow::Cow;

use serde::Serialize;

/// Which of the two wrote an error, and so the shape of its body.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Origin {
    Gateway,
    Service,
}

/// A request that was not carried out, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    origin: Origin,
    pub(super) status: u16,
    pub(super) code: Cow<'static, str>,
    message: Cow<'static, str>,
}

impl Refusal {
    pub(super) fn gateway(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { origin: Origin::Gateway, status, code: code.into(), message: message.into() }
    }

    pub(super) fn service(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { origin: Origin::Service, status, code: code.into(), message: message.into() }
    }

    /// The service's answer to a value that is out of range or malformed.
    pub(super) fn invalid_parameter(name: &str, allowed: &str) -> Self {
        let message = format!("The specified parameter {name} is not valid: {allowed}.");
        Self::service(400, "InvalidParameter", message)
    }

    pub(super) fn with_message(self, message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), ..self }
    }

    /// The JSON body, for the host that was asked.
    pub(super) fn body(&self, request_id: &str, host: &str) -> Vec<u8> {
        let Self { origin, status, code, message } = self;
        let body = match origin {
            Origin::Gateway => serde_json::to_vec(&GatewayError {
                request_id,
                host_id: host,
                code,
                message,
                recommend: format!(
                    "https://api.alibabacloud.com/troubleshoot?q={code}&product=Kms&requestId={request_id}"
                ),
            }),
            Origin::Service => serde_json::to_vec(&ServiceError {
                http_status: *status,
                code,
                message,
                request_id,
            }),
        };
        // Texts and a number always have a JSON form.
        body.unwrap_or_default()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GatewayError<'a> {
    request_id: &'a str,
    host_id: &'a str,
    code: &'a str,
    message: &'a str,
    recommend: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ServiceError<'a> {
    http_status: u16,
    code: &'a str,
    message: &'a str,
    request_id: &'a str,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn body(refusal: &Refusal) -> Value {
        serde_json::from_slice(&refusal.body("r-1", "host")).unwrap()
    }

    #[test]
    fn each_origin_has_its_own_shape_of_body() {
        assert_eq!(
            body(&Refusal::gateway(404, "InvalidAccessKeyId.NotFound", "m")),
            json!({
                "RequestId": "r-1",
                "HostId": "host",
                "Code": "InvalidAccessKeyId.NotFound",
                "Message": "m",
                "Recommend": "https://api.alibabacloud.com/troubleshoot?q=InvalidAccessKeyId.NotFound&product=Kms&requestId=r-1",
            })
        );
        assert_eq!(
            body(&Refusal::invalid_parameter("PageSize", "1 to 100")),
            json!({
                "HttpStatus": 400,
                "Code": "InvalidParameter",
                "Message": "The specified parameter PageSize is not valid: 1 to 100.",
                "RequestId": "r-1",
            })
        );
    }
}
