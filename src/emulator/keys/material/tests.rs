//! Keys and signatures of an independent library are read here, and those of the emulator again.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::*;
use crate::emulator::keys::ciphertext::Ciphertext;
use crate::emulator::keys::encryption_context::EncryptionContext;

#[derive(Deserialize)]
struct Fixture {
    aes: Vec<AesCase>,
    digest: String,
    rsa: Vec<BTreeMap<String, String>>,
    ec: Vec<BTreeMap<String, String>>,
    mac: Vec<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct AesCase {
    spec: String,
    key: String,
    context: serde_json::Value,
    text: String,
    blob: String,
}

fn fixture() -> Fixture {
    let text = include_str!("../../../../tests/fixtures/key_material.json");
    serde_json::from_str(text).unwrap()
}

fn bytes(base64: &str) -> Vec<u8> {
    STANDARD.decode(base64).unwrap()
}

#[track_caller]
fn import(spec: &str, material: &str) -> KeyMaterial {
    KeyMaterial::import(&spec.into(), &bytes(material)).ok().unwrap()
}

#[track_caller]
fn generate(spec: &str) -> KeyMaterial {
    KeyMaterial::generate(&spec.into()).ok().unwrap()
}

const RSA_SIGNATURES: [&str; 2] = ["RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256"];
const RSA_ENCRYPTIONS: [&str; 2] = ["RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1"];

#[test]
fn aes_opens_ciphertexts_of_another_library() {
    for case in fixture().aes {
        let key = import(&case.spec, &case.key);
        let context = EncryptionContext::parse(&case.context.to_string()).unwrap();
        let blob = Ciphertext::decode(&case.blob).unwrap();
        let text = key.open(&blob.sealed, &context.additional_data()).unwrap();
        assert_eq!(str::from_utf8(&text).unwrap(), case.text, "{}", case.spec);
    }
}

#[test]
fn aes_opens_only_what_it_sealed() {
    for spec in ["Aliyun_AES_128", "Aliyun_AES_192", "Aliyun_AES_256"] {
        let key = generate(spec);
        let sealed = key.seal(b"fake", b"context").unwrap();
        assert_eq!(sealed.len(), 12 + 4 + 16);
        assert_ne!(sealed, key.seal(b"fake", b"context").unwrap());
        assert_eq!(**key.open(&sealed, b"context").unwrap(), *b"fake");
        for (other, sealed, additional_data) in [
            (&key, &sealed[..], &b"other"[..]),
            (&key, &sealed[..31], b"context"),
            (&key, &sealed[..3], b"context"),
            (&generate(spec), &sealed, b"context"),
        ] {
            let opened = other.open(sealed, additional_data);
            assert_eq!(opened.err(), Some(CryptoError::Malformed));
        }
        for index in 0..sealed.len() {
            let mut tampered = sealed.clone();
            tampered[index] ^= 1;
            assert_eq!(key.open(&tampered, b"context").err(), Some(CryptoError::Malformed));
        }
    }
}

#[test]
fn rsa_reads_ciphertexts_and_signatures_of_another_library() {
    let Fixture { rsa, digest, .. } = fixture();
    let digest = bytes(&digest);
    for case in rsa {
        let key = import(&case["spec"], &case["pkcs8"]);
        assert_eq!(key.public_key().unwrap(), bytes(&case["public_key"]));
        for algorithm in RSA_ENCRYPTIONS {
            let plaintext = key.decrypt(algorithm, &bytes(&case[algorithm])).unwrap();
            assert_eq!(*plaintext, bytes(&case["plaintext"]), "{algorithm}");
        }
        for algorithm in RSA_SIGNATURES {
            let signature = bytes(&case[algorithm]);
            assert_eq!(key.verify(algorithm, &digest, &signature), Ok(true), "{algorithm}");
            assert_eq!(key.verify(algorithm, &[7; 32], &signature), Ok(false), "{algorithm}");
        }
        // PKCS#1 v1.5 is deterministic, so that both libraries must make the same signature.
        let signature = key.sign("RSA_PKCS1_SHA_256", &digest).unwrap();
        assert_eq!(signature, bytes(&case["RSA_PKCS1_SHA_256"]));
    }
}

#[test]
fn generated_rsa_key_encrypts_and_signs() {
    let key = generate("RSA_2048");
    let longest = [("RSAES_OAEP_SHA_256", 190), ("RSAES_OAEP_SHA_1", 214)];
    for (algorithm, longest) in longest {
        let plaintext = vec![7; longest];
        let ciphertext = key.encrypt(algorithm, &plaintext).unwrap();
        assert_eq!(ciphertext.len(), 256);
        assert_eq!(*key.decrypt(algorithm, &ciphertext).unwrap(), plaintext);
        assert_eq!(key.encrypt(algorithm, &vec![7; longest + 1]), Err(CryptoError::TooLong));
        let other = generate("RSA_2048");
        assert_eq!(other.decrypt(algorithm, &ciphertext).err(), Some(CryptoError::Malformed));
        assert_eq!(key.decrypt(algorithm, &[]).err(), Some(CryptoError::Malformed));
    }
    for algorithm in RSA_SIGNATURES {
        let signature = key.sign(algorithm, &[1; 32]).unwrap();
        assert_eq!(signature.len(), 256);
        assert_eq!(key.verify(algorithm, &[1; 32], &signature), Ok(true));
        assert_eq!(key.verify(algorithm, &[1; 32], &signature[1..]), Ok(false));
        assert_eq!(key.sign(algorithm, &[1; 20]), Err(CryptoError::Malformed));
    }
}

#[test]
fn ec_verifies_signatures_of_another_library() {
    let Fixture { ec, digest, .. } = fixture();
    let digest = bytes(&digest);
    for case in ec {
        let key = import(&case["spec"], &case["pkcs8"]);
        assert_eq!(key.public_key().unwrap(), bytes(&case["public_key"]));
        let signature = bytes(&case["ECDSA_SHA_256"]);
        assert_eq!(key.verify("ECDSA_SHA_256", &digest, &signature), Ok(true));
        assert_eq!(key.verify("ECDSA_SHA_256", &[7; 32], &signature), Ok(false));
        assert_eq!(key.verify("ECDSA_SHA_256", &digest, &[]), Ok(false));
        let signature = key.sign("ECDSA_SHA_256", &digest).unwrap();
        // DER: SEQUENCE { INTEGER r, INTEGER s }.
        assert_eq!((signature[0], signature[2]), (0x30, 0x02));
        assert_eq!(key.verify("ECDSA_SHA_256", &digest, &signature), Ok(true));
    }
}

#[test]
fn mac_is_that_of_another_library() {
    for case in fixture().mac {
        let spec = &case["spec"];
        let key = import(spec, &case["key"]);
        let (message, mac) = (bytes(&case["message"]), bytes(&case["mac"]));
        assert_eq!(key.mac(spec, &message), Ok(mac.clone()), "{spec}");
        assert_eq!(key.verify_mac(spec, &message, &mac), Ok(true));
        assert_eq!(key.verify_mac(spec, &message, &mac[1..]), Ok(false));
        assert_eq!(key.verify_mac(spec, b"other", &mac), Ok(false));
        assert_eq!(generate(spec).verify_mac(spec, &message, &mac), Ok(false));
        assert_eq!(key.mac("HMAC_SM3", &message), Err(CryptoError::WrongAlgorithm));
    }
}

#[test]
fn key_of_another_type_or_algorithm_is_rejected() {
    let (aes, ec, rsa) = (generate("Aliyun_AES_256"), generate("EC_P256K"), generate("RSA_2048"));
    let wrong_type = CryptoError::WrongKeyType;
    assert_eq!(ec.seal(b"", b"").err(), Some(wrong_type));
    assert_eq!(rsa.open(b"", b"").err(), Some(wrong_type));
    assert_eq!(ec.encrypt("RSAES_OAEP_SHA_1", b"").err(), Some(wrong_type));
    assert_eq!(aes.decrypt("RSAES_OAEP_SHA_1", b"").err(), Some(wrong_type));
    assert_eq!(aes.sign("ECDSA_SHA_256", &[0; 32]).err(), Some(wrong_type));
    assert_eq!(aes.verify("ECDSA_SHA_256", &[0; 32], b"").err(), Some(wrong_type));
    assert_eq!(ec.mac("HMAC_SHA_256", b"").err(), Some(wrong_type));
    assert_eq!(aes.verify_mac("HMAC_SHA_256", b"", b"").err(), Some(wrong_type));
    assert_eq!(aes.public_key().err(), Some(wrong_type));
    let wrong_algorithm = CryptoError::WrongAlgorithm;
    assert_eq!(ec.sign("RSA_PSS_SHA_256", &[0; 32]).err(), Some(wrong_algorithm));
    assert_eq!(ec.sign("SM2DSA", &[0; 32]).err(), Some(wrong_algorithm));
    assert_eq!(rsa.sign("ECDSA_SHA_256", &[0; 32]).err(), Some(wrong_algorithm));
    assert_eq!(rsa.encrypt("SM2PKE", b"").err(), Some(wrong_algorithm));
}

#[test]
fn specification_that_is_not_emulated_is_reported() {
    for spec in ["EC_SM2", "Aliyun_SM4", "HMAC_SM3", "AES_256", ""] {
        let not_emulated = Some(CryptoError::NotEmulated);
        assert_eq!(KeyMaterial::generate(&spec.into()).err(), not_emulated, "{spec}");
        assert_eq!(KeyMaterial::import(&spec.into(), &[0; 32]).err(), not_emulated, "{spec}");
    }
}

#[test]
fn only_material_of_the_specification_is_imported() {
    let fixture = fixture();
    let pkcs8 = |case: &BTreeMap<String, String>| bytes(&case["pkcs8"]);
    let (rsa, ec) = (pkcs8(&fixture.rsa[0]), pkcs8(&fixture.ec[0]));
    for (spec, material) in [
        ("Aliyun_AES_256", vec![7; 31]),
        ("Aliyun_AES_192", vec![7; 32]),
        ("HMAC_SHA_512", vec![7; 32]),
        ("RSA_3072", rsa.clone()),
        ("RSA_2048", ec.clone()),
        ("RSA_2048", rsa[1..].to_vec()),
        ("EC_P256K", ec.clone()),
        ("EC_P256", rsa.clone()),
        ("EC_P256", Vec::new()),
    ] {
        let imported = KeyMaterial::import(&spec.into(), &material);
        assert_eq!(imported.err(), Some(CryptoError::Malformed), "{spec}");
    }
}

#[test]
fn same_material_is_recognized() {
    let fixture = fixture();
    let symmetric = [("Aliyun_AES_256", vec![7; 32]), ("HMAC_SHA_256", vec![7; 32])];
    let asymmetric = [&fixture.rsa[0], &fixture.ec[0], &fixture.ec[1]]
        .map(|case| (case["spec"].as_str(), bytes(&case["pkcs8"])));
    let materials: Vec<_> = symmetric.into_iter().chain(asymmetric).collect();
    for (one_spec, one) in &materials {
        for (other_spec, other) in &materials {
            let one = KeyMaterial::import(&(*one_spec).into(), one).ok().unwrap();
            let other = KeyMaterial::import(&(*other_spec).into(), other).ok().unwrap();
            assert_eq!(one.is_same(&other), one_spec == other_spec, "{one_spec} {other_spec}");
        }
        assert!(!generate(one_spec).is_same(&generate(one_spec)), "{one_spec}");
    }
}

#[test]
fn wrapped_material_is_unwrapped() {
    use aws_lc_rs::cipher::{AES_256, PaddedBlockEncryptingKey, UnboundCipherKey};
    use aws_lc_rs::rsa::{Pkcs1PublicEncryptingKey, PublicEncryptingKey};

    for algorithm in RSA_ENCRYPTIONS {
        let key = WrappingKey::generate("RSA_2048", algorithm).ok().unwrap();
        let wrapped = wrap(key.public_key_der(), algorithm, &[7; 32]).unwrap();
        assert_eq!(**key.unwrap(&wrapped).unwrap(), [7; 32]);
        assert_eq!(key.unwrap(&wrapped[1..]), Err(CryptoError::Malformed));
        assert_eq!(key.unwrap(&[]), Err(CryptoError::Malformed));
    }

    let key = WrappingKey::generate("RSA_2048", "RSAES_PKCS1_V1_5").ok().unwrap();
    let public_key = PublicEncryptingKey::from_der(key.public_key_der()).unwrap();
    let public_key = Pkcs1PublicEncryptingKey::new(public_key).unwrap();
    let mut wrapped = [0; 256];
    public_key.encrypt(&[7; 32], &mut wrapped).unwrap();
    assert_eq!(**key.unwrap(&wrapped).unwrap(), [7; 32]);

    let hybrid = "RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD";
    let key = WrappingKey::generate("RSA_2048", hybrid).ok().unwrap();
    let wrap_hybrid = |aes_key: &[u8]| {
        let wrapped_key = wrap(key.public_key_der(), "RSAES_OAEP_SHA_256", aes_key).unwrap();
        let cipher = UnboundCipherKey::new(&AES_256, &[1; 32]).unwrap();
        let mut material = vec![7; 1_000];
        let cipher = PaddedBlockEncryptingKey::ecb_pkcs7(cipher).unwrap();
        cipher.encrypt(&mut material).unwrap();
        [wrapped_key, material].concat()
    };
    let wrapped = wrap_hybrid(&[1; 32]);
    assert_eq!(**key.unwrap(&wrapped).unwrap(), [7; 1_000]);
    for wrong in [&wrapped[..256], &wrapped[..255], &wrapped[..300], &wrap_hybrid(&[1; 16])] {
        assert_eq!(key.unwrap(wrong), Err(CryptoError::Malformed));
    }

    assert_eq!(WrappingKey::generate("EC_SM2", "SM2PKE").err(), Some(CryptoError::NotEmulated));
    assert_eq!(
        WrappingKey::generate("RSA_2048", "SM2PKE").err(),
        Some(CryptoError::WrongAlgorithm)
    );
}
