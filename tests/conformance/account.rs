//! [`Account`]: a client of KMS with the secrets and keys of one test.

use std::collections::BTreeSet;
use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{LazyLock, Mutex};

use alibabacloud_kms::credentials::SignatureVersion;
use alibabacloud_kms::emulator::Emulator;
use alibabacloud_kms::keys::{
    CreateAliasRequest, CreateKeyRequest, KeyMetadata, KeySpec, KeyUsage,
    ScheduleKeyDeletionRequest, SetDeletionProtectionRequest,
};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::secrets::{
    CreateSecretRequest, DeleteSecretRequest, GetSecretValueRequest, PutSecretValueRequest,
    RestoreSecretRequest, SecretValue,
};
use alibabacloud_kms::{Error, KmsClient};
use chrono::Utc;
use tokio::runtime::{self, Runtime};
use uuid::Uuid;

/// The version that [`Account::creation`] creates.
pub(crate) const FIRST: &str = "v1";

/// A client of an account, and the secrets and keys that a test created there.
pub(crate) struct Account {
    pub(crate) client: KmsClient,
    /// The prefix of the names of this test. No other test or run has it.
    pub(crate) prefix: String,
    instance: Option<Instance>,
    names: Mutex<BTreeSet<String>>,
    keys: Mutex<Vec<String>>,
}

struct Instance {
    id: String,
    key: Option<String>,
}

/// Runs a test with each signature version against an emulator, once outside a KMS instance and
/// once in one, and then with each against the service if the user has opted in.
pub(crate) fn on_every_account(test: impl AsyncFn(&Account)) {
    on_accounts(test, true);
}

/// Does the same for a test that creates keys, which need an opt-in of their own, since they count
/// towards the quota of keys for a week after the test.
pub(crate) fn on_every_account_with_keys(test: impl AsyncFn(&Account)) {
    on_accounts(test, env::var_os("ALIBABA_CLOUD_KMS_CONFORMANCE_CREATE_KEYS").is_some());
}

fn on_accounts(test: impl AsyncFn(&Account), may_use_service: bool) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let instance = Instance { id: "kst-fake".to_owned(), key: Some("key-fake".to_owned()) };
    for (signature, instance) in
        [(SignatureVersion::V1, None), (SignatureVersion::Acs3HmacSha256, Some(instance))]
    {
        let emulator = runtime.block_on(Emulator::start()).unwrap();
        run(&runtime, &Account::on_emulator(&emulator, signature, instance), &test);
        assert!(emulator.secret_names().is_empty(), "every secret of the test is deleted");
    }
    if !may_use_service {
        return;
    }
    for signature in [SignatureVersion::V1, SignatureVersion::Acs3HmacSha256] {
        if let Some(account) = Account::on_service(signature) {
            run(&runtime, &account, &test);
        }
    }
}

/// Runs a test and deletes its secrets, whatever its outcome.
fn run(runtime: &Runtime, account: &Account, test: &impl AsyncFn(&Account)) {
    println!("on {}, with names that begin with {}", account.client.host(), account.prefix);
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(account))));
    let left = runtime.block_on(account.delete_all());
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
    assert_eq!(left, [""; 0], "not deleted");
}

impl Account {
    fn new(client: KmsClient, instance: Option<Instance>) -> Self {
        let id = Uuid::new_v4().simple().to_string();
        let prefix = format!("conformance-{}-{}", Utc::now().format("%Y%m%dT%H%M%S"), &id[..8]);
        Self { client, prefix, instance, names: Mutex::default(), keys: Mutex::default() }
    }

    fn on_emulator(
        emulator: &Emulator,
        signature: SignatureVersion,
        instance: Option<Instance>,
    ) -> Self {
        let client = emulator.client_builder().signature_version(signature).build().unwrap();
        Self::new(client, instance)
    }

    /// Returns `None` unless the user has opted in.
    fn on_service(signature: SignatureVersion) -> Option<Self> {
        // Tests run concurrently, and the service counts the requests of all.
        static LIMITS: LazyLock<RateLimits> = LazyLock::new(RateLimits::service_defaults);
        let variable = |name| {
            let value = env::var(format!("ALIBABA_CLOUD_KMS_CONFORMANCE_{name}")).ok();
            value.filter(|value| !value.is_empty())
        };
        let region = variable("REGION")?;
        let builder = KmsClient::builder().region(region).signature_version(signature);
        let client = builder.rate_limits(LIMITS.clone()).build().unwrap();
        let instance = variable("INSTANCE").map(|id| Instance { id, key: variable("KEY") });
        Some(Self::new(client, instance))
    }

    /// Returns whether the secrets are in a KMS instance.
    pub(crate) fn has_instance(&self) -> bool {
        self.instance.is_some()
    }

