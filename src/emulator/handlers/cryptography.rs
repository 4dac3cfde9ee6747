//! The operations of cryptography, one file each, and what they have in common.

pub(super) mod asymmetric_decrypt;
pub(super) mod asymmetric_encrypt;
pub(super) mod asymmetric_sign;
pub(super) mod asymmetric_verify;
pub(super) mod decrypt;
pub(super) mod encrypt;
pub(super) mod export_data_key;
pub(super) mod generate_and_export_data_key;
pub(super) mod generate_data_key;
pub(super) mod generate_mac;
pub(super) mod get_public_key;
pub(super) mod re_encrypt;
pub(super) mod verify_mac;

mod asymmetric;
mod data_key;
mod encoding;
mod export;
mod symmetric;
mod used_key;

#[cfg(test)]
mod tests;
