//! A scan of the process's memory: after calls have ended and values are dropped, no copy of a
//! secret is left that the crate owns.
//!
//! The transport responds in process, so that no HTTP library has buffers, and wipes what it makes.
//! The scan runs in a process of its own, without the other tests. It reads all memory that can be
//! written, the heap with what was freed, except the stack of the calls: code that is not optimized
//! puts registers there with which it searched a text. What it looks for is made at run time and
//! kept masked, so that it does not find itself.

use std::fmt;
use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::os::unix::fs::FileExt as _;
use std::process::Command;

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::cache::SecretCache;
use alibabacloud_kms::credentials::{AssumeRoleProvider, Credentials, SignatureVersion};
use alibabacloud_kms::keys::{GetParametersForImportRequest, WrappingAlgorithm};
use alibabacloud_kms::rate_limit::RateLimits;
use alibabacloud_kms::secrets::SecretBytes;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::zeroize::Zeroizing;
use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::operations::{self, Keys};

const MASK: u8 = 0xa5;
/// A multiple of three, so that Base64 encodes each word of a text in the same way.
const WORD: usize = 12;
const WORDS: usize = 6;

/// A secret: a random word of letters and digits, which is repeated since an allocator overwrites a
/// part of what is freed.
#[derive(Clone, Copy)]
struct Marker {
    name: &'static str,
    masked: [u8; WORD],
}

impl Marker {
    fn new(name: &'static str) -> Self {
        let random = RandomState::new();
        let mut masked = [0; WORD];
        for (index, byte) in masked.iter_mut().enumerate() {
            let digit = u8::try_from(random.hash_one(index) % 26).unwrap();
            *byte = (b'a' + digit) ^ MASK;
        }
        Self { name, masked }
    }

    /// Appends the text of the secret. With a quotation mark in the middle, it is escaped in JSON.
    fn append(&self, text: &mut Vec<u8>, quote: &[u8]) {
        for word in 0..WORDS {
            if word == WORDS / 2 {
                text.extend_from_slice(quote);
            }
            text.extend(self.masked.iter().map(|byte| byte ^ MASK));
        }
    }

    fn text(&self, quote: &str) -> Zeroizing<String> {
        let mut text = Vec::with_capacity(WORDS * WORD + 1);
        self.append(&mut text, quote.as_bytes());
        Zeroizing::new(String::from_utf8(text).unwrap())
    }

    /// Appends the secret in Base64.
    fn append_base64(&self, text: &mut Vec<u8>) {
        let secret = self.text("\"");
        let mut encoded = Zeroizing::new([0; 2 * WORDS * WORD]);
        let length = STANDARD.encode_slice(secret.as_bytes(), &mut *encoded).unwrap();
        text.extend_from_slice(&encoded[..length]);
    }

    /// Returns what each word leaves in memory, masked: in plain text, and in Base64.
    fn traces(&self) -> [Vec<u8>; 2] {
        let mut base64 = Zeroizing::new(Vec::with_capacity(1_000));
        self.append_base64(&mut base64);
        [self.masked[..8].to_vec(), base64[..8].iter().map(|byte| byte ^ MASK).collect()]
    }
}

/// Returns where a trace of the markers is in the memory that the process can write.
fn scan(markers: &[Marker]) -> Vec<String> {
    let traces: Vec<_> = markers
        .iter()
        .flat_map(|marker| marker.traces().map(|trace| (marker.name, trace)))
        .collect();
    let mut starts = [false; 256];
    for (_, trace) in &traces {
        starts[usize::from(trace[0] ^ MASK)] = true;
    }
    let stack = (&raw const starts).addr() as u64;
    let memory = File::open("/proc/self/mem").unwrap();
    let mut buffer = vec![0; 1024 * 1024];
    let own = buffer.as_ptr() as u64..buffer.as_ptr() as u64 + buffer.len() as u64;
    let mut found = Vec::new();
    for mapping in fs::read_to_string("/proc/self/maps").unwrap().lines() {
        let mut fields = mapping.split_whitespace();
        let (range, access) = (fields.next().unwrap(), fields.next().unwrap());
        if !access.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let [mut at, end] = [start, end].map(|hex| u64::from_str_radix(hex, 16).unwrap());
        if (at..end).contains(&stack) {
            continue;
        }
        while at < end {
            let length = usize::try_from(end - at).unwrap().min(buffer.len());
            let part = &mut buffer[..length];
            if memory.read_exact_at(part, at).is_ok() {
                for index in 0..length.saturating_sub(7) {
                    let address = at + index as u64;
                    if !starts[usize::from(part[index])] || own.contains(&address) {
                        continue;
                    }
                    for (name, trace) in &traces {
                        if trace.iter().zip(&part[index..]).all(|(m, byte)| byte ^ MASK == *m) {
                            let place = fields.clone().nth(3).unwrap_or("anonymous");
                            found.push(format!("{name} at {address:x} ({place})"));
                        }
                    }
                }
            }
            part.fill(0);
            // The parts overlap, so that no trace is cut.
            at += if length == buffer.len() { length as u64 - 7 } else { length as u64 };
        }
    }
    found
}

/// Responds to every operation with all fields that any response has.
#[derive(Clone)]
struct InProcess {
    received: Marker,
    /// The public key of an import, in Base64.
    public_key: String,
}

impl InProcess {
    fn new(received: Marker) -> Self {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
        let der: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
        Self { received, public_key: STANDARD.encode(der.as_ref()) }
    }

