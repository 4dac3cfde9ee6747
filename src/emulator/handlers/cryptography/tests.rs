//! The operations of cryptography together: what one returns is the parameter of another.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::*;
use crate::emulator::handlers::test_account::TestAccount;
use crate::emulator::handlers::{
    Handler, create_alias, create_key_version, disable_key, enable_key, list_key_versions,
};

impl TestAccount {
    /// Returns a field of a response that must be a success.
    #[track_caller]
    fn field(&mut self, handle: Handler, parameters: &[(&str, &str)], field: &str) -> String {
        text(&self.call(handle, parameters).unwrap(), field)
    }

    #[track_caller]
    fn encrypt(&mut self, key_id: &str, plaintext: &str) -> String {
        let parameters = [("KeyId", key_id), ("Plaintext", plaintext)];
        self.field(encrypt::handle, &parameters, "CiphertextBlob")
    }

    #[track_caller]
    fn decrypt(&mut self, blob: &str) -> String {
        self.field(decrypt::handle, &[("CiphertextBlob", blob)], "Plaintext")
    }

    fn decrypt_code(&mut self, blob: &str) -> String {
        self.code(decrypt::handle, &[("CiphertextBlob", blob)])
    }

    /// Creates a key of this usage in an instance, and returns its id and that of its version.
    fn asymmetric_key(&mut self, spec: &str, usage: &str) -> (String, String) {
        let key =
            self.key(&[("DKMSInstanceId", "kst-fake"), ("KeySpec", spec), ("KeyUsage", usage)]);
        let versions = self.call(list_key_versions::handle, &[("KeyId", &key)]).unwrap();
        let version = text(&versions["KeyVersions"]["KeyVersion"][0], "KeyVersionId");
        (key, version)
    }
}

#[track_caller]
fn text(response: &Value, field: &str) -> String {
    response[field].as_str().unwrap_or_else(|| panic!("{field} in {response}")).to_owned()
}

