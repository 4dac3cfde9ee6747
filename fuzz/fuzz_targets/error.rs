//! Bodies of errors, in JSON, XML or neither: always an error on one line, never a panic.

#![no_main]

use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::HttpResponse;
use alibabacloud_kms_fuzz::{client, runtime};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let response = body.to_vec();
    let client = client(move |_| HttpResponse::new(400, response.clone()))
        .region("cn-hangzhou")
        .build()
        .expect("the settings are valid");
    let result = runtime().block_on(client.list_secrets(ListSecretsRequest::new()));
    let Err(error) = result else { panic!("an error was taken for a success") };
    assert!(!error.to_string().contains(char::is_control));
});
