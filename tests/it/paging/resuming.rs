//! Tokens that resume a listing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;

#[tokio::test(start_paused = true)]
async fn stored_token_resumes_in_the_middle_of_a_page() {
    let (service, client) = Service::with_names(95).start();
    let mut items = listing(&client, 10).items();
    let before: Vec<_> =
        items.by_ref().take(34).map_ok(|secret| secret.secret_name).try_collect().await.unwrap();
    let stored = serde_json::to_string(&items.resume_token()).unwrap();
    drop(items);
    let requested = service.requested().len();

    let token: ResumeToken = serde_json::from_str(&stored).unwrap();
    let rest = listing(&client, 10).resume(token.clone()).items();
    assert_eq!(rest.resume_token().as_ref(), Some(&token), "nothing was yielded since");
    let after: Vec<_> = rest.map_ok(|secret| secret.secret_name).try_collect().await.unwrap();
    assert_eq!([before, after].concat(), numbers(0..95));
    assert_eq!(service.requested()[requested], 3, "a page early, for what may have moved");
}

#[tokio::test(start_paused = true)]
async fn token_is_none_only_after_all_items() {
    let (_, client) = Service::with_names(12).start();
    let mut items = listing(&client, 10).items();
    assert!(items.resume_token().is_some());
    for _ in 0..11 {
        items.next().await.unwrap().unwrap();
        assert!(items.resume_token().is_some());
    }
    items.next().await.unwrap().unwrap();
    assert_eq!(items.resume_token(), None);
}

#[tokio::test(start_paused = true)]
async fn token_of_another_listing_is_rejected_unsent() {
    let (service, client) = Service::with_names(95).start();
    let request = || ListSecretsRequest::new().page_size(10);
    let token = |client: &KmsClient, request| {
        client.list_secrets_paginator(request).items().resume_token().unwrap()
    };
    let filtered = request().filter(Filter::tag_key(["team"]));
    let versions = ListSecretVersionIdsRequest::new("a").page_size(10);
    let versions = client.list_secret_version_ids_paginator(versions).pages().resume_token();
    for (token, problem) in [
        (versions.unwrap(), "operation, got \"ListSecretVersionIds\""),
        (
            token(&client.in_region("cn-beijing").unwrap(), request()),
            "host, got \"kms.cn-beijing.aliyuncs.com\"",
        ),
        (token(&client, request().page_size(20)), "page size, got 20"),
        (token(&client, filtered.clone()), "filters and other parameters, got one of others"),
        (
            token(&client, request().fetch_tags(true)),
            "filters and other parameters, got one of others",
        ),
    ] {
        let listing = client.list_secrets_paginator(request()).resume(token);
        let mut items = listing.clone().items();
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let problem = format!("ListSecrets failed: `resume` must be a token of the same {problem}");
        assert_eq!(error.to_string(), problem);
        assert!(items.next().await.is_none());
        assert_eq!(listing.pages().next().await.unwrap().unwrap_err().to_string(), problem);
    }
    assert_eq!(service.requested(), [] as [u32; 0]);
    let same = token(&client, filtered.clone().page_number(7));
    let resumed = client.list_secrets_paginator(filtered.page_number(2)).resume(same).items();
    assert_eq!(resumed.count().await, 35, "the page number of the request is not used");
}

#[tokio::test]
async fn token_of_another_kind_of_pages_is_rejected() {
    let (_emulator, listing) = tagged().await;
    let token = listing.clone().items().resume_token().unwrap().to_string();
    let json = URL_SAFE_NO_PAD.decode(token).unwrap();
    let mut forged: serde_json::Value = serde_json::from_slice(&json).unwrap();
    forged["checkpoint"]["position"] = json!({ "number": { "number": 0, "size": 7 } });
    let text = URL_SAFE_NO_PAD.encode(forged.to_string());
    let mut rows = listing.resume(text.parse().unwrap()).items();
    assert!(rows.next().await.unwrap().unwrap_err().is_invalid_input());
}
