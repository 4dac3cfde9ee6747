//! Tests a function that lists secrets, without an account: the emulator starts inside the test and
//! stops with it.

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::secrets::ListSecretsRequest;
use alibabacloud_kms::{KmsClient, Result};
use futures_util::TryStreamExt;

/// The code under test: returns the secrets without a team.
async fn without_team(client: &KmsClient) -> Result<Vec<String>> {
    let secrets = client.list_secrets_paginator(ListSecretsRequest::new().fetch_tags(true)).items();
    let without_team =
        secrets.try_filter(|secret| std::future::ready(secret.tag("team").is_none()));
    without_team.map_ok(|secret| secret.secret_name).try_collect().await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::start().await?;
    emulator.add_secret(EmulatedSecret::new("prod/db").tag("team", "core"));
    emulator.add_secret(EmulatedSecret::new("left/behind"));

    assert_eq!(without_team(&emulator.client()?).await?, ["left/behind"]);
    println!("without a team: left/behind");
    Ok(())
}
