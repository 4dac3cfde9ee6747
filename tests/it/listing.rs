//! Listings: what comes back, what is asked for, and how they end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::secrets::{Filter, ListSecretsRequest, SecretType};
use alibabacloud_kms::transport::HttpResponse;
use alibabacloud_kms::{ErrorKind, KmsClient};
use futures_util::stream::FusedStream as _;
use futures_util::{StreamExt, TryStreamExt};
use proptest::prelude::*;

use crate::transports::{Parameters, client_with_responses, page};

/// Page `asked` of `count` secrets named by their number.
fn page_of_numbers(count: u32, asked: &Parameters, total: Option<u32>) -> HttpResponse {
    let (number, size) = (asked.number("PageNumber"), asked.number("PageSize"));
    let start = (number - 1) * size;
    page((start..count.min(start + size)).map(|n| n.to_string()), total)
}

async fn names(
    client: &KmsClient,
    request: ListSecretsRequest,
) -> alibabacloud_kms::Result<Vec<String>> {
    client
        .list_secrets_paginator(request)
        .items()
        .map_ok(|secret| secret.secret_name)
        .try_collect()
        .await
}

fn client_of(emulator: &Emulator) -> KmsClient {
    KmsClient::builder()
        .endpoint(emulator.endpoint())
        .credentials(emulator.credentials())
        .rate_limits(RateLimits::unlimited())
        .build()
        .unwrap()
}

/// An emulator that holds `count` secrets whose names sort by their number.
async fn emulator_with(count: u32) -> Emulator {
    let secrets = (0..count).map(|n| EmulatedSecret::new(format!("secret-{n:05}")));
    Emulator::builder().secrets(secrets).start().await.unwrap()
}

