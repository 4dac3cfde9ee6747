//! Listings of several pages.

use std::collections::BTreeSet;

use alibabacloud_kms::secrets::{Filter, ListSecretsRequest, SecretSummary, SecretValue};
use futures_util::TryStreamExt as _;

use crate::account::{Account, on_every_account};

/// Creates twelve secrets with a tag of their own. Returns their names, and a request that lists
/// only them, five per page.
async fn create_twelve(account: &Account) -> (BTreeSet<String>, ListSecretsRequest) {
    let mut names = BTreeSet::new();
    for n in 0..12 {
        let request = account.creation(&format!("{n:02}"), SecretValue::text("fake"));
        let request = request.tag("conformance", &account.prefix);
        names.insert(account.client.create_secret(request).await.unwrap().secret_name);
    }
    let tagged = ListSecretsRequest::new().filter(Filter::tag_value([&account.prefix]));
    (names, tagged.page_size(5))
}

fn names(secrets: Vec<SecretSummary>) -> BTreeSet<String> {
    secrets.into_iter().map(|secret| secret.secret_name).collect()
}

#[test]
fn every_secret_is_listed_once_in_each_way_of_paging() {
    on_every_account(async |account| {
        let (created, request) = create_twelve(account).await;
        let page = account.client.list_secrets(request.clone().page_number(3)).await.unwrap();
        assert_eq!((page.page_number, page.page_size, page.total_count), (3, 5, 12));
        assert_eq!(page.secrets.len(), 2);
        let beyond = account.client.list_secrets(request.clone().page_number(4)).await.unwrap();
        assert!(beyond.secrets.is_empty());

        for concurrency in [1, 4] {
            let listing = account.client.list_secrets_paginator(request.clone());
            let items = listing.concurrency(concurrency).items();
            let items: Vec<_> = items.try_collect().await.unwrap();
            assert_eq!(items.len(), 12);
            assert_eq!(names(items), created);
        }
        let pages = account.client.list_secrets_paginator(request.clone()).pages();
        let pages: Vec<_> = pages.map_ok(|page| page.secrets.len()).try_collect().await.unwrap();
        assert_eq!(pages, [5, 5, 2]);

        let all = account.client.list_all_secrets(request).await.unwrap();
        assert!(all.complete);
        assert_eq!(names(all.secrets), created);
    });
}

#[test]
fn listing_is_resumed_in_the_middle_of_a_page() {
    on_every_account(async |account| {
        let (created, request) = create_twelve(account).await;
        let mut items = account.client.list_secrets_paginator(request.clone()).items();
        let mut seen = Vec::new();
        while seen.len() < 7 {
            seen.push(items.try_next().await.unwrap().unwrap());
        }
        let token = serde_json::to_string(&items.resume_token().unwrap()).unwrap();
        let token = serde_json::from_str(&token).unwrap();
        let mut rest = account.client.list_secrets_paginator(request).resume(token).items();
        while let Some(secret) = rest.try_next().await.unwrap() {
            seen.push(secret);
        }
        assert_eq!(rest.resume_token(), None);
        assert_eq!(seen.len(), 12);
        assert_eq!(names(seen), created);
    });
}
