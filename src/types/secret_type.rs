//! What kind of thing a secret opens.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a secret opens, and with it who rotates it: `SecretType` of the service.
///
/// <https://www.alibabacloud.com/help/en/kms/key-management-service/user-guide/overview-of-secrets-manager>
///
/// ```
/// use alibabacloud_kms::SecretType;
///
/// assert_eq!(SecretType::from("RAMCredentials"), SecretType::RamCredentials);
/// assert_eq!(SecretType::from("Mainframe").as_str(), "Mainframe");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecretType {
    /// Any text or bytes, rotated by whoever put it there: `Generic`.
    Generic,
    /// Accounts of an ApsaraDB RDS instance: `Rds`, in some texts of the service `RDS`.
    Rds,
    /// Accounts of a Redis instance: `Redis`.
    Redis,
    /// The access keys of a RAM user: `RAMCredentials`.
    RamCredentials,
    /// A password or key pair of an ECS instance: `ECS`.
    Ecs,
    /// Accounts of a PolarDB cluster: `PolarDB`.
    PolarDb,
    /// A type that came after this version of the crate, in the service's spelling.
    Unknown(String),
}

impl SecretType {
    /// The service's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Generic => "Generic",
            Self::Rds => "Rds",
            Self::Redis => "Redis",
            Self::RamCredentials => "RAMCredentials",
            Self::Ecs => "ECS",
            Self::PolarDb => "PolarDB",
            Self::Unknown(text) => text,
        }
    }
}

impl From<&str> for SecretType {
    fn from(text: &str) -> Self {
        match text {
            "Generic" => Self::Generic,
            "Rds" | "RDS" => Self::Rds,
            "Redis" => Self::Redis,
            "RAMCredentials" => Self::RamCredentials,
            "ECS" => Self::Ecs,
            "PolarDB" => Self::PolarDb,
            unknown => Self::Unknown(unknown.to_owned()),
        }
    }
}

impl From<SecretType> for String {
    fn from(secret_type: SecretType) -> Self {
        match secret_type {
            SecretType::Unknown(text) => text,
            known => known.as_str().to_owned(),
        }
    }
}

impl fmt::Display for SecretType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for SecretType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for SecretType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = SecretType;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a secret type")
            }

            fn visit_str<E>(self, text: &str) -> Result<SecretType, E> {
                Ok(SecretType::from(text))
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_service_comes_back_as_it_went() {
        for name in ["Generic", "Rds", "Redis", "RAMCredentials", "ECS", "PolarDB", "Mainframe", ""]
        {
            assert_eq!(SecretType::from(name).as_str(), name);
        }
        assert!(matches!(SecretType::from("Mainframe"), SecretType::Unknown(_)));
        assert_eq!(SecretType::from("RDS"), SecretType::Rds);
    }
}