#[tokio::test]
async fn lists_of_every_length_are_returned_completely() {
    for count in [0, 1, 99, 100, 101, 10_000] {
        let emulator = emulator_with(count).await;
        let listed = names(&client_of(&emulator), ListSecretsRequest::new()).await.unwrap();
        assert_eq!(listed, emulator.secret_names(), "{count} secrets");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_list_in_any_page_size_is_returned_completely(count in 0_u32..700, size in 1_u32..=100) {
        let client = client_with_responses(move |asked| page_of_numbers(count, &asked, Some(count)));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let listed = runtime.block_on(names(&client, ListSecretsRequest::new().page_size(size))).unwrap();
        let expected: Vec<_> = (0..count).map(|n| n.to_string()).collect();
        prop_assert_eq!(listed, expected);
    }

    #[test]
    fn any_filter_text_matches_only_the_secret_of_that_text(text in "\\PC{1,64}") {
        prop_assume!(!text.contains('*'));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let found = runtime.block_on(async {
            let secrets = [EmulatedSecret::new("it").description(&text), EmulatedSecret::new("other")];
            let emulator = Emulator::builder().secrets(secrets).start().await.unwrap();
            names(&client_of(&emulator), ListSecretsRequest::new().filter(Filter::description([&text]))).await
        });
        prop_assert_eq!(found.unwrap(), ["it"]);
    }
}

#[tokio::test]
async fn wrong_or_missing_total_does_not_change_a_listing() {
    for total in [None, Some(0), Some(1), Some(250), Some(500), Some(u32::MAX)] {
        let client = client_with_responses(move |asked| page_of_numbers(250, &asked, total));
        let listed = names(&client, ListSecretsRequest::new()).await.unwrap();
        assert_eq!(listed.len(), 250, "total {total:?}");
    }
}

#[tokio::test]
async fn empty_page_ends_the_listing_whatever_the_total() {
    let requests = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&requests);
    let client = client_with_responses(move |asked| {
        counted.fetch_add(1, Ordering::Relaxed);
        page_of_numbers(200, &asked, Some(500))
    });
    let mut pages = client.list_secrets_paginator(ListSecretsRequest::new()).concurrency(1).pages();
    let sizes: Vec<_> =
        pages.by_ref().map_ok(|page| page.secrets.len()).try_collect().await.unwrap();
    assert_eq!(sizes, [100, 100, 0]);
    assert_eq!(pages.resume_token(), None);
    assert!(pages.is_terminated());
    assert!(pages.next().await.is_none(), "polled after its end");
    assert_eq!(requests.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn sequential_stream_requests_no_page_ahead() {
    let emulator = emulator_with(250).await;
    let client = client_of(&emulator);
    let paginator = client.list_secrets_paginator(ListSecretsRequest::new());
    let mut items = paginator.concurrency(1).items();
    assert_eq!(emulator.request_count(), 0);
    let first: Vec<_> = items.by_ref().take(5).try_collect().await.unwrap();
    assert_eq!((first.len(), emulator.request_count()), (5, 1));
    let more: Vec<_> = items.by_ref().take(95).try_collect().await.unwrap();
    assert_eq!((more.len(), emulator.request_count()), (95, 1));
    items.next().await;
    assert_eq!(emulator.request_count(), 2);
}

#[tokio::test]
async fn listing_starts_at_the_page_of_the_request() {
    let client = client_with_responses(|asked| page_of_numbers(30, &asked, None));
    let listed =
        names(&client, ListSecretsRequest::new().page_size(10).page_number(3)).await.unwrap();
    assert_eq!(listed.first().map(String::as_str), Some("20"));
    assert_eq!(listed.len(), 10);
}

#[tokio::test]
async fn service_that_repeats_a_full_page_is_an_error() {
    let client = client_with_responses(|asked| {
        page((0..asked.number("PageSize")).map(|n| n.to_string()), Some(100))
    });
    let mut items = client.list_secrets_paginator(ListSecretsRequest::new()).items();
    let mut seen = 0;
    let error = loop {
        match items.next().await.unwrap() {
            Ok(_) => seen += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(seen, 100);
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(error.to_string().starts_with(
        "ListSecrets failed: the last 400 items were on full pages and repeated earlier ones"
    ));
    assert!(items.next().await.is_none(), "a service that repeats itself is not called again");
}

#[tokio::test]
async fn secrets_that_a_moving_list_shows_twice_are_yielded_once() {
    let pages = [vec!["a", "b", "c"], vec!["c", "d", "e"], vec!["e", "f"]];
    let client = client_with_responses(move |asked| {
        page(&pages[asked.number("PageNumber") as usize - 1], None)
    });
    let request = ListSecretsRequest::new().page_size(3);
    assert_eq!(names(&client, request.clone()).await.unwrap(), ["a", "b", "c", "d", "e", "f"]);
    let raw: Vec<_> = client.list_secrets_paginator(request).pages().try_collect().await.unwrap();
    assert_eq!(
        raw.iter().map(|page| page.secrets.len()).sum::<usize>(),
        8,
        "pages are as the service returned them"
    );
}

#[tokio::test]
async fn filters_and_tags_reach_the_service() {
    let secrets = [
        EmulatedSecret::new("prod/db").secret_type("Rds").tag("team", "core").tag("env", "prod"),
        EmulatedSecret::new("prod/cache").secret_type("Redis").tag("team", "core"),
        EmulatedSecret::new("生产 \"密钥\" & 100% 🔑").description("one + two = 3"),
    ];
    let emulator = Emulator::builder().secrets(secrets).start().await.unwrap();
    let client = client_of(&emulator);
    for (filter, expected) in [
        (Filter::secret_name(["prod/db", "nothing"]), vec!["prod/db"]),
        (Filter::secret_name(["prod/*"]), vec!["prod/cache", "prod/db"]),
        (Filter::secret_name(["生产 \"密钥\" & 100% 🔑"]), vec!["生产 \"密钥\" & 100% 🔑"]),
        (Filter::description(["one + two = 3"]), vec!["生产 \"密钥\" & 100% 🔑"]),
        (Filter::tag_key(["team"]), vec!["prod/cache", "prod/db"]),
        (Filter::tag_value(["prod"]), vec!["prod/db"]),
        (Filter::secret_type([SecretType::Redis]), vec!["prod/cache"]),
    ] {
        assert_eq!(
            names(&client, ListSecretsRequest::new().filter(filter.clone())).await.unwrap(),
            expected,
            "{filter:?}"
        );
    }
    let unknown =
        names(&client, ListSecretsRequest::new().filter(Filter::custom("Color", ["blue"])))
            .await
            .unwrap_err();
    assert_eq!((unknown.is_invalid_input(), unknown.code()), (true, Some("InvalidParameter")));

    let request = ListSecretsRequest::new().fetch_tags(true);
    let page = client.list_secrets(request).await.unwrap();
    assert_eq!(page.secrets[1].tag("env"), Some("prod"));
    assert_eq!(page.secrets[2].tags, Some(vec![]));
    assert_eq!(client.list_secrets(ListSecretsRequest::new()).await.unwrap().secrets[0].tags, None);
}
