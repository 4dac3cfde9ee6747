//! Bodies that echo what was secret in the request: no error shows it.
//!
//! A byte below 8 in the input is replaced by a form of a secret; everything else stays as it is.

#![no_main]

use alibabacloud_kms::secrets::{PutSecretValueRequest, SecretValue};
use alibabacloud_kms::transport::HttpResponse;
use alibabacloud_kms_fuzz::{SECURITY_TOKEN, client, percent_encode, runtime};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;

const VALUE: &str = "fake \"value\" of + and / and %";

fn in_json(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn forms() -> [String; 8] {
    [
        VALUE.to_owned(),
        in_json(VALUE),
        percent_encode(VALUE),
        STANDARD.encode(VALUE),
        SECURITY_TOKEN.to_owned(),
        percent_encode(SECURITY_TOKEN),
        percent_encode(&percent_encode(SECURITY_TOKEN)),
        STANDARD.encode(SECURITY_TOKEN),
    ]
}

fuzz_target!(|input: (bool, &[u8])| {
    let (is_json, bytes) = input;
    let forms = forms();
    let mut body = Vec::new();
    for byte in bytes {
        match forms.get(usize::from(*byte)) {
            Some(form) => body.extend_from_slice(form.as_bytes()),
            None => body.push(*byte),
        }
    }
    if is_json {
        let text = in_json(&String::from_utf8_lossy(&body));
        body = format!(r#"{{"Code":"{text}","Message":"{text}","RequestId":"{text}"}}"#).into();
    }

    let client = client(move |_| HttpResponse::new(400, body.clone()))
        .region("cn-hangzhou")
        .build()
        .expect("the settings are valid");
    let request = PutSecretValueRequest::new("prod/db", SecretValue::text(VALUE)).version_id("v1");
    let result = runtime().block_on(client.put_secret_value(request));
    let error = result.expect_err("status 400 is an error");
    for shown in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
        for form in &forms {
            assert!(!shown.contains(form), "{form} in {shown}");
        }
    }
});
