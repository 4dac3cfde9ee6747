//! The settings of the default chain, and what it diagnoses.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use url::Url;

use super::fake_env::{FakeOs, NoNetwork, env_with};
use crate::credentials::{
    DefaultProviderChain, ProvideCredentials as _, ProviderContext, ProviderEnv, ProviderStatus,
};
use crate::transport::{HttpRequest, HttpTransport, TransportFuture};

const OIDC: [(&str, &str); 3] = [
    ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/demo"),
    ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/demo"),
    ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token"),
];

/// Records the hosts that are called, and refuses every connection.
#[derive(Debug, Default)]
struct Hosts(Mutex<BTreeSet<String>>);

impl Hosts {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap()).into_iter().collect()
    }
}

impl HttpTransport for Hosts {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let url = Url::parse(&request.url).unwrap();
        self.0.lock().unwrap().insert(url.host_str().unwrap().to_owned());
        NoNetwork.send(request)
    }
}

/// Returns the environment of a pod, and its network.
fn pod() -> (ProviderEnv, Arc<Hosts>) {
    let os = FakeOs::with_variables(&OIDC);
    os.write("/token", "fake-token\n");
    let hosts = Arc::new(Hosts::default());
    let env = ProviderEnv { os: Arc::new(os), transport: Arc::clone(&hosts) as _, ..env_with(&[]) };
    (env, hosts)
}

fn client_in(region: &str, transport: Option<&Arc<Hosts>>) -> ProviderContext {
    let transport = transport.map(|hosts| Arc::clone(hosts) as _);
    ProviderContext { region: Some(region.to_owned()), transport }
}

#[tokio::test]
async fn region_of_the_chain_wins_over_that_of_the_client() {
    for (chain_region, host) in [
        (None, "sts.cn-beijing.aliyuncs.com"),
        (Some("cn-shanghai"), "sts.cn-shanghai.aliyuncs.com"),
    ] {
        let (env, hosts) = pod();
        let mut chain = DefaultProviderChain::with_env(env);
        if let Some(region) = chain_region {
            chain = chain.region(region);
        }
        chain.configure(&client_in("cn-beijing", None));
        assert!(chain.credentials().await.is_err());
        assert_eq!(hosts.take(), [host]);
    }
}

#[tokio::test]
async fn region_of_the_chain_is_used_without_a_client() {
    let (env, hosts) = pod();
    let chain = DefaultProviderChain::with_env(env).region("cn-shanghai");
    assert!(chain.credentials().await.is_err());
    assert_eq!(hosts.take(), ["sts.cn-shanghai.aliyuncs.com"]);
}

#[tokio::test]
async fn transport_of_the_client_replaces_the_pool() {
    let (env, pool) = pod();
    let own = Arc::new(Hosts::default());
    let chain = DefaultProviderChain::with_env(env);
    chain.configure(&client_in("cn-beijing", Some(&own)));
    assert!(chain.credentials().await.is_err());
    assert_eq!(own.take(), ["sts.cn-beijing.aliyuncs.com"]);
    assert!(pool.take().is_empty());
}

#[tokio::test]
async fn diagnosis_tries_nothing_after_the_deciding_provider() {
    let keys =
        [("ALIBABA_CLOUD_ACCESS_KEY_ID", "fake-id"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "fake")];
    // The first provider has credentials, or the second is configured and fails.
    for (variables, decides) in [(&keys[..], 0), (&OIDC[..], 1)] {
        let os = Arc::new(FakeOs::with_variables(variables));
        let hosts = Arc::new(Hosts::default());
        let env = ProviderEnv {
            os: Arc::clone(&os) as _,
            transport: Arc::clone(&hosts) as _,
            direct_transport: Arc::clone(&hosts) as _,
            ..env_with(&[])
        };
        let reports = DefaultProviderChain::with_env(env).diagnose().await;
        assert_eq!(reports.len(), 6);
        for (position, report) in reports.iter().enumerate() {
            let is_tried = !matches!(report.status, ProviderStatus::NotTried);
            assert_eq!(is_tried, position <= decides, "{report:?}");
        }
        assert!(hosts.take().is_empty(), "the metadata service is not called");
        // The token of the pod, which does not exist.
        assert_eq!(*os.reads.lock().unwrap(), u32::try_from(decides).unwrap());
    }
}
