//! Sets and gets access policies of secrets through the client.

use alibabacloud_kms::emulator::{CannedResponse, EmulatedSecret, Emulator, Fault};
use alibabacloud_kms::policies::{Policy, PolicyEffect, PolicyPrincipal, PolicyStatement};
use alibabacloud_kms::secrets::{GetSecretPolicyRequest, SetSecretPolicyRequest};
use alibabacloud_kms::{ErrorKind, KmsClient};
use serde_json::json;

async fn with_secrets() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    emulator.add_secret(EmulatedSecret::new("held").instance_id("kst-fake"));
    emulator.add_secret(EmulatedSecret::new("shared"));
    let builder = KmsClient::builder().endpoint(emulator.endpoint());
    let client = builder.credentials(emulator.credentials()).build().unwrap();
    (emulator, client)
}

async fn policy(client: &KmsClient) -> Policy {
    let request = GetSecretPolicyRequest::new("held");
    client.get_secret_policy(request).await.unwrap().policy.unwrap()
}

#[tokio::test]
async fn set_policy_replaces_the_previous_one() {
    let (emulator, client) = with_secrets().await;
    let default = policy(&client).await;
    assert_eq!(default.statements[0].effect, PolicyEffect::Allow);

    let reader = PolicyStatement::allow(
        PolicyPrincipal::ram(["acs:ram::1:role/é \"quoted\""]),
        ["kms:GetSecretValue"],
    );
    let office = json!({"IpAddress": {"acs:SourceIp": ["192.0.2.0/24"]}});
    let others = PolicyStatement::deny(PolicyPrincipal::ram(["acs:ram::1:*"]), ["kms:Put*"])
        .sid("no writes");
    let wanted = Policy::new([reader.condition(office), others]);
    emulator.inject(Fault::LostResponse);
    let request = SetSecretPolicyRequest::new("held", wanted.clone());
    client.set_secret_policy(request).await.unwrap();
    assert_eq!(policy(&client).await, wanted);
}

#[tokio::test]
async fn secret_outside_an_instance_has_no_policy() {
    let (_emulator, client) = with_secrets().await;
    let error = client.get_secret_policy(GetSecretPolicyRequest::new("shared")).await.unwrap_err();
    assert_eq!(error.code(), Some("Forbidden.KeyPolicyUnSupported"));
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let request = SetSecretPolicyRequest::new("shared", Policy::new([]));
    let error = client.set_secret_policy(request).await.unwrap_err();
    assert_eq!(error.code(), Some("Forbidden.KeyPolicyUnSupported"));
    let none = GetSecretPolicyRequest::new("none");
    assert!(client.get_secret_policy(none).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn policy_of_another_version_is_kept_as_text() {
    let (emulator, client) = with_secrets().await;
    let text = r#"{"Version":"2","Statement":"anything"}"#;
    let body = json!({"RequestId": "r", "Policy": text}).to_string();
    emulator.inject(CannedResponse::new(200).body(body));
    let response = client.get_secret_policy(GetSecretPolicyRequest::new("held")).await.unwrap();
    assert_eq!((response.policy, &*response.policy_text), (None, text));
}

#[tokio::test]
async fn too_long_policy_is_not_sent() {
    let (emulator, client) = with_secrets().await;
    let names = (0..2_000).map(|n| format!("acs:ram::1:role/role-{n}"));
    let long = Policy::new([PolicyStatement::allow(PolicyPrincipal::ram(names), ["kms:*"])]);
    let error =
        client.set_secret_policy(SetSecretPolicyRequest::new("held", long)).await.unwrap_err();
    assert!(error.to_string().contains("the length of `policy` in bytes must be"), "{error}");
    assert_eq!((error.attempts(), emulator.request_count()), (0, 0));
}
