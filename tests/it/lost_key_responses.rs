//! Writes on keys and aliases whose response is lost.

use alibabacloud_kms::Error;
use alibabacloud_kms::KmsClient;
use alibabacloud_kms::emulator::{CannedResponse, Emulator, Fault};
use alibabacloud_kms::keys::{
    CreateAliasRequest, CreateKeyRequest, DeleteAliasRequest, ScheduleKeyDeletionRequest,
};
use alibabacloud_kms::tags::Tag;

async fn emulator_and_client() -> (Emulator, KmsClient) {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator.client().unwrap();
    (emulator, client)
}

async fn create_key(client: &KmsClient) -> String {
    client.create_key(CreateKeyRequest::new()).await.unwrap().key_metadata.key_id
}

fn count(emulator: &Emulator, action: &str) -> usize {
    emulator.requests().iter().filter(|request| request.action == action).count()
}

#[track_caller]
fn assert_unknown(error: &Error, hint: &str) {
    assert!(error.is_outcome_unknown(), "{error}");
    assert!(error.hint().is_some_and(|found| found.contains(hint)), "{error}");
}

#[tokio::test]
async fn lost_creation_is_not_sent_again_and_is_found_by_its_tag() {
    let (emulator, client) = emulator_and_client().await;
    let tag = Tag::new("creation", "fake-random-id");
    let others = CreateKeyRequest::new().tag("creation", "another").tag("other", "fake-random-id");
    client.create_key(others).await.unwrap();
    emulator.inject(Fault::LostResponse);
    let request = CreateKeyRequest::new().tags([tag.clone()]);
    let error = client.create_key(request).await.unwrap_err();
    assert_unknown(&error, "find_keys_by_tag");
    assert_eq!(count(&emulator, "CreateKey"), 2, "one of each");
    let found = client.find_keys_by_tag(tag).await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(client.describe_key(&found[0].key_id).await.unwrap().key_metadata.is_enabled());
    let none = client.find_keys_by_tag(Tag::new("creation", "none")).await.unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn key_that_is_deleted_meanwhile_is_not_found_by_its_tag() {
    let (emulator, client) = emulator_and_client().await;
    let tag = Tag::new("creation", "fake-random-id");
    for _ in 0..2 {
        client.create_key(CreateKeyRequest::new().tags([tag.clone()])).await.unwrap();
    }
    emulator.inject(Fault::error(404, "Forbidden.KeyNotFound").for_action("ListResourceTags"));
    assert_eq!(client.find_keys_by_tag(tag).await.unwrap().len(), 1);
}

#[tokio::test]
async fn creation_that_was_not_executed_is_sent_again() {
    let (emulator, client) = emulator_and_client().await;
    let throttled =
        CannedResponse::new(429).body(r#"{"Code":"Rejected.Throttling","RequestId":"r"}"#);
    emulator.inject(Fault::from(throttled));
    create_key(&client).await;
    assert_eq!(count(&emulator, "CreateKey"), 2);
}

#[tokio::test]
async fn lost_version_is_not_sent_again() {
    let (emulator, client) = emulator_and_client().await;
    let request = CreateKeyRequest::new().instance_id("kst-fake");
    let key_id = client.create_key(request).await.unwrap().key_metadata.key_id;
    emulator.inject(Fault::LostResponse);
    let error = client.create_key_version(&key_id).await.unwrap_err();
    assert_unknown(&error, "list_key_versions");
    assert_eq!(client.list_key_versions(&key_id).await.unwrap().total_count, 2);
}

#[tokio::test]
async fn lost_alias_is_found_if_it_belongs_to_the_key() {
    let (emulator, client) = emulator_and_client().await;
    let [ours, theirs] = [create_key(&client).await, create_key(&client).await];
    emulator.inject(Fault::LostResponse);
    client.create_alias(CreateAliasRequest::new("alias/app", &*ours)).await.unwrap();

    emulator.inject(Fault::ResetBeforeResponse);
    let taken = CreateAliasRequest::new("alias/app", &*theirs);
    let error = client.create_alias(taken).await.unwrap_err();
    assert!(error.is_conflict() && !error.is_outcome_unknown(), "{error}");
}

/// One page of the aliases of a key is read.
#[tokio::test]
async fn lost_alias_of_a_key_with_over_100_may_be_of_this_call() {
    for (total, is_unknown) in [(100, false), (101, true)] {
        let (emulator, client) = emulator_and_client().await;
        let [ours, theirs] = [create_key(&client).await, create_key(&client).await];
        client.create_alias(CreateAliasRequest::new("alias/app", &*theirs)).await.unwrap();
        emulator.inject(Fault::ResetBeforeResponse);
        let other = r#"{"Alias":[{"AliasName":"alias/other","AliasArn":"a","KeyId":"k"}]}"#;
        let body =
            format!(r#"{{"Aliases":{other},"TotalCount":{total},"PageNumber":1,"RequestId":"r"}}"#);
        let page = Fault::from(CannedResponse::new(200).body(body));
        emulator.inject(page.for_action("ListAliasesByKeyId"));
        let request = CreateAliasRequest::new("alias/app", &*ours);
        let error = client.create_alias(request).await.unwrap_err();
        assert!(error.is_conflict(), "{error}");
        assert_eq!(error.is_outcome_unknown(), is_unknown, "{total}: {error}");
        if is_unknown {
            assert_unknown(&error, "the key has too many aliases to find it");
        }
    }
}

#[tokio::test]
async fn lost_deletion_is_found_by_its_time() {
    let (emulator, client) = emulator_and_client().await;
    let key_id = create_key(&client).await;
    emulator.inject(Fault::LostResponse);
    client.schedule_key_deletion(ScheduleKeyDeletionRequest::new(&*key_id, 30)).await.unwrap();

    emulator.inject(Fault::ResetBeforeResponse);
    let other = ScheduleKeyDeletionRequest::new(&*key_id, 7);
    let error = client.schedule_key_deletion(other).await.unwrap_err();
    assert!(error.is_conflict() && !error.is_outcome_unknown(), "{error}");
}

#[tokio::test]
async fn lost_cancellation_and_alias_deletion_remain_unknown() {
    let (emulator, client) = emulator_and_client().await;
    let key_id = create_key(&client).await;
    client.create_alias(CreateAliasRequest::new("alias/app", &*key_id)).await.unwrap();
    emulator.inject(Fault::LostResponse);
    let error = client.delete_alias(DeleteAliasRequest::new("alias/app")).await.unwrap_err();
    assert_unknown(&error, "this call deleted it, or it never existed");

    client.schedule_key_deletion(ScheduleKeyDeletionRequest::new(&*key_id, 7)).await.unwrap();
    emulator.inject(Fault::LostResponse);
    let error = client.cancel_key_deletion(&key_id).await.unwrap_err();
    assert_unknown(&error, "this call cancelled it, or it never was");
    assert!(client.describe_key(&key_id).await.unwrap().key_metadata.is_enabled());
}
