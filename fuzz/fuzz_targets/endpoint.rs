//! Endpoints, regions and instances as text: an error, or calls to the host that the client names.

#![no_main]

use alibabacloud_kms::transport::HttpResponse;
use alibabacloud_kms::{ErrorKind, KmsClientBuilder};
use alibabacloud_kms_fuzz::{Capture, client, runtime};
use libfuzzer_sys::fuzz_target;
use url::Url;

fn check(configure: impl FnOnce(KmsClientBuilder) -> KmsClientBuilder) {
    let capture = Capture::default();
    let recorder = capture.clone();
    let respond = move |request: &_| {
        recorder.record(request);
        HttpResponse::new(200, "")
    };
    let client = match configure(client(respond)).build() {
        Ok(client) => client,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(!error.to_string().contains(char::is_control), "{error:?}");
            return;
        }
    };
    let _ = runtime().block_on(client.get_secret_value("prod/db"));
    let urls = capture.urls();
    assert_eq!(urls.len(), 1);
    let url = Url::parse(&urls[0]).expect("the client sends to a URL");
    let host = url.host_str().unwrap_or_default();
    let host = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    assert_eq!(host, client.host());
    assert_eq!((url.username(), url.password(), url.fragment()), ("", None, None));
    assert_eq!(url.path(), "/");
}

fuzz_target!(|text: &str| {
    check(|builder| builder.endpoint(text));
    check(|builder| builder.endpoint(text).allow_http());
    check(|builder| builder.region(text));
    check(|builder| builder.region(text).vpc());
    check(|builder| builder.region("cn-hangzhou").dedicated_instance(text));
});
