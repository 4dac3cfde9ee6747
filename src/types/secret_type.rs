//! What kind of thing a secret opens.

use super::open_enum::open_enum;

open_enum! {
    /// What a secret opens, and with it who rotates it: `SecretType` of the service.
    ///
    /// <https://www.alibabacloud.com/help/en/kms/key-management-service/user-guide/overview-of-secrets-manager>
    ///
    /// ```
    /// use alibabacloud_kms::secrets::SecretType;
    ///
    /// assert_eq!(SecretType::from("RAMCredentials"), SecretType::RamCredentials);
    /// assert_eq!(SecretType::from("Mainframe").as_str(), "Mainframe");
    /// ```
    pub enum SecretType ("the name of a secret type") {
        /// Any text or bytes, rotated by whoever put it there: `Generic`.
        Generic = "Generic",
        /// Accounts of an ApsaraDB RDS instance: `Rds`, in some texts of the service `RDS`.
        Rds = "Rds" | "RDS",
        /// Accounts of a Redis instance: `Redis`.
        Redis = "Redis",
        /// The access keys of a RAM user: `RAMCredentials`.
        RamCredentials = "RAMCredentials",
        /// A password or key pair of an ECS instance: `ECS`.
        Ecs = "ECS",
        /// Accounts of a PolarDB cluster: `PolarDB`.
        PolarDb = "PolarDB",
        ..
        /// A type that came after this version of the crate, in the service's spelling.
        Unknown,
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
            assert_eq!(String::from(SecretType::from(name.to_owned())), name);
        }
        assert!(matches!(SecretType::from("Mainframe"), SecretType::Unknown(_)));
        assert_eq!(SecretType::from("RDS"), SecretType::Rds);
        assert_eq!("RAMCredentials".parse(), Ok(SecretType::RamCredentials));
    }
}