    /// Returns a name that only this test uses. Its secret is deleted at the end of the test.
    pub(crate) fn name(&self, name: &str) -> String {
        let name = format!("{}/{name}", self.prefix);
        self.names.lock().unwrap().insert(name.clone());
        name
    }

    /// Returns a request that creates a secret of this test, with [`FIRST`] as its version.
    pub(crate) fn creation(&self, name: &str, value: SecretValue) -> CreateSecretRequest {
        let mut request = CreateSecretRequest::new(self.name(name), value).version_id(FIRST);
        if let Some(Instance { id, key }) = &self.instance {
            request = request.instance_id(id);
            if let Some(key) = key {
                request = request.encryption_key_id(key);
            }
        }
        request
    }

    /// Creates a secret with any value, and returns its full name.
    pub(crate) async fn create(&self, name: &str) -> String {
        let request = self.creation(name, SecretValue::text("fake-1"));
        self.client.create_secret(request).await.unwrap().secret_name
    }

    /// Puts `fake-N` as version `vN`, which becomes the current version.
    pub(crate) async fn put(&self, name: &str, n: u32) {
        let value = SecretValue::text(format!("fake-{n}"));
        let request = PutSecretValueRequest::new(name, value).version_id(format!("v{n}"));
        self.client.put_secret_value(request).await.unwrap();
    }

    /// Returns the text of the current version.
    pub(crate) async fn read(&self, name: &str) -> String {
        let request = GetSecretValueRequest::new(name);
        self.client.get_secret_value(request).await.unwrap().value.expose_secret().to_owned()
    }

    /// Returns a request that creates a key of AES, in the KMS instance if there is one.
    pub(crate) fn key_creation(&self) -> CreateKeyRequest {
        let request = CreateKeyRequest::new().tag("test", &*self.prefix);
        match &self.instance {
            Some(Instance { id, .. }) => request.instance_id(id),
            None => request,
        }
    }

    /// Creates a key, whose deletion is scheduled at the end of the test.
    pub(crate) async fn create_key(&self, request: CreateKeyRequest) -> KeyMetadata {
        let key = self.client.create_key(request).await.unwrap().key_metadata;
        self.keys.lock().unwrap().push(key.key_id.clone());
        key
    }

    /// Creates a key of AES, and returns its id.
    pub(crate) async fn key(&self) -> String {
        self.create_key(self.key_creation()).await.key_id
    }

    /// Creates an asymmetric key, and returns its id and that of its version.
    pub(crate) async fn asymmetric_key(&self, spec: KeySpec, usage: KeyUsage) -> [String; 2] {
        let request = self.key_creation().key_spec(spec).key_usage(usage);
        let key_id = self.create_key(request).await.key_id;
        let page = self.client.list_key_versions(&key_id).await.unwrap();
        [key_id, page.versions[0].key_version_id.clone()]
    }

    /// Creates an alias of a key, which is deleted with the key, and returns its name.
    pub(crate) async fn alias(&self, name: &str, key_id: &str) -> String {
        let name = format!("alias/{}/{name}", self.prefix);
        self.client.create_alias(CreateAliasRequest::new(&*name, key_id)).await.unwrap();
        name
    }

    /// Schedules the deletion of each key of this test, and returns those where that failed.
    async fn delete_keys(&self) -> Vec<String> {
        let keys = std::mem::take(&mut *self.keys.lock().unwrap());
        let mut left = Vec::new();
        for key in keys {
            if let Err(error) = self.delete_key(&key).await {
                left.push(format!("{key}: {error}"));
            }
        }
        left
    }

    async fn delete_key(&self, key: &str) -> Result<(), Error> {
        let described = self.client.describe_key(key).await?.key_metadata;
        if described.is_pending_deletion() {
            return Ok(());
        }
        self.client.set_deletion_protection(SetDeletionProtectionRequest::disable(key)).await?;
        self.client.schedule_key_deletion(ScheduleKeyDeletionRequest::new(key, 7)).await?;
        Ok(())
    }

    /// Deletes each secret and key of this test, and returns those that could not be deleted.
    async fn delete_all(&self) -> Vec<String> {
        let names = std::mem::take(&mut *self.names.lock().unwrap());
        let mut left = self.delete_keys().await;
        for name in names {
            match self.delete(&name).await {
                Err(error) if !error.is_not_found() => left.push(format!("{name}: {error}")),
                _ => {}
            }
        }
        for resource in &left {
            println!("not deleted: {resource}");
        }
        left
    }

    async fn delete(&self, name: &str) -> Result<(), Error> {
        let delete = || self.client.delete_secret(DeleteSecretRequest::without_recovery(name));
        match delete().await {
            Err(error) if error.code() == Some("Rejected.ResourceInDeleteWindow") => {
                self.client.restore_secret(RestoreSecretRequest::new(name)).await?;
                delete().await.map(|_| ())
            }
            outcome => outcome.map(|_| ()),
        }
    }
}
