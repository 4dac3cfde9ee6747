//! The file of the CLI as it is written: every field of a profile that says where keys come from.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::types::wire;

#[derive(Deserialize)]
pub(super) struct Config {
    pub(super) current: Option<String>,
    #[serde(default)]
    profiles: Option<Vec<Profile>>,
}

/// A profile. What is not set is empty or zero in the file, or missing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Profile {
    name: Text,
    mode: Text,
    pub(super) access_key_id: Text,
    pub(super) access_key_secret: Secret,
    pub(super) sts_token: Secret,
    pub(super) sts_expiration: Seconds,
    pub(super) sts_region: Text,
    pub(super) sts_endpoint: Text,
    pub(super) enable_vpc: Option<bool>,
    pub(super) ram_role_name: Text,
    pub(super) ram_role_arn: Text,
    pub(super) ram_session_name: Text,
    pub(super) expired_seconds: Seconds,
    pub(super) external_id: Text,
    pub(super) policy: Text,
    pub(super) source_profile: Text,
    pub(super) oidc_provider_arn: Text,
    pub(super) oidc_token_file: Text,
    pub(super) credentials_uri: Secret,
    pub(super) process_command: Secret,
    pub(super) cloud_sso_sign_in_url: Text,
    pub(super) cloud_sso_account_id: Text,
    pub(super) cloud_sso_access_config: Text,
    pub(super) access_token: Secret,
    pub(super) cloud_sso_access_token_expire: Seconds,
    pub(super) oauth_site_type: Text,
    pub(super) oauth_access_token: Secret,
    pub(super) oauth_access_token_expire: Seconds,
}

/// Text that counts as absent when it is empty.
#[derive(Clone, Deserialize, Default)]
#[serde(transparent)]
pub(super) struct Text(Option<String>);

impl Text {
    pub(super) fn get(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    pub(super) fn owned(&self) -> Option<String> {
        self.get().map(str::to_owned)
    }
}

/// The same for what nobody may see.
#[derive(Clone, Deserialize, Default)]
#[serde(transparent)]
pub(super) struct Secret(Option<SecretString>);

impl Secret {
    pub(super) fn get(&self) -> Option<SecretString> {
        let text = self.0.as_ref()?.expose_secret().trim();
        (!text.is_empty()).then(|| SecretString::from(text))
    }

    /// What may hold a password, yet is used as text.
    pub(super) fn exposed(&self) -> Option<String> {
        self.get().map(|text| text.expose_secret().to_owned())
    }
}

/// Seconds, of a time span or since 1970, as a number or as text; 0 counts as absent.
#[derive(Clone, Copy, Deserialize, Default)]
#[serde(transparent)]
pub(super) struct Seconds(#[serde(deserialize_with = "wire::integer")] Option<u64>);

impl Seconds {
    pub(super) fn get(self) -> Option<u64> {
        self.0.filter(|seconds| *seconds > 0)
    }

    pub(super) fn time(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(i64::try_from(self.get()?).ok()?, 0)
    }
}

impl Config {
    pub(super) fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().flatten().find(|profile| profile.name.get() == Some(name))
    }
}

/// The modes that keys can be got by, and the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Ak,
    StsToken,
    RamRoleArn,
    EcsRamRole,
    Oidc,
    ChainableRamRoleArn,
    CredentialsUri,
    External,
    CloudSso,
    OAuth,
    Unsupported,
}

const MODES: [(&str, Mode); 10] = [
    ("AK", Mode::Ak),
    ("StsToken", Mode::StsToken),
    ("RamRoleArn", Mode::RamRoleArn),
    ("EcsRamRole", Mode::EcsRamRole),
    ("OIDC", Mode::Oidc),
    ("ChainableRamRoleArn", Mode::ChainableRamRoleArn),
    ("CredentialsURI", Mode::CredentialsUri),
    ("External", Mode::External),
    ("CloudSSO", Mode::CloudSso),
    ("OAuth", Mode::OAuth),
];

impl Profile {
    /// What the profile says it is, in any case; without that, what its fields say, as the CLI guesses.
    pub(super) fn mode(&self) -> Mode {
        let Some(told) = self.mode.get() else { return self.guessed_mode() };
        let known = MODES.iter().find(|(name, _)| name.eq_ignore_ascii_case(told));
        known.map_or(Mode::Unsupported, |(_, mode)| *mode)
    }

    pub(super) fn mode_text(&self) -> &str {
        self.mode.get().unwrap_or("none")
    }

    fn guessed_mode(&self) -> Mode {
        if self.access_key_id.get().is_some() {
            match (self.ram_role_arn.get(), self.sts_token.get()) {
                (Some(_), _) => Mode::RamRoleArn,
                (None, Some(_)) => Mode::StsToken,
                (None, None) => Mode::Ak,
            }
        } else if self.oidc_token_file.get().is_some() {
            Mode::Oidc
        } else if self.source_profile.get().is_some() {
            Mode::ChainableRamRoleArn
        } else if self.ram_role_name.get().is_some() {
            Mode::EcsRamRole
        } else if self.process_command.get().is_some() {
            Mode::External
        } else if self.credentials_uri.get().is_some() {
            Mode::CredentialsUri
        } else {
            Mode::Ak
        }
    }

    /// Whether nobody has filled it in yet.
    pub(super) fn is_blank(&self) -> bool {
        self.mode() == Mode::Ak
            && self.access_key_id.get().is_none()
            && self.access_key_secret.get().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn mode(json: &str) -> Mode {
        serde_json::from_str::<Profile>(json).unwrap().mode()
    }

    #[test]
    fn modes_are_read_in_any_case_and_guessed_when_there_is_none() {
        assert_eq!(mode(r#"{"mode":"ststoken"}"#), Mode::StsToken);
        assert_eq!(mode(r#"{"mode":"oidc"}"#), Mode::Oidc);
        assert_eq!(mode(r#"{"mode":"BearerToken"}"#), Mode::Unsupported);
        for (json, guessed) in [
            ("{}", Mode::Ak),
            (r#"{"mode":"","access_key_id":"i"}"#, Mode::Ak),
            (r#"{"access_key_id":"i","sts_token":"t"}"#, Mode::StsToken),
            (r#"{"access_key_id":"i","ram_role_arn":"r"}"#, Mode::RamRoleArn),
            (r#"{"ram_role_arn":"r","oidc_token_file":"f"}"#, Mode::Oidc),
            (r#"{"ram_role_arn":"r","source_profile":"s"}"#, Mode::ChainableRamRoleArn),
            (r#"{"ram_role_name":"r"}"#, Mode::EcsRamRole),
            (r#"{"process_command":"c"}"#, Mode::External),
            (r#"{"credentials_uri":"u"}"#, Mode::CredentialsUri),
        ] {
            assert_eq!(mode(json), guessed, "{json}");
        }
    }

    #[test]
    fn numbers_come_as_numbers_or_text_and_zero_is_none() {
        let seconds =
            |json: &str| serde_json::from_str::<Profile>(json).unwrap().expired_seconds.get();
        assert_eq!(seconds(r#"{"expired_seconds":900}"#), Some(900));
        assert_eq!(seconds(r#"{"expired_seconds":"900"}"#), Some(900));
        assert_eq!(seconds(r#"{"expired_seconds":0}"#), None);
        assert_eq!(seconds(r#"{"expired_seconds":null}"#), None);
    }
}
