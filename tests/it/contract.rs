//! Every operation checked against the specification in `tests/cases/`: the parameters that it
//! sends and the fields that it reads. The unit tests of the table of operations check the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::transport::{HttpRequest, HttpResponse, HttpTransport, TransportFuture};
use alibabacloud_kms::{KmsClient, retry::RetryPolicy};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::operations::{self, Keys};

/// The differences from the specification, each with its reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("GetSecretPolicy sends PolicyName", "a secret has one policy, always named `default`"),
    ("SetSecretPolicy sends PolicyName", "a secret has one policy, always named `default`"),
    ("GetKeyPolicy sends PolicyName", "a key has one policy, always named `default`"),
    ("SetKeyPolicy sends PolicyName", "a key has one policy, always named `default`"),
    ("AsymmetricDecrypt sends Recipient", UNDOCUMENTED),
    ("AsymmetricDecrypt reads CiphertextForRecipient", UNDOCUMENTED),
    ("Decrypt sends Recipient", UNDOCUMENTED),
    ("Decrypt reads CiphertextForRecipient", UNDOCUMENTED),
    ("GenerateDataKey sends Recipient", UNDOCUMENTED),
    ("GenerateDataKey reads CiphertextForRecipient", UNDOCUMENTED),
    ("TagResource sends CertificateId", "the service gave up certificates"),
    ("UntagResource sends CertificateId", "the service gave up certificates"),
];

/// The parameter and the field for remote attestation are in two libraries and on no page.
const UNDOCUMENTED: &str = "no source documents it";

/// The parameters of every request, whatever its operation.
const COMMON: [&str; 10] = [
    "Action",
    "Version",
    "Format",
    "AccessKeyId",
    "Signature",
    "SignatureMethod",
    "SignatureVersion",
    "SignatureNonce",
    "Timestamp",
    "SecurityToken",
];

/// Returns a prepared body for each operation, and keeps the names of the parameters that it got.
#[derive(Debug)]
struct Service {
    bodies: Mutex<BTreeMap<String, Value>>,
    sent: Mutex<BTreeMap<String, BTreeSet<String>>>,
    /// The operations of the latest call.
    actions: Mutex<BTreeSet<String>>,
}

impl HttpTransport for Service {
    fn send(&self, request: HttpRequest) -> TransportFuture<'_> {
        let query = request.url.split_once('?').map_or("", |(_, query)| query).as_bytes();
        let parameters: Vec<_> = form_urlencoded::parse(query)
            .chain(form_urlencoded::parse(&request.body))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let action = parameters.iter().find(|(name, _)| name == "Action").unwrap().1.clone();
        self.actions.lock().unwrap().insert(action.clone());
        let names = parameters.iter().map(|(name, _)| without_number(name));
        let names = names.filter(|name| !COMMON.contains(&name.as_str()));
        self.sent.lock().unwrap().entry(action.clone()).or_default().extend(names);
        let body = self.bodies.lock().unwrap()[&action].to_string();
        let response = HttpResponse::new(200, body);
        Box::pin(async move { Ok(response) })
    }
}

/// Returns `Tag` for `Tag.1.Key`, and other names as they are.
fn without_number(name: &str) -> String {
    let is_number = |part: &str| part.parse::<u32>().is_ok();
    let end = name.split('.').position(is_number).map(|_| name.split('.').next().unwrap());
    end.unwrap_or(name).to_owned()
}

fn specification() -> Vec<Value> {
    let files = ["operations.json", "operations_keys.json"];
    let read = |file: &str| {
        let path = format!("{}/tests/cases/{file}", env!("CARGO_MANIFEST_DIR"));
        let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        file["operations"].as_array().unwrap().clone()
    };
    files.into_iter().flat_map(read).collect()
}

