//! The promises of the documentation about public types.

use std::fmt::Display;

use alibabacloud_kms::credentials::{
    AssumeRoleProvider, CliConfigProvider, Credentials, CredentialsError, DefaultProviderChain,
    EcsRamRoleProvider, EnvironmentProvider, FnProvider, IniFileProvider, OidcProvider,
    ProvideCredentials, UriProvider,
};
use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::inventory::{RegionInventories, RegionOutcome, SecretInventory};
use alibabacloud_kms::pagination::{Items, Pages, Paginator, ResumeToken};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::secrets::{
    CreateSecretRequest, GetRandomPasswordResponse, GetSecretValueResponse, ListSecretsRequest,
    ListSecretsResponse, PutSecretValueRequest, SecretBytes, SecretValue,
};
use alibabacloud_kms::tags::ListTagResourcesRequest;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse};
use alibabacloud_kms::{Error, KmsClient, KmsClientBuilder};

/// Does not compile if one of the types has the trait: then two implementations give it the
/// constant.
macro_rules! none_has {
    ($Trait:path: $($Type:ty),+) => {
        $(const _: () = {
            trait Lacks<Reason> {
                const THE_TRAIT: () = ();
            }
            impl<T> Lacks<()> for T {}
            struct ItHasTheTrait;
            impl<T: $Trait> Lacks<ItHasTheTrait> for T {}
            <$Type as Lacks<_>>::THE_TRAIT
        };)+
    };
}

/// Secrets are not serialized, not printed, and not compared in a time that depends on them.
macro_rules! keep_to_themselves {
    ($($Type:ty),+) => {
        none_has!(serde::Serialize: $($Type),+);
        none_has!(Display: $($Type),+);
        none_has!(PartialEq: $($Type),+);
    };
}

keep_to_themselves!(Credentials, SecretValue, SecretBytes);
keep_to_themselves!(CreateSecretRequest, PutSecretValueRequest);
keep_to_themselves!(GetSecretValueResponse, GetRandomPasswordResponse);
keep_to_themselves!(HttpRequest, HttpResponse);

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
    owned::<SecretInventory>();
    owned::<RegionInventories>();
    owned::<RegionOutcome>();
    owned::<ResumeToken>();
    owned::<Items<ListTagResourcesRequest>>();
    owned::<Emulator>();

    let client = KmsClient::builder().region("cn-hangzhou").build().unwrap();
    owned_value(&client.list_secrets(ListSecretsRequest::new()));
    owned_value(&client.list_all_secrets(ListSecretsRequest::new()).into_future());
}

#[test]
fn providers_are_created_without_a_runtime() {
    fn is_provider<T: ProvideCredentials>() {}
    is_provider::<AssumeRoleProvider>();
    is_provider::<CliConfigProvider>();
    is_provider::<Credentials>();
    is_provider::<FnProvider>();
    is_provider::<DefaultProviderChain>();
    is_provider::<EcsRamRoleProvider>();
    is_provider::<EnvironmentProvider>();
    is_provider::<IniFileProvider>();
    is_provider::<OidcProvider>();
    is_provider::<UriProvider>();
    owned::<CredentialsError>();

    let role = AssumeRoleProvider::new(DefaultProviderChain::new(), "acs:ram::1:role/r");
    KmsClient::builder().region("cn-hangzhou").credentials_provider(role).build().unwrap();
}

#[test]
fn building_a_client_needs_no_runtime() {
    let client = KmsClient::builder().region("cn-hangzhou").build().unwrap();
    assert_eq!(client.host(), "kms.cn-hangzhou.aliyuncs.com");
}
