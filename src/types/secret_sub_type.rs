//! The logins of managed secrets.

use super::open_enum::open_enum;

open_enum! {
    /// The number of accounts of a managed secret, or the form of its login: `SecretSubType` of the
    /// service.
    pub enum SecretSubType ("the name of a secret sub-type") {
        /// One account, which gets a new password at each rotation: `SingleUser`, for
        /// [`Rds`](crate::secrets::SecretType::Rds).
        SingleUser = "SingleUser",
        /// Two accounts, one of which is current until the next rotation: `DoubleUsers`, for
        /// [`Rds`](crate::secrets::SecretType::Rds),
        /// [`Redis`](crate::secrets::SecretType::Redis) and
        /// [`PolarDb`](crate::secrets::SecretType::PolarDb).
        DoubleUsers = "DoubleUsers",
        /// Access keys of a RAM user: `RamUserAccessKey`, for
        /// [`RamCredentials`](crate::secrets::SecretType::RamCredentials).
        RamUserAccessKey = "RamUserAccessKey",
        /// A password: `Password`, for [`Ecs`](crate::secrets::SecretType::Ecs).
        Password = "Password",
        /// An SSH key pair: `SSHKey`, for [`Ecs`](crate::secrets::SecretType::Ecs).
        SshKey = "SSHKey",
        ..
        /// A sub-type that this version of the crate does not know, in the service's spelling.
        Unknown,
    }
}