/// Builds the body that the specification describes, and collects the path of each field.
fn sample(fields: &[Value], prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) -> Value {
    let mut object = Map::new();
    for field in fields {
        let name = field["name"].as_str().unwrap();
        prefix.push(name.to_owned());
        let value = match field["wire"].as_str().unwrap() {
            "object" => sample(field["fields"].as_array().unwrap(), prefix, paths),
            "array" => match field["items"]["fields"].as_array() {
                Some(fields) => json!([sample(fields, prefix, paths)]),
                None => json!(["ACSCurrent"]),
            },
            "bool" => json!(true),
            wire if wire.starts_with("int") => json!(1),
            _ if name == "Arn" && prefix.contains(&"KeyMetadata".to_owned()) => {
                json!("acs:kms:cn-hangzhou:1234567890123456:key/fake")
            }
            _ => json!(sample_text(name)),
        };
        paths.push(prefix.clone());
        prefix.pop();
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

fn sample_text(name: &str) -> &'static str {
    match name {
        "CreateTime" | "UpdateTime" | "PlannedDeleteTime" | "NextRotationDate"
        | "LastRotationDate" | "TokenExpireTime" | "CreationDate" | "DeleteDate"
        | "MaterialExpireTime" => "2024-02-21T15:39:26Z",
        "RotationInterval" => "604800s",
        "AutomaticRotation" => "Enabled",
        "SecretDataType" => "binary",
        "SecretType" => "Rds",
        "ExtendedConfig" => r#"{"SecretSubType":"SingleUser"}"#,
        "Arn" => "acs:kms:cn-hangzhou:1234567890123456:secret/fake",
        "KeyArn" => "acs:kms:cn-hangzhou:1234567890123456:key/fake",
        "AliasArn" => "acs:kms:cn-hangzhou:1234567890123456:alias/fake",
        "Policy" => r#"{"Version":"1","Statement":[]}"#,
        _ => "fake",
    }
}

/// Removes the field at `path`, in the first entry of a list.
fn remove(body: &mut Value, path: &[String]) {
    let (last, above) = path.split_last().unwrap();
    let mut at = body;
    for name in above {
        at = &mut at[name.as_str()];
        if at.is_array() {
            at = &mut at[0];
        }
    }
    at.as_object_mut().unwrap().remove(last);
}

#[track_caller]
fn compare(fact: String, agrees: bool) {
    let is_exception = EXCEPTIONS.iter().any(|(exception, _)| *exception == fact);
    assert!(agrees || is_exception, "not as specified: {fact}");
    assert!(!(agrees && is_exception), "no longer an exception: {fact}");
}

/// Makes the call of this number, and returns what it shows of itself.
async fn shown(client: &KmsClient, number: usize) -> String {
    operations::all(client, "fake-value", &Keys::placeholders()).swap_remove(number).await.shown
}

#[tokio::test(start_paused = true)]
async fn every_parameter_is_sent_and_every_field_is_read() {
    let mut fields = BTreeMap::new();
    let mut bodies = BTreeMap::new();
    let specification = specification();
    for operation in &specification {
        let name = operation["name"].as_str().unwrap().to_owned();
        let mut paths = Vec::new();
        let response = operation["response"].as_array().unwrap();
        bodies.insert(name.clone(), sample(response, &mut Vec::new(), &mut paths));
        fields.insert(name, paths);
    }
    let service = Arc::new(Service {
        bodies: Mutex::new(bodies.clone()),
        sent: Mutex::default(),
        actions: Mutex::default(),
    });
    let client = KmsClient::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .retry_policy(RetryPolicy::disabled())
        .transport(Arc::clone(&service))
        .build()
        .unwrap();
    let mut calls: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    for number in 0..operations::all(&client, "fake-value", &Keys::placeholders()).len() {
        service.actions.lock().unwrap().clear();
        let full = shown(&client, number).await;
        for action in service.actions.lock().unwrap().iter() {
            calls.entry(action.clone()).or_default().push((number, full.clone()));
        }
    }

    let sent = service.sent.lock().unwrap().clone();
    for operation in specification.iter().filter(|o| sent.contains_key(o["name"].as_str().unwrap()))
    {
        let name = operation["name"].as_str().unwrap();
        let documented = operation["request"].as_array().unwrap().iter();
        let documented: BTreeSet<_> =
            documented.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect();
        for parameter in documented.union(&sent[name]) {
            let agrees = documented.contains(parameter) && sent[name].contains(parameter);
            compare(format!("{name} sends {parameter}"), agrees);
        }
        for path in &fields[name] {
            remove(service.bodies.lock().unwrap().get_mut(name).unwrap(), path);
            let mut is_read = false;
            for (number, full) in &calls[name] {
                is_read |= shown(&client, *number).await != *full;
            }
            service.bodies.lock().unwrap().insert(name.to_owned(), bodies[name].clone());
            compare(format!("{name} reads {}", path.join(".")), is_read);
        }
    }
}

/// Returns the statuses that the specification has for each error code.
fn documented_statuses() -> BTreeMap<String, BTreeSet<u64>> {
    fn collect(value: &Value, statuses: &mut BTreeMap<String, BTreeSet<u64>>) {
        if let (Some(code), Some(status)) = (value["code"].as_str(), value["http"].as_u64()) {
            statuses.entry(code.to_owned()).or_default().insert(status);
        }
        let object = value.as_object().into_iter().flat_map(Map::values);
        let list = value.as_array().into_iter().flatten();
        object.chain(list).for_each(|inner| collect(inner, statuses));
    }
    let mut statuses = BTreeMap::new();
    for operation in specification() {
        collect(&operation, &mut statuses);
    }
    statuses
}

/// Returns each status and code that the emulator's sources write, such as `service(404, "X"`.
fn emulated_errors(folder: &Path, errors: &mut BTreeSet<(u64, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            emulated_errors(&path, errors);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for call in ["service(", "gateway("].into_iter().flat_map(|call| text.split(call).skip(1)) {
            let mut arguments = call.splitn(3, ',').map(str::trim);
            let status = arguments.next().and_then(|status| status.parse().ok());
            let code = arguments.next().and_then(|code| code.strip_prefix('"')?.strip_suffix('"'));
            errors.extend(status.zip(code.map(str::to_owned)));
        }
    }
}

#[test]
fn errors_of_the_emulator_have_the_documented_statuses() {
    let mut errors = BTreeSet::new();
    emulated_errors(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/emulator"), &mut errors);
    let documented = documented_statuses();
    let mut checked = 0;
    for (status, code) in errors {
        // The codes of the gateway are on no page of an operation.
        let Some(statuses) = documented.get(&code) else { continue };
        assert!(statuses.contains(&status), "{code} has {statuses:?}, not {status}");
        checked += 1;
    }
    assert!(checked >= 20, "{checked} errors were found");
}
