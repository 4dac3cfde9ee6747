//! [`TestAccount`]: a store with a clock, on which tests of handlers call operations.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{Handler, create_key, describe_key, disable_key, schedule_key_deletion};
use crate::emulator::context::RequestContext;
use crate::emulator::error_response::ErrorResponse;
use crate::emulator::store::Store;

/// An account on its first day, with the time set to the start of the epoch.
pub(super) struct TestAccount {
    pub(super) store: Store,
    pub(super) now: DateTime<Utc>,
}

impl TestAccount {
    pub(super) fn new() -> Self {
        Self { store: Store::default(), now: DateTime::UNIX_EPOCH }
    }

    pub(super) fn call(
        &mut self,
        handle: Handler,
        parameters: &[(&str, &str)],
    ) -> Result<Value, ErrorResponse> {
        let context = RequestContext { now: self.now, request_id: "r-1", host: "host" };
        let body = handle(&parameters.iter().copied().collect(), &mut self.store, &context)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    /// Returns the code of the error that a call ends with, or `ok`.
    pub(super) fn code(&mut self, handle: Handler, parameters: &[(&str, &str)]) -> String {
        self.call(handle, parameters).map_or_else(|error| error.code.into_owned(), |_| "ok".into())
    }

    pub(super) fn advance_days(&mut self, days: i64) {
        self.now += TimeDelta::days(days);
    }

    /// Creates a key and returns its id.
    pub(super) fn key(&mut self, parameters: &[(&str, &str)]) -> String {
        let created = self.call(create_key::handle, parameters).unwrap();
        created["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
    }

    /// Creates a key in an instance and returns its id.
    pub(super) fn instance_key(&mut self, spec: &str) -> String {
        self.key(&[("DKMSInstanceId", "kst-fake"), ("KeySpec", spec)])
    }

    /// Creates a key in this state and returns its id.
    pub(super) fn key_in_state(&mut self, state: &str) -> String {
        let origin = if state == "PendingImport" { "EXTERNAL" } else { "Aliyun_KMS" };
        let id = self.key(&[("Origin", origin)]);
        match state {
            "Disabled" => drop(self.call(disable_key::handle, &[("KeyId", &id)]).unwrap()),
            "PendingDeletion" => self.schedule_deletion(&id),
            _ => {}
        }
        assert_eq!(self.describe(&id)["KeyState"], state);
        id
    }

    pub(super) fn schedule_deletion(&mut self, id: &str) {
        let parameters = [("KeyId", id), ("PendingWindowInDays", "7")];
        self.call(schedule_key_deletion::handle, &parameters).unwrap();
    }

    /// Returns the metadata of a key.
    pub(super) fn describe(&mut self, id: &str) -> Value {
        self.call(describe_key::handle, &[("KeyId", id)]).unwrap()["KeyMetadata"].take()
    }
}
