//! How KMS logs in with a managed secret.

use super::open_enum::open_enum;

open_enum! {
    /// How many accounts a managed secret has, or of which form its login is: `SecretSubType` of the service.
    pub enum SecretSubType ("the name of a secret sub-type") {
        /// One account, whose password is set anew: `SingleUser`, for [`Rds`](crate::secrets::SecretType::Rds).
        SingleUser = "SingleUser",
        /// Two accounts, the current one and the one before, that take turns: `DoubleUsers`, for
        /// [`Rds`](crate::secrets::SecretType::Rds), [`Redis`](crate::secrets::SecretType::Redis) and [`PolarDb`](crate::secrets::SecretType::PolarDb).
        DoubleUsers = "DoubleUsers",
        /// The access keys of a RAM user: `RamUserAccessKey`, for [`RamCredentials`](crate::secrets::SecretType::RamCredentials).
        RamUserAccessKey = "RamUserAccessKey",
        /// A password: `Password`, for [`Ecs`](crate::secrets::SecretType::Ecs).
        Password = "Password",
        /// A pair of SSH keys: `SSHKey`, for [`Ecs`](crate::secrets::SecretType::Ecs).
        SshKey = "SSHKey",
        ..
        /// A sub-type that came after this version of the crate, in the service's spelling.
        Unknown,
    }
}
