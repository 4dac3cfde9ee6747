//! Lists two pages of secrets from a plain HTTP server, with the crate as it is packed and its
//! default features.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::{io, thread};

use alibabacloud_kms::KmsClient;
use alibabacloud_kms::credentials::Credentials;
use alibabacloud_kms::secrets::ListSecretsRequest;
use futures_util::TryStreamExt as _;

const PAGES: [&str; 2] = [
    r#"{"RequestId": "fake-1", "PageNumber": 1, "PageSize": 2, "TotalCount": 3,
        "SecretList": {"Secret": [{"SecretName": "prod/cache"}, {"SecretName": "prod/db"}]}}"#,
    r#"{"RequestId": "fake-2", "PageNumber": 2, "PageSize": 2, "TotalCount": 3,
        "SecretList": {"Secret": [{"SecretName": "staging/db"}]}}"#,
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = KmsClient::builder()
        .endpoint(format!("http://{}", start_server()?))
        .credentials(Credentials::new("fake-id", "fake-secret"))
        .build()?;

    let request = ListSecretsRequest::new().page_size(2);
    let secrets = client.list_secrets_paginator(request).items();
    let names: Vec<String> = secrets.map_ok(|secret| secret.secret_name).try_collect().await?;
    assert_eq!(names, ["prod/cache", "prod/db", "staging/db"]);
    println!("listed {}", names.join(", "));
    Ok(())
}

/// Starts a server that knows HTTP/1.1 and the two pages, and nothing of KMS.
fn start_server() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for connection in listener.incoming() {
            thread::spawn(|| connection.and_then(serve));
        }
    });
    Ok(address)
}

/// Responds to each request of a connection until the client closes it.
fn serve(mut connection: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(connection.try_clone()?).lines();
    while let Some(request_line) = lines.next().transpose()? {
        for header in lines.by_ref() {
            if header?.is_empty() {
                break;
            }
        }
        let page = PAGES[usize::from(request_line.contains("PageNumber=2"))];
        write!(connection, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{page}", page.len())?;
    }
    Ok(())
}
