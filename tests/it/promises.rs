//! What the documentation promises of the public types.

use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::{
    AssumeRoleCredentials, CliConfigCredentials, Credentials, CredentialsError, CredentialsFn,
    DefaultCredentials, EcsRamRoleCredentials, EnvironmentCredentials, Error, IniFileCredentials,
    Items, KmsClient, KmsClientBuilder, ListSecretsRequest, ListSecretsResponse, Listing,
    OidcCredentials, Pages, Paginator, ProvideCredentials, RateLimits, RegionListings,
    RegionOutcome, ResourceTags, ResumeToken, UriCredentials,
};

fn owned<T: Send + Sync + 'static>() {}

fn owned_value<T: Send + Sync + 'static>(_: &T) {}

#[test]
fn clients_futures_and_streams_can_be_stored_and_spawned() {
    owned::<KmsClient>();
    owned::<KmsClientBuilder>();
    owned::<Credentials>();
    owned::<RateLimits>();
    owned::<Error>();
    owned::<ListSecretsRequest>();
    owned::<ListSecretsResponse>();
    owned::<Paginator<ListSecretsRequest>>();
    owned::<Pages<ListSecretsRequest>>();
    owned::<Items<ListSecretsRequest>>();
    owned::<Listing>();
    owned::<RegionListings<String>>();
    owned::<RegionOutcome>();
    owned::<ResumeToken>();
    owned::<ResourceTags>();
    owned::<Emulator>();

    let client = KmsClient::builder().region("cn-hangzhou").build().unwrap();
    owned_value(&client.list_secrets(ListSecretsRequest::new()));
    owned_value(&client.list_all(ListSecretsRequest::new()).into_future());
}

#[test]
fn sources_of_credentials_can_be_given_to_a_client_and_are_made_without_a_runtime() {
    fn source<T: ProvideCredentials>() {}
    source::<AssumeRoleCredentials>();
    source::<CliConfigCredentials>();
    source::<Credentials>();
    source::<CredentialsFn>();
    source::<DefaultCredentials>();
    source::<EcsRamRoleCredentials>();
    source::<EnvironmentCredentials>();
    source::<IniFileCredentials>();
    source::<OidcCredentials>();
    source::<UriCredentials>();
    owned::<CredentialsError>();

    let role = AssumeRoleCredentials::new(DefaultCredentials::new(), "acs:ram::1:role/r");
    KmsClient::builder().region("cn-hangzhou").credentials_provider(role).build().unwrap();
}

#[test]
fn building_a_client_needs_no_runtime() {
    let client = KmsClient::builder().region("cn-hangzhou").build().unwrap();
    assert_eq!(client.host(), "kms.cn-hangzhou.aliyuncs.com");
}
