//! What the documentation promises of the public types.

use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::{
    Credentials, Error, Items, KmsClient, KmsClientBuilder, ListSecretsRequest,
    ListSecretsResponse, Pages, Paginator,
};

fn owned<T: Send + Sync + 'static>() {}

fn owned_value<T: Send + Sync + 'static>(_: &T) {}

#[test]
fn clients_futures_and_streams_can_be_stored_and_spawned() {
    owned::<KmsClient>();
    owned::<KmsClientBuilder>();
    owned::<Credentials>();
    owned::<Error>();
    owned::<ListSecretsRequest>();
    owned::<ListSecretsResponse>();
    owned::<Paginator<ListSecretsRequest>>();
    owned::<Pages<ListSecretsRequest>>();
    owned::<Items<ListSecretsRequest>>();
    owned::<Emulator>();

    let client = KmsClient::builder().region("cn-hangzhou").build().unwrap();
    owned_value(&client.list_secrets(ListSecretsRequest::new()));
}

#[test]
fn building_a_client_needs_no_runtime() {
    let client = KmsClient::builder().region("cn-hangzhou").build().unwrap();
    assert_eq!(client.host(), "kms.cn-hangzhou.aliyuncs.com");
}
