//! The types of secrets.

use super::open_enum::open_enum;

open_enum! {
    /// The kind of thing that a secret gives access to, which also decides who rotates it:
    /// `SecretType` of the service.
    ///
    /// <https://www.alibabacloud.com/help/en/kms/key-management-service/user-guide/overview-of-secrets-manager>
    ///
    /// ```
    /// use alibabacloud_kms::secrets::SecretType;
    ///
    /// assert_eq!(SecretType::from("ramcredentials"), SecretType::RamCredentials);
    /// assert_eq!(SecretType::RamCredentials, "RAMCredentials");
    /// assert_eq!(SecretType::from("Mainframe").as_str(), "Mainframe");
    /// ```
    pub enum SecretType ("the name of a secret type") {
        /// Any text or bytes, rotated by its owner: `Generic`.
        Generic = "Generic",
        /// Accounts of an ApsaraDB RDS instance: `Rds`, also spelt `RDS` by the service.
        Rds = "Rds",
        /// Accounts of a Redis instance: `Redis`.
        Redis = "Redis",
        /// Access keys of a RAM user: `RAMCredentials`.
        RamCredentials = "RAMCredentials",
        /// A password or an SSH key pair of an ECS instance: `ECS`.
        Ecs = "ECS",
        /// Accounts of a PolarDB cluster: `PolarDB`.
        PolarDb = "PolarDB",
        ..
        /// A type that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_names_are_known() {
        for name in ["Generic", "Rds", "Redis", "RAMCredentials", "ECS", "PolarDB"] {
            let secret_type = SecretType::from(name);
            assert!(!matches!(secret_type, SecretType::Unknown(_)), "{name}");
            assert_eq!(secret_type, name);
        }
        assert_eq!(SecretType::from("RDS"), SecretType::Rds);
    }
}
