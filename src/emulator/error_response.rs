//! [`ErrorResponse`]: the service's errors, in its two shapes of body.
//!
//! The API gateway in front of the service checks who sends a request and for which operation; its
//! errors carry a `HostId` and a link. The service itself checks the operation's own parameters;
//! its errors contain the HTTP status.
//! <https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/response-structure>

use std::borrow::Cow;

use serde::Serialize;

/// The origin of an error, which determines the shape of its body.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Origin {
    Gateway,
    Service,
}

/// The service's report of why a request was not executed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ErrorResponse {
    origin: Origin,
    pub(super) status: u16,
    pub(super) code: Cow<'static, str>,
    pub(super) message: Cow<'static, str>,
}

impl ErrorResponse {
    /// Returns an error of the API gateway.
    pub(super) fn gateway(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { origin: Origin::Gateway, status, code: code.into(), message: message.into() }
    }

    /// Returns an error of the service behind the gateway.
    pub(super) fn service(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { origin: Origin::Service, status, code: code.into(), message: message.into() }
    }

    /// Returns the gateway's error for a missing value that every request needs. The codes follow
    /// the gateway's rule `Missing<Name>`.
    pub(super) fn missing_common_parameter(name: &str) -> Self {
        Self::gateway(
            400,
            format!("Missing{name}"),
            format!("{name} is mandatory for this action."),
        )
    }

    /// Returns the service's error for a parameter that is out of range or malformed.
    pub(super) fn invalid_parameter(name: &str, allowed: &str) -> Self {
        let message = format!("The specified parameter {name} is not valid: {allowed}.");
        Self::service(400, "InvalidParameter", message)
    }

    /// Returns the service's error for a missing parameter of the operation.
    pub(super) fn missing_parameter(name: &str) -> Self {
        let message = format!("The parameter {name} needed for the request is missing.");
        Self::service(400, "MissingParameter", message)
    }

    /// Returns the service's error for a secret that does not exist.
    pub(super) fn resource_not_found() -> Self {
        let message = "The specified resource is not found.";
        Self::service(404, "Forbidden.ResourceNotFound", message)
    }

    pub(super) fn with_message(self, message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), ..self }
    }

    /// Returns the JSON body, for the host that the request was sent to.
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
        // Strings and a number always have a JSON form.
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

    fn body(error: &ErrorResponse) -> Value {
        serde_json::from_slice(&error.body("r-1", "host")).unwrap()
    }

    #[test]
    fn each_origin_has_its_own_shape_of_body() {
        assert_eq!(
            body(&ErrorResponse::gateway(404, "InvalidAccessKeyId.NotFound", "m")),
            json!({
                "RequestId": "r-1",
                "HostId": "host",
                "Code": "InvalidAccessKeyId.NotFound",
                "Message": "m",
                "Recommend": "https://api.alibabacloud.com/troubleshoot?q=InvalidAccessKeyId.NotFound&product=Kms&requestId=r-1",
            })
        );
        assert_eq!(
            body(&ErrorResponse::invalid_parameter("PageSize", "1 to 100")),
            json!({
                "HttpStatus": 400,
                "Code": "InvalidParameter",
                "Message": "The specified parameter PageSize is not valid: 1 to 100.",
                "RequestId": "r-1",
            })
        );
    }
}