fn base64_of_pem(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn text_is_encrypted_as_it_is() {
    let mut account = TestAccount::new();
    let key = account.key(&[]);
    for plaintext in ["ZmFrZQ==", "foo", "plaintext", "é", "", &"x".repeat(8_192)] {
        let blob = account.encrypt(&key, plaintext);
        assert_eq!(STANDARD.decode(&blob).unwrap().len(), 36 + 12 + plaintext.len() + 16);
        assert_ne!(blob, account.encrypt(&key, plaintext));
        assert_eq!(account.decrypt(&blob), plaintext);
    }
    let too_long = [("KeyId", &*key), ("Plaintext", &"x".repeat(8_193))];
    assert_eq!(account.code(encrypt::handle, &too_long), "InvalidParameter");
}

#[test]
fn response_names_the_key_and_its_version() {
    let mut account = TestAccount::new();
    let key = account.key(&[]);
    account.call(create_alias::handle, &[("KeyId", &key), ("AliasName", "alias/a")]).unwrap();
    let arn = text(&account.describe(&key), "Arn");
    let version = text(&account.describe(&key), "PrimaryKeyVersion");
    for name in [&*key, "alias/a", &arn] {
        let parameters = [("KeyId", name), ("Plaintext", "foo")];
        let encrypted = account.call(encrypt::handle, &parameters).unwrap();
        let blob = text(&encrypted, "CiphertextBlob");
        let decrypted = account.call(decrypt::handle, &[("CiphertextBlob", &blob)]).unwrap();
        for response in [encrypted, decrypted] {
            assert_eq!(text(&response, "KeyId"), key);
            assert_eq!(text(&response, "KeyVersionId"), version);
        }
    }
    let unknown = [("KeyId", "alias/b"), ("Plaintext", "foo")];
    assert_eq!(account.code(encrypt::handle, &unknown), "Forbidden.AliasNotFound");
}

#[test]
fn ciphertext_is_bound_to_its_context() {
    let mut account = TestAccount::new();
    let key = account.key(&[]);
    let with_context = [
        ("KeyId", &*key),
        ("Plaintext", "foo"),
        ("EncryptionContext", r#"{"tenant":"7","zone":"a"}"#),
    ];
    let blob = account.field(encrypt::handle, &with_context, "CiphertextBlob");
    let mut code = |context: &str| {
        let parameters = [("CiphertextBlob", &*blob), ("EncryptionContext", context)];
        account.code(decrypt::handle, &parameters)
    };
    assert_eq!(code(r#"{ "zone": "a", "tenant": "7" }"#), "ok");
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(8_185));
    for other in ["", "{}", r#"{"tenant":"7"}"#, r#"{"tenant":7,"zone":"a"}"#, "tenant", &long] {
        assert_eq!(code(other), "InvalidParameter", "{other}");
    }
    assert_eq!(account.decrypt_code(&blob), "InvalidParameter");
    let empty_context = [("KeyId", &*key), ("Plaintext", "foo"), ("EncryptionContext", "")];
    let blob = account.field(encrypt::handle, &empty_context, "CiphertextBlob");
    assert_eq!(account.decrypt(&blob), "foo");
}

#[test]
fn tampered_or_foreign_ciphertext_is_rejected() {
    let mut account = TestAccount::new();
    let key = account.key(&[]);
    let blob = account.encrypt(&key, "foo");
    let mut bytes = STANDARD.decode(&blob).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    for malformed in ["", "foo", &STANDARD.encode(&bytes), &STANDARD.encode(&bytes[..63])] {
        assert_eq!(account.decrypt_code(malformed), "InvalidParameter", "{malformed}");
    }
    bytes[0] ^= 1;
    for foreign in [STANDARD.encode(&bytes), STANDARD.encode(&blob)] {
        assert_eq!(account.decrypt_code(&foreign), "Forbidden.KeyNotFound");
    }
    // The version of another key, under which the ciphertext was not made.
    let other = account.key(&[]);
    let version = text(&account.describe(&other), "PrimaryKeyVersion");
    let moved = [version.as_bytes(), &STANDARD.decode(&blob).unwrap()[36..]].concat();
    assert_eq!(account.decrypt_code(&STANDARD.encode(moved)), "InvalidParameter");
}

#[test]
fn every_version_decrypts_what_it_encrypted() {
    let mut account = TestAccount::new();
    let key = account.instance_key("Aliyun_AES_256");
    let before = account.encrypt(&key, "foo");
    account.call(create_key_version::handle, &[("KeyId", &key)]).unwrap();
    let after = account.encrypt(&key, "foo");
    assert_ne!(before[..48], after[..48], "the versions are the same");
    assert_eq!((account.decrypt(&before), account.decrypt(&after)), ("foo".into(), "foo".into()));
}

#[test]
fn state_of_the_key_decides() {
    let mut account = TestAccount::new();
    let enabled = account.key(&[]);
    let blob = account.encrypt(&enabled, "foo");
    account.call(disable_key::handle, &[("KeyId", &enabled)]).unwrap();
    assert_eq!(account.decrypt_code(&blob), "Rejected.Disabled");
    account.call(enable_key::handle, &[("KeyId", &enabled)]).unwrap();
    assert_eq!(account.decrypt_code(&blob), "ok");
    account.schedule_deletion(&enabled);
    assert_eq!(account.decrypt_code(&blob), "Rejected.PendingDeletion");
    account.advance_days(7);
    assert_eq!(account.decrypt_code(&blob), "Forbidden.KeyNotFound");

    for state in ["Disabled", "PendingDeletion", "PendingImport"] {
        let key = account.key_in_state(state);
        let parameters = [
            ("KeyId", &*key),
            ("KeyVersionId", "v"),
            ("Algorithm", "a"),
            ("Plaintext", "AAAA"),
            ("CiphertextBlob", "AAAA"),
            ("Digest", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            ("Value", "AAAA"),
            ("Message", "AAAA"),
            ("Mac", "AAAA"),
            ("PublicKeyBlob", "AAAA"),
            ("WrappingKeySpec", "RSA_2048"),
            ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
        ];
        let operations: [Handler; 10] = [
            encrypt::handle,
            generate_data_key::handle,
            generate_data_key::handle_without_plaintext,
            generate_and_export_data_key::handle,
            asymmetric_encrypt::handle,
            asymmetric_decrypt::handle,
            asymmetric_sign::handle,
            asymmetric_verify::handle,
            generate_mac::handle,
            verify_mac::handle,
        ];
        for handle in operations {
            assert_eq!(account.code(handle, &parameters), format!("Rejected.{state}"));
        }
    }
}

#[test]
fn data_key_has_the_requested_length() {
    let mut account = TestAccount::new();
    let key = account.key(&[]);
    for (more, len) in [
        (&[][..], 32),
        (&[("KeySpec", "AES_128")], 16),
        (&[("KeySpec", "AES_256")], 32),
        (&[("KeySpec", "AES_256"), ("NumberOfBytes", "1")], 1),
        (&[("NumberOfBytes", "1024")], 1_024),
    ] {
        let parameters = [&[("KeyId", &*key)], more].concat();
        let response = account.call(generate_data_key::handle, &parameters).unwrap();
        let plaintext = text(&response, "Plaintext");
        assert_eq!(STANDARD.decode(&plaintext).unwrap().len(), len);
        assert_eq!(account.decrypt(&text(&response, "CiphertextBlob")), plaintext);

        let handle = generate_data_key::handle_without_plaintext;
        let response = account.call(handle, &parameters).unwrap();
        assert_eq!(response.get("Plaintext"), None);
        let plaintext = account.decrypt(&text(&response, "CiphertextBlob"));
        assert_eq!(STANDARD.decode(&plaintext).unwrap().len(), len);
    }
    for wrong in [("KeySpec", "AES_192"), ("NumberOfBytes", "0"), ("NumberOfBytes", "1025")] {
        let parameters = [("KeyId", &*key), wrong];
        assert_eq!(account.code(generate_data_key::handle, &parameters), "InvalidParameter");
    }
}

#[test]
fn exported_data_key_is_the_encrypted_one() {
    let mut account = TestAccount::new();
    let symmetric = account.key(&[]);
    let (rsa, version) = account.asymmetric_key("RSA_2048", "ENCRYPT/DECRYPT");
    let rsa_version = [("KeyId", &*rsa), ("KeyVersionId", &*version)];
    let pem = account.field(get_public_key::handle, &rsa_version, "PublicKey");
    let public_key = base64_of_pem(&pem);
    for algorithm in ["RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1"] {
        let wrapping = [
            ("PublicKeyBlob", &*public_key),
            ("WrappingKeySpec", "RSA_2048"),
            ("WrappingAlgorithm", algorithm),
        ];
        let parameters = [&[("KeyId", &*symmetric)], &wrapping[..]].concat();
        let generated = account.call(generate_and_export_data_key::handle, &parameters).unwrap();
        let blob = text(&generated, "CiphertextBlob");
        let data_key = account.decrypt(&blob);
        let parameters = [&[("CiphertextBlob", &*blob)], &wrapping[..]].concat();
        let again = account.field(export_data_key::handle, &parameters, "ExportedDataKey");
        for exported in [text(&generated, "ExportedDataKey"), again] {
            let algorithm = ("Algorithm", algorithm);
            let ciphertext = ("CiphertextBlob", &*exported);
            let parameters = [rsa_version[0], rsa_version[1], algorithm, ciphertext];
            let bytes = account.field(asymmetric_decrypt::handle, &parameters, "Plaintext");
            assert_eq!(bytes, data_key);
            let parameters = [
                ("SourceKeyId", &*rsa),
                ("SourceKeyVersionId", &version),
                ("SourceEncryptionAlgorithm", algorithm.1),
                ("DestinationKeyId", &symmetric),
                ciphertext,
            ];
            let blob = account.field(re_encrypt::handle, &parameters, "CiphertextBlob");
            assert_eq!(account.decrypt(&blob), data_key);
        }
    }
    let mut code = |name, value| {
        let mut parameters = vec![
            ("KeyId", &*symmetric),
            ("PublicKeyBlob", &public_key),
            ("WrappingKeySpec", "RSA_2048"),
            ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
        ];
        parameters.retain(|(known, _)| *known != name);
        parameters.push((name, value));
        account.code(generate_and_export_data_key::handle, &parameters)
    };
    assert_eq!(code("NumberOfBytes", "190"), "ok");
    assert_eq!(code("NumberOfBytes", "191"), "InvalidParameter");
    assert_eq!(code("PublicKeyBlob", "AAAA"), "InvalidParameter");
    assert_eq!(code("WrappingAlgorithm", "SM2PKE"), "InvalidParameter");
    assert_eq!(code("WrappingKeySpec", "RSA_3072"), "InvalidParameter");
    assert_eq!(code("WrappingKeySpec", "EC_SM2"), "UnsupportedOperation");
}

#[test]
fn re_encryption_changes_key_and_context() {
    let mut account = TestAccount::new();
    let (source, destination) = (account.key(&[]), account.key(&[]));
    let context = r#"{"a":"1"}"#;
    let parameters = [("KeyId", &*source), ("Plaintext", "foo"), ("EncryptionContext", context)];
    let blob = account.field(encrypt::handle, &parameters, "CiphertextBlob");
    let destination_context = ("DestinationEncryptionContext", r#"{"b":"2"}"#);
    let parameters = [
        ("CiphertextBlob", &*blob),
        ("SourceEncryptionContext", context),
        ("DestinationKeyId", &destination),
        destination_context,
    ];
    let response = account.call(re_encrypt::handle, &parameters).unwrap();
    assert_eq!(text(&response, "KeyId"), source);
    let blob = text(&response, "CiphertextBlob");
    let parameters = [("CiphertextBlob", &*blob), ("EncryptionContext", destination_context.1)];
    let response = account.call(decrypt::handle, &parameters).unwrap();
    assert_eq!(
        (text(&response, "Plaintext"), text(&response, "KeyId")),
        ("foo".into(), destination)
    );
}

#[test]
fn re_encryption_by_an_alias_is_rejected() {
    let mut account = TestAccount::new();
    let key = account.key(&[]);
    account.call(create_alias::handle, &[("KeyId", &key), ("AliasName", "alias/a")]).unwrap();
    let blob = account.encrypt(&key, "foo");
    let mut code = |destination| {
        let parameters = [("CiphertextBlob", &*blob), ("DestinationKeyId", destination)];
        account.code(re_encrypt::handle, &parameters)
    };
    assert_eq!((code(&*key), code("alias/a")), ("ok".into(), "Unsupported.Alias".into()));
}

#[test]
fn signing_key_decrypts_nothing() {
    let mut account = TestAccount::new();
    let destination = account.key(&[]);
    let (key, version) = account.asymmetric_key("RSA_2048", "SIGN/VERIFY");
    let names = [("KeyId", &*key), ("KeyVersionId", &*version)];
    let pem = account.field(get_public_key::handle, &names, "PublicKey");
    let export = [
        ("KeyId", &*destination),
        ("PublicKeyBlob", &*base64_of_pem(&pem)),
        ("WrappingKeySpec", "RSA_2048"),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
    ];
    let exported = account.field(generate_and_export_data_key::handle, &export, "ExportedDataKey");
    let ciphertext = ("CiphertextBlob", &*exported);
    let decrypt = [names[0], names[1], ("Algorithm", "RSAES_OAEP_SHA_256"), ciphertext];
    let re_encrypt = [
        ("SourceKeyId", &*key),
        ("SourceKeyVersionId", &version),
        ("SourceEncryptionAlgorithm", "RSAES_OAEP_SHA_256"),
        ("DestinationKeyId", &destination),
        ciphertext,
    ];
    for (handle, parameters) in
        [(asymmetric_decrypt::handle as Handler, &decrypt[..]), (re_encrypt::handle, &re_encrypt)]
    {
        assert_eq!(account.code(handle, parameters), "Rejected.UnsupportedOperation");
    }
}

#[test]
fn signature_is_that_of_the_digest() {
    let mut account = TestAccount::new();
    let [digest, other] = [[7; 32], [8; 32]].map(|digest| STANDARD.encode(digest));
    for (spec, algorithms) in [
        ("RSA_2048", &["RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256"][..]),
        ("EC_P256", &["ECDSA_SHA_256"]),
        ("EC_P256K", &["ECDSA_SHA_256"]),
    ] {
        let (key, version) = account.asymmetric_key(spec, "SIGN/VERIFY");
        for algorithm in algorithms {
            let names = [("KeyId", &*key), ("KeyVersionId", &version), ("Algorithm", algorithm)];
            let sign = [&names[..], &[("Digest", &digest)]].concat();
            let value = account.field(asymmetric_sign::handle, &sign, "Value");
            for (digest, expected) in [(&digest, true), (&other, false)] {
                let verify = [&names[..], &[("Digest", digest), ("Value", &value)]].concat();
                let response = account.call(asymmetric_verify::handle, &verify).unwrap();
                assert_eq!(response["Value"], expected, "{algorithm}");
            }
            let short = [&names[..], &[("Digest", "AAAA")]].concat();
            assert_eq!(account.code(asymmetric_sign::handle, &short), "InvalidParameter");
        }
        let sign = |algorithm, version_id| {
            let names = [("KeyId", &*key), ("KeyVersionId", version_id), ("Algorithm", algorithm)];
            [&names[..], &[("Digest", &digest)]].concat()
        };
        let mut code = |parameters: &[_]| account.code(asymmetric_sign::handle, parameters);
        assert_eq!(code(&sign("SM2DSA", &version)), "InvalidParameter");
        assert_eq!(code(&sign(algorithms[0], "none")), "Forbidden.KeyVersionNotFound");
    }
}

#[test]
fn asymmetric_plaintext_is_decoded() {
    let mut account = TestAccount::new();
    let (key, version) = account.asymmetric_key("RSA_2048", "ENCRYPT/DECRYPT");
    let names =
        [("KeyId", &*key), ("KeyVersionId", &*version), ("Algorithm", "RSAES_OAEP_SHA_256")];
    // 190 bytes are the most, and their Base64 has more characters.
    let longest = STANDARD.encode([7; 190]);
    let parameters = [&names[..], &[("Plaintext", &*longest)]].concat();
    let blob = account.field(asymmetric_encrypt::handle, &parameters, "CiphertextBlob");
    assert_eq!(STANDARD.decode(&blob).unwrap().len(), 256);
    let parameters = [&names[..], &[("CiphertextBlob", &*blob)]].concat();
    let response = account.call(asymmetric_decrypt::handle, &parameters).unwrap();
    assert_eq!(text(&response, "Plaintext"), longest);
    assert_eq!(
        (text(&response, "KeyId"), text(&response, "KeyVersionId")),
        (key.clone(), version.clone())
    );
    for plaintext in [STANDARD.encode([7; 191]), "not base64".to_owned()] {
        let parameters = [&names[..], &[("Plaintext", &*plaintext)]].concat();
        assert_eq!(account.code(asymmetric_encrypt::handle, &parameters), "InvalidParameter");
    }
    for blob in [STANDARD.encode([7; 256]), STANDARD.encode([7; 255]), String::new()] {
        let parameters = [&names[..], &[("CiphertextBlob", &*blob)]].concat();
        assert_eq!(account.code(asymmetric_decrypt::handle, &parameters), "InvalidParameter");
    }
}

#[test]
fn key_of_another_usage_is_rejected() {
    let mut account = TestAccount::new();
    let symmetric = account.key(&[]);
    let (signing, version) = account.asymmetric_key("RSA_2048", "SIGN/VERIFY");
    let (encrypting, _) = account.asymmetric_key("RSA_2048", "ENCRYPT/DECRYPT");
    let mut code = |handle: Handler, key: &str| {
        let parameters = [
            ("KeyId", key),
            ("KeyVersionId", &*version),
            ("Algorithm", "a"),
            ("Plaintext", "AAAA"),
            ("Digest", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            ("Message", "AAAA"),
        ];
        account.code(handle, &parameters)
    };
    assert_eq!(code(encrypt::handle, &encrypting), "UnsupportedOperation");
    assert_eq!(code(generate_data_key::handle, &signing), "UnsupportedOperation");
    assert_eq!(code(asymmetric_sign::handle, &encrypting), "UnsupportedOperation");
    assert_eq!(code(asymmetric_sign::handle, &symmetric), "UnsupportedOperation");
    assert_eq!(code(generate_mac::handle, &symmetric), "UnsupportedOperation");
    for key in [&symmetric, &signing] {
        let expected = "Rejected.UnsupportedOperation";
        assert_eq!(code(asymmetric_encrypt::handle, key), expected);
    }
}

#[test]
fn public_key_is_pem_in_lines_of_64() {
    let mut account = TestAccount::new();
    for spec in ["RSA_2048", "EC_P256", "EC_P256K"] {
        let (key, version) = account.asymmetric_key(spec, "SIGN/VERIFY");
        // Reading is allowed in every state.
        account.call(disable_key::handle, &[("KeyId", &key)]).unwrap();
        let parameters = [("KeyId", &*key), ("KeyVersionId", &version)];
        let pem = account.field(get_public_key::handle, &parameters, "PublicKey");
        let body = pem.strip_prefix("-----BEGIN PUBLIC KEY-----\n").unwrap();
        let body = body.strip_suffix("\n-----END PUBLIC KEY-----\n").unwrap();
        let lines: Vec<_> = body.split('\n').collect();
        assert!(lines.iter().rev().skip(1).all(|line| line.len() == 64), "{pem}");
        assert!(STANDARD.decode(lines.concat()).is_ok(), "{pem}");
        let unknown = [("KeyId", &*key), ("KeyVersionId", "none")];
        let code = account.code(get_public_key::handle, &unknown);
        assert_eq!(code, "Forbidden.KeyVersionNotFound");
    }
    let symmetric = account.key(&[]);
    let version = text(&account.describe(&symmetric), "PrimaryKeyVersion");
    let parameters = [("KeyId", &*symmetric), ("KeyVersionId", &version)];
    assert_eq!(account.code(get_public_key::handle, &parameters), "UnsupportedOperation");
}

#[test]
fn mac_is_that_of_the_message() {
    let mut account = TestAccount::new();
    for (algorithm, len) in
        [("HMAC_SHA_224", 28), ("HMAC_SHA_256", 32), ("HMAC_SHA_384", 48), ("HMAC_SHA_512", 64)]
    {
        let key = account.instance_key(algorithm);
        let names = [("KeyId", &*key), ("Algorithm", algorithm)];
        let parameters = [&names[..], &[("Message", "MTIzNA==")]].concat();
        let response = account.call(generate_mac::handle, &parameters).unwrap();
        assert_eq!(text(&response, "Algorithm"), algorithm);
        let mac = text(&response, "Mac");
        assert_eq!(STANDARD.decode(&mac).unwrap().len(), len);
        for (message, expected) in [("MTIzNA==", true), ("MTIzNQ==", false)] {
            let parameters = [&names[..], &[("Message", message), ("Mac", &mac)]].concat();
            let response = account.call(verify_mac::handle, &parameters).unwrap();
            assert_eq!(response["Value"], expected);
        }
        let other = [("KeyId", &*key), ("Algorithm", "HMAC_SM3"), ("Message", "MTIzNA==")];
        assert_eq!(account.code(generate_mac::handle, &other), "InvalidParameter");
    }
}
