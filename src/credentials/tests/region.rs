//! The region that a profile of the CLI names, and that of an ECS instance.

use std::sync::{Arc, Mutex};

use super::fake_env::{FakeClock, FakeOs, HOME, env_with, now};
use super::network::{Response, Server};
use crate::credentials::ecs_ram_role::instance_region;
use crate::credentials::{
    AssumeRoleProvider, DefaultProviderChain, ProvideCredentials as _, ProviderEnv,
};

const CONFIG: &str = r#"{"current": "dev", "profiles": [
    {"name": "dev", "region_id": "cn-hangzhou"},
    {"name": "prod", "region_id": " cn-beijing\n"},
    {"name": "none", "region_id": ""}
]}"#;

/// Returns the chain of a user with these variables, and with `CONFIG` in two places.
fn chain(variables: &[(&str, &str)]) -> DefaultProviderChain {
    let os = FakeOs::with_variables(variables);
    os.write(&format!("{HOME}/.aliyun/config.json"), CONFIG);
    os.write("/etc/other.json", &CONFIG.replace("hangzhou", "shanghai"));
    os.write("/etc/damaged.json", "{");
    DefaultProviderChain::with_env(ProviderEnv { os: Arc::new(os), ..env_with(&[]) })
}

#[test]
fn chosen_profile_names_the_region() {
    let region = |chain: DefaultProviderChain| chain.configured_region().unwrap();
    let named = |region: &str| Some(region.to_owned());
    assert_eq!(region(chain(&[])), named("cn-hangzhou"));
    assert_eq!(region(chain(&[("ALIBABA_CLOUD_PROFILE", "prod")])), named("cn-beijing"));
    let other = chain(&[("ALIBABA_CLOUD_CONFIG_FILE", "/etc/other.json")]);
    assert_eq!(region(other.clone()), named("cn-shanghai"));
    assert_eq!(region(other.profile("prod")), named("cn-beijing"));
    assert_eq!(region(chain(&[]).config_file("/etc/other.json")), named("cn-shanghai"));
    let unused = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake"), ("ALIBABA_CLOUD_REGION_ID", "fake")];
    assert_eq!(region(chain(&unused)), named("cn-hangzhou"), "whoever has the credentials");
}

#[test]
fn role_is_used_in_the_region_of_its_base() {
    let role = AssumeRoleProvider::new(chain(&[]), "acs:ram::1:role/demo");
    assert_eq!(role.configured_region().unwrap().as_deref(), Some("cn-hangzhou"));
    let role_over_role = AssumeRoleProvider::new(role, "acs:ram::2:role/demo");
    assert_eq!(role_over_role.configured_region().unwrap().as_deref(), Some("cn-hangzhou"));
}

#[test]
fn absent_profile_file_or_region_names_none() {
    for absent in [
        chain(&[]).profile("none"),
        chain(&[]).profile("unknown"),
        chain(&[]).config_file("/etc/absent.json"),
        chain(&[("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true")]),
    ] {
        assert_eq!(absent.configured_region().unwrap(), None, "{absent:?}");
    }
    let error = chain(&[]).config_file("/etc/damaged.json").configured_region().unwrap_err();
    assert!(error.to_string().contains("/etc/damaged.json"), "{error}");
}

#[tokio::test]
async fn instance_reports_its_region() {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let server = {
        let requests = Arc::clone(&requests);
        Server::start(move |received| {
            requests.lock().unwrap().push(format!("{} {}", received.method, received.url));
            match received.method.as_str() {
                "PUT" => Response::new(200, "fake-session-token"),
                _ => Response::new(200, "cn-hangzhou\n"),
            }
        })
        .await
    };
    let transport = server.transport();
    let env = ProviderEnv {
        os: Arc::new(FakeOs::default()),
        clock: Arc::new(FakeClock::at(now())),
        direct_transport: transport.direct(),
        transport,
        client_region: None,
    };
    assert_eq!(instance_region(&env).await.unwrap(), "cn-hangzhou");
    let expected = [
        "PUT http://100.100.100.200/latest/api/token",
        "GET http://100.100.100.200/latest/meta-data/region-id",
    ];
    assert_eq!(*requests.lock().unwrap(), expected);
}

#[tokio::test]
async fn outside_ecs_or_if_disabled_there_is_no_region() {
    let error = instance_region(&env_with(&[])).await.unwrap_err();
    assert!(error.to_string().contains("connection was refused"), "{error}");
    let disabled = env_with(&[("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")]);
    let error = instance_region(&disabled).await.unwrap_err();
    assert_eq!(error.to_string(), "ALIBABA_CLOUD_ECS_METADATA_DISABLED is true");
}
