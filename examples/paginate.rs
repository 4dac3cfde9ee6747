//! Walks a listing page by page, and goes on from the page that failed: `paginate [TOKEN]`.
//!
//! Keys come from `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, the region from
//! `ALIBABA_CLOUD_REGION_ID`.

use std::error::Error;
use std::process::ExitCode;

use alibabacloud_kms::{KmsClient, ListSecretsRequest};
use futures_util::StreamExt;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let region =
        std::env::var("ALIBABA_CLOUD_REGION_ID").map_err(|_| "set ALIBABA_CLOUD_REGION_ID")?;
    let client = KmsClient::builder().region(region).build()?;

    let mut listing = client.list_secrets_paginator(ListSecretsRequest::new().page_size(50));
    if let Some(token) = std::env::args().nth(1) {
        listing = listing.resume(serde_json::from_str(&token)?);
    }
    let mut pages = listing.pages();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => println!(
                "page {}: {} of {}",
                page.page_number,
                page.secrets.len(),
                page.total_count
            ),
            Err(error) => {
                let token = serde_json::to_string(&pages.resume_token())?;
                return Err(format!("{error}; go on later with the argument '{token}'").into());
            }
        }
    }
    Ok(())
}
