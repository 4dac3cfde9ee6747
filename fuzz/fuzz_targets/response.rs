//! Bodies of successes: a page or an error, never a panic.

#![no_main]

use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::transport::HttpResponse;
use alibabacloud_kms_fuzz::{client, runtime};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let response = body.to_vec();
    let client = client(move |_| HttpResponse::new(200, response.clone()))
        .region("cn-hangzhou")
        .build()
        .expect("the settings are valid");
    let request = ListSecretsRequest::new().fetch_tags(true);
    match runtime().block_on(client.list_secrets(request)) {
        Ok(page) => assert!(page.secrets.iter().all(|secret| secret.tags.is_some())),
        Err(error) => assert!(!error.to_string().contains(char::is_control)),
    }
});