    /// Returns a body that never grew, since what a growing one leaves behind is not wiped.
    fn body(&self, action: &str) -> Vec<u8> {
        let mut body = Vec::with_capacity(8 * 1024);
        body.extend_from_slice(
            br#"{"RequestId":"r","SecretName":"a","VersionId":"v9","SecretDataType":"text",
                "VersionStages":{"VersionStage":["ACSCurrent"]},"TotalCount":0,"Policy":"{}",
                "KeyId":"key-fake","KeyVersionId":"v1","CiphertextBlob":"AAAA","Algorithm":"x",
                "ExportedDataKey":"AAAA","Mac":"AAAA","AccountStatus":"Enabled",
                "KeyMetadata":{"KeyId":"key-fake"},"KeyVersion":{"KeyVersionId":"v1"},
                "ImportToken":"fake","ChallengeToken":"fake","Nonce":"fake","PublicKey":""#,
        );
        body.extend_from_slice(self.public_key.as_bytes());
        // A signature, or whether one is valid.
        let value =
            if action == "AsymmetricSign" { r#"","Value":"AAAA""# } else { r#"","Value":true"# };
        body.extend_from_slice(value.as_bytes());
        self.append_secrets(&mut body);
        body
    }

    fn append_secrets(&self, body: &mut Vec<u8>) {
        body.extend_from_slice(br#","SecretData":""#);
        self.received.append(body, br#"\""#);
        body.extend_from_slice(
            br#"","SecretValues":[{"SecretName":"a","VersionId":"v1","SecretDataType":"text",
                "SecretData":""#,
        );
        self.received.append(body, br#"\""#);
        body.extend_from_slice(br#""}],"RandomPassword":""#);
        self.received.append(body, br#"\""#);
        body.extend_from_slice(br#"","Plaintext":""#);
        self.received.append_base64(body);
        body.extend_from_slice(br#"","Credentials":{"AccessKeyId":"STS.1","AccessKeySecret":""#);
        self.received.append(body, b"");
        body.extend_from_slice(br#"","SecurityToken":""#);
        self.received.append(body, b"");
        body.extend_from_slice(br#"","Expiration":"2999-01-01T00:00:00Z"}}"#);
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl HttpTransport for InProcess {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let body = self.body(&request.action().unwrap());
        Box::pin(std::future::ready(Ok(HttpResponse::new(200, body))))
    }
}

fn client(version: SignatureVersion, [key, token]: [Marker; 2], transport: InProcess) -> KmsClient {
    let credentials = Credentials::new("fake-id", key.text("").as_str());
    KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(credentials.with_security_token(token.text("").as_str()))
        .signature_version(version)
        .rate_limits(RateLimits::unlimited())
        .transport(transport)
        .build()
        .unwrap()
}

/// Returns a client with the credentials of a role.
fn client_of_role(
    version: SignatureVersion,
    [key, token]: [Marker; 2],
    transport: InProcess,
) -> KmsClient {
    let base = Credentials::new("fake-id", key.text("").as_str());
    let base = base.with_security_token(token.text("").as_str());
    KmsClient::builder()
        .region("cn-hangzhou")
        .credentials_provider(AssumeRoleProvider::new(base, "acs:ram::1:role/fake"))
        .signature_version(version)
        .transport(transport)
        .build()
        .unwrap()
}

/// Imports key material by each algorithm that wraps it here.
async fn import(client: &KmsClient, material: Marker) {
    for algorithm in [
        WrappingAlgorithm::RsaesPkcs1V15,
        WrappingAlgorithm::RsaesOaepSha1,
        WrappingAlgorithm::RsaesOaepSha256,
        WrappingAlgorithm::RsaesOaepSha256Aes256EcbPkcs7Pad,
    ] {
        let request = GetParametersForImportRequest::new("key-fake", algorithm.clone());
        let parameters = client.get_parameters_for_import(request).await.unwrap();
        let material = SecretBytes::from(material.text("").as_bytes());
        let import = parameters.wrap(&algorithm, &material).unwrap();
        client.import_key_material(import).await.unwrap();
    }
}

/// Runs in a process of its own.
#[tokio::test]
#[ignore = "a part of `no_copy_of_a_secret_is_left_in_memory`"]
async fn scans_the_memory_of_its_process() {
    let markers = ["access key secret", "token", "received value", "sent value"].map(Marker::new);
    let [key, token, received, sent] = markers;

    // The scan finds what it is for.
    let held = sent.text("\"");
    assert!(!scan(&markers).is_empty(), "a value that is held is not found");
    drop(held);
    assert_eq!(scan(&markers), Vec::<String>::new(), "what the test itself leaves");

    let transport = InProcess::new(received);
    for version in [SignatureVersion::V1, SignatureVersion::Acs3HmacSha256] {
        let client = client(version, [key, token], transport.clone());
        let calls = operations::all(&client, &sent.text("\""), &Keys::placeholders());
        for call in calls {
            let made = call.await;
            // Each response is decoded. A secret that always exists is never deleted.
            assert!(made.succeeded || made.shown.starts_with("\"app/none\""), "{}", made.shown);
        }
        import(&client, sent).await;
        drop(client);

        let client = client_of_role(version, [key, token], transport.clone());
        let cache = SecretCache::builder(client).build().unwrap();
        for name in ["a", "b"] {
            let secret = cache.get(name).await.unwrap();
            secret.value.decode_base64().unwrap_err();
            secret.value.to_bytes().unwrap();
        }
        drop(cache);
        let left = scan(&markers);
        assert!(left.is_empty(), "{version:?} leaves {}: {left:#?}", left.len());
    }
}

#[test]
fn no_copy_of_a_secret_is_left_in_memory() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "memory::scans_the_memory_of_its_process"])
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
}
