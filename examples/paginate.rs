//! Walks a listing page by page, and goes on from the page that failed.
//!
//! Keys come from `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, the region from
//! `ALIBABA_CLOUD_REGION_ID`.

use std::error::Error;

use alibabacloud_kms::{KmsClient, ListSecretsRequest};
use futures_util::StreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let region =
        std::env::var("ALIBABA_CLOUD_REGION_ID").map_err(|_| "set ALIBABA_CLOUD_REGION_ID")?;
    let client = KmsClient::builder().region(region).build()?;

    let mut pages = client.list_secrets_paginator(ListSecretsRequest::new().page_size(50)).pages();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => println!(
                "page {}: {} of {}",
                page.page_number,
                page.secrets.len(),
                page.total_count
            ),
            Err(error) => {
                let page = pages.resume_page().unwrap_or(1);
                return Err(format!("{error}; go on later with page_number({page})").into());
            }
        }
    }
    Ok(())
}
