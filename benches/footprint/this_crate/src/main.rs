//! Prints the names of all secrets: `this-crate <endpoint> <key id> <key secret>`.

use std::error::Error;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::secrets::ListSecretsRequest;
use futures_util::TryStreamExt as _;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, endpoint, key_id, key_secret] = arguments.as_slice() else {
        return Err("usage: this-crate <endpoint> <key id> <key secret>".into());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = KmsClient::builder_without_default_credentials()
        .endpoint(endpoint)
        .credentials(Credentials::new(key_id, key_secret))
        .build()?;
    let request = ListSecretsRequest::new().fetch_tags(true);
    runtime.block_on(async {
        let mut secrets = client.list_secrets_paginator(request).items();
        while let Some(secret) = secrets.try_next().await? {
            println!("{}", secret.secret_name);
        }
        Ok(())
    })
}
