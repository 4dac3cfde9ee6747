//! Access policies, which only secrets in a KMS instance have.

use alibabacloud_kms::policies::{Policy, PolicyPrincipal, PolicyStatement};
use alibabacloud_kms::secrets::{
    DescribeSecretRequest, GetSecretPolicyRequest, SetSecretPolicyRequest,
};

use crate::account::{Account, on_every_account};

/// Returns a policy that keeps the access of the whole account.
async fn policy(account: &Account, name: &str) -> Policy {
    let secret = account.client.describe_secret(DescribeSecretRequest::new(name)).await.unwrap();
    let owner = format!("acs:ram::{}:*", secret.arn.unwrap().account());
    let owner = PolicyPrincipal::ram([owner]);
    let everything = PolicyStatement::allow(owner.clone(), ["kms:*"]).sid("owner");
    let reading = PolicyStatement::allow(owner, ["kms:GetSecretValue", "kms:DescribeSecret"]);
    Policy::new([everything, reading.sid("conformance")])
}

#[test]
fn policy_is_set_only_in_an_instance() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let new = policy(account, &name).await;
        let set = SetSecretPolicyRequest::new(&name, new.clone());
        let get = GetSecretPolicyRequest::new(&name);
        if account.has_instance() {
            account.client.set_secret_policy(set).await.unwrap();
            let read = account.client.get_secret_policy(get).await.unwrap();
            assert_eq!(read.policy, Some(new));
        } else {
            for error in [
                account.client.set_secret_policy(set).await.unwrap_err(),
                account.client.get_secret_policy(get).await.unwrap_err(),
            ] {
                assert!(error.is_invalid_input(), "{error}");
                assert_eq!(error.code(), Some("Forbidden.KeyPolicyUnSupported"));
            }
        }
    });
}

#[test]
fn policy_of_a_missing_secret_is_not_found() {
    on_every_account(async |account| {
        let request = GetSecretPolicyRequest::new(account.name("none"));
        let error = account.client.get_secret_policy(request).await.unwrap_err();
        assert_eq!(error.code(), Some("Forbidden.ResourceNotFound"));
        assert!(error.is_not_found());
    });
}
