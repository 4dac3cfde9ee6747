//! The file of the CLI: its profiles and their modes.

use serde::Deserialize;

use super::super::settings::Settings;

#[derive(Deserialize)]
pub(super) struct Config {
    current: Option<String>,
    /// A setting that a profile does not have is empty, zero or missing.
    #[serde(default)]
    profiles: Option<Vec<Settings>>,
}

impl Config {
    /// Returns the name of the profile that is used if nobody names one.
    pub(super) fn current(&self) -> &str {
        self.current.as_deref().filter(|name| !name.is_empty()).unwrap_or("default")
    }

    pub(super) fn has_profiles(&self) -> bool {
        self.profiles.iter().flatten().next().is_some()
    }

    pub(super) fn profile(&self, name: &str) -> Option<&Settings> {
        self.profiles.iter().flatten().find(|profile| profile.text("name") == Some(name))
    }
}

/// The supported modes, and all others.
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
    RamRoleArnWithRoleName,
    Unsupported,
}

const MODES: [(&str, Mode); 11] = [
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
    ("RamRoleArnWithRoleName", Mode::RamRoleArnWithRoleName),
];

impl Mode {
    /// Returns the mode that the profile names, ignoring case, or else the one that its fields
    /// imply, by the rules of the CLI.
    pub(super) fn from_profile(profile: &Settings) -> Self {
        let Some(mode) = profile.text("mode") else { return Self::guess(profile) };
        let known = MODES.iter().find(|(name, _)| name.eq_ignore_ascii_case(mode));
        known.map_or(Self::Unsupported, |(_, mode)| *mode)
    }

    fn guess(profile: &Settings) -> Self {
        let has = |field| profile.text(field).is_some();
        if has("access_key_id") {
            match (has("ram_role_arn"), has("sts_token")) {
                (true, _) => Self::RamRoleArn,
                (false, true) => Self::StsToken,
                (false, false) => Self::Ak,
            }
        } else if has("oidc_token_file") {
            Self::Oidc
        } else if has("source_profile") {
            Self::ChainableRamRoleArn
        } else if has("ram_role_name") {
            Self::EcsRamRole
        } else if has("process_command") {
            Self::External
        } else if has("credentials_uri") {
            Self::CredentialsUri
        } else {
            Self::Ak
        }
    }
}

/// Returns whether the profile has no content, as `aliyun configure` leaves it when it is
/// interrupted.
pub(super) fn is_blank(profile: &Settings) -> bool {
    Mode::from_profile(profile) == Mode::Ak
        && profile.text("access_key_id").is_none()
        && profile.text("access_key_secret").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn mode(json: &str) -> Mode {
        Mode::from_profile(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn mode_ignores_case_and_is_guessed_if_missing() {
        assert_eq!(mode(r#"{"mode":"ststoken"}"#), Mode::StsToken);
        assert_eq!(mode(r#"{"mode":"oidc"}"#), Mode::Oidc);
        assert_eq!(mode(r#"{"mode":"BearerToken"}"#), Mode::Unsupported);
        for (json, expected) in [
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
            assert_eq!(mode(json), expected, "{json}");
        }
    }
}
