//! The service on the emulator: through a rotation, an outage and a value that is not JSON.

use std::time::Duration;

use alibabacloud_kms::emulator::{Emulator, Fault};
use alibabacloud_kms::reqwest;
use alibabacloud_kms::retry::RetryPolicy;
use alibabacloud_kms::secrets::PutSecretValueRequest;

use super::*;

struct Running {
    emulator: Emulator,
    database: Database,
    cache: SecretCache,
    service: Service,
    url: String,
}

impl Running {
    /// Starts the service with a TTL so short that every read of the cache asks KMS.
    async fn start() -> Self {
        let emulator = Emulator::builder().secrets([sample("prod/db")]).start().await.unwrap();
        let builder = emulator.client_builder().retry_policy(RetryPolicy::disabled());
        let cache = SecretCache::builder(builder.build().unwrap()).ttl(Duration::from_millis(1));
        let cache = cache.build().unwrap();
        let database = Database::accepting("fake-password");
        let service = Service::start(cache.clone(), "prod/db", database.clone()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = service.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { emulator, database, cache, service, url }
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client.get(format!("{}{path}", self.url)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    async fn put(&self, version_id: &str, value: &str) {
        let value = SecretValue::text(value);
        let request = PutSecretValueRequest::new("prod/db", value).version_id(version_id);
        self.emulator.client().unwrap().put_secret_value(request).await.unwrap();
    }
}

#[tokio::test]
async fn request_right_after_a_rotation_succeeds() {
    let running = Running::start().await;
    assert_eq!(running.get("/users/1").await, (200, "user 1, read as app".to_owned()));
    running.put("v2", r#"{"user":"app2","password":"fake-new"}"#).await;
    running.database.change_password("fake-new");
    assert_eq!(running.get("/users/1").await, (200, "user 1, read as app2".to_owned()));
}

#[tokio::test]
async fn pool_follows_a_new_version_without_any_request() {
    let running = Running::start().await;
    let mut pools = running.service.current_pools();
    running.put("v2", r#"{"user":"app2","password":"fake-new"}"#).await;
    let connected = pools.wait_for(|connected| connected.secret.version_id == "v2").await.unwrap();
    assert_eq!(connected.secret.version_id, "v2");
}

#[tokio::test]
async fn service_keeps_serving_while_kms_is_down() {
    let running = Running::start().await;
    running.emulator.inject(Fault::error(503, "ServiceUnavailable").always());
    for _ in 0..20 {
        assert_eq!(running.get("/users/1").await.0, 200);
    }
    let secret = running.cache.get("prod/db").await.unwrap();
    assert!(secret.is_stale());
    assert!(running.get("/health").await.1.starts_with("version v1"));

    running.emulator.clear_faults();
    running.put("v2", r#"{"user":"app2","password":"fake-new"}"#).await;
    running.database.change_password("fake-new");
    assert_eq!(running.get("/users/1").await.0, 200);
}

#[tokio::test]
async fn value_that_is_not_json_leaves_the_pool() {
    let running = Running::start().await;
    running.put("v2", "fake-no-json").await;
    running.cache.refresh("prod/db").await.unwrap();
    assert_eq!(running.get("/users/1").await.0, 200);
    assert_eq!(running.service.connected().secret.version_id, "v1");
}

#[tokio::test]
async fn wrong_password_without_a_new_version_is_an_error() {
    let running = Running::start().await;
    running.database.change_password("fake-other");
    assert_eq!(running.get("/users/1").await.0, 503);
}
