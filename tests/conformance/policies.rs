//! Access policies, which only secrets in a KMS instance have.

use alibabacloud_kms::secrets::{
    DescribeSecretRequest, GetSecretPolicyRequest, Policy, PolicyPrincipal, PolicyStatement,
    SetSecretPolicyRequest,
};

use crate::account::{Account, on_every_account};

/// One that locks nobody of the account out.
async fn policy(account: &Account, name: &str) -> Policy {
    let secret = account.client.describe_secret(DescribeSecretRequest::new(name)).await.unwrap();
    let owner = format!("acs:ram::{}:*", secret.arn.unwrap().account());
    let owner = PolicyPrincipal::ram([owner]);
    let everything = PolicyStatement::allow(owner.clone(), ["kms:*"]).sid("owner");
    let reading = PolicyStatement::allow(owner, ["kms:GetSecretValue", "kms:DescribeSecret"]);
    Policy::new([everything, reading.sid("conformance")])
}

#[test]
fn a_secret_in_an_instance_takes_another_policy_and_one_outside_takes_none() {
    on_every_account(async |account| {
        let name = account.create("db").await;
        let wanted = policy(account, &name).await;
        let set = SetSecretPolicyRequest::new(&name, wanted.clone());
        let get = GetSecretPolicyRequest::new(&name);
        if account.has_instance() {
            account.client.set_secret_policy(set).await.unwrap();
            let told = account.client.get_secret_policy(get).await.unwrap();
            assert_eq!(told.policy, Some(wanted));
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
fn a_policy_of_what_does_not_exist_is_not_found() {
    on_every_account(async |account| {
        let request = GetSecretPolicyRequest::new(account.name("none"));
        let error = account.client.get_secret_policy(request).await.unwrap_err();
        assert_eq!(error.code(), Some("Forbidden.ResourceNotFound"));
        assert!(error.is_not_found());
    });
}
