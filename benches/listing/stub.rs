//! A server that responds to every request with a page that lies ready, and does nothing else. It
//! runs in another process, so its processor time is not that of the client.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep_until};

pub(crate) const PAGE_SIZE: usize = 100;

/// A running server and how to end it.
pub(crate) struct Stub {
    process: Child,
    endpoint: String,
}

impl Stub {
    /// Starts a process that has so many secrets and responds no sooner than after `service_time`.
    pub(crate) fn start(secrets: usize, service_time: Duration) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["stub", &secrets.to_string(), &service_time.as_millis().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut endpoint = String::new();
        let stdout = process.stdout.as_mut().ok_or("the stub has no output")?;
        BufReader::with_capacity(1, stdout).read_line(&mut endpoint)?;
        Ok(Self { process, endpoint: endpoint.trim().to_owned() })
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Ends the process and tells how many connections it was asked for.
    pub(crate) fn stop(mut self) -> Result<usize, Box<dyn Error>> {
        drop(self.process.stdin.take());
        let mut connections = String::new();
        self.process
            .stdout
            .as_mut()
            .ok_or("the stub has no output")?
            .read_to_string(&mut connections)?;
        self.process.wait()?;
        Ok(connections.trim().parse()?)
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        // It ends with its standard input.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The body of a page of a listing of so many secrets.
pub(crate) fn page(number: usize, secrets: usize) -> Vec<u8> {
    let first = (number - 1) * PAGE_SIZE;
    let on_it: Vec<_> = (first..secrets.min(first + PAGE_SIZE))
        .map(|n| {
            json!({
                "SecretName": format!("prod/service-{n:07}/db"),
                "SecretType": "Generic",
                "CreateTime": "2024-07-17T07:59:05Z",
                "UpdateTime": "2024-07-17T07:59:05Z",
                "OwingService": "",
                "Tags": { "Tag": [
                    { "TagKey": "team", "TagValue": "core" },
                    { "TagKey": "env", "TagValue": "prod" },
                ] },
            })
        })
        .collect();
    let page = json!({
        "SecretList": { "Secret": on_it },
        "PageNumber": number,
        "PageSize": PAGE_SIZE,
        "TotalCount": secrets,
        "RequestId": "6a6287a0-ff34-4780-a790-fdfca900557f",
    });
    page.to_string().into_bytes()
}

/// The server's side: prints its endpoint, and when its standard input ends the number of
/// connections it had.
pub(crate) fn serve(secrets: usize, service_time: Duration) -> Result<(), Box<dyn Error>> {
    // The page behind the last one is asked for when the last one is full.
    let pages = 1..=secrets / PAGE_SIZE + 1;
    let responses: Arc<Vec<_>> =
        Arc::new(pages.map(|number| response(&page(number, secrets))).collect());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    println!("http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;

    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(respond_all(stream, Arc::clone(&responses), service_time));
        }
    });
    std::io::stdin().read_to_end(&mut Vec::new())?;
    println!("{}", connections.load(Ordering::Relaxed));
    runtime.shutdown_background();
    Ok(())
}

fn response(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Responds to the requests of one connection. It ends with the connection, however that ends.
async fn respond_all(
    mut stream: TcpStream,
    responses: Arc<Vec<Vec<u8>>>,
    service_time: Duration,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut head = Vec::new();
    loop {
        head.clear();
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut head).await? == 0 {
                return Ok(());
            }
        }
        let due = Instant::now() + service_time;
        let response = page_number(&head).and_then(|number| responses.get(number.checked_sub(1)?));
        if !service_time.is_zero() {
            sleep_until(due).await;
        }
        stream.write_all(response.map_or(NOT_FOUND, Vec::as_slice)).await?;
    }
}

const NOT_FOUND: &[u8] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

fn page_number(head: &[u8]) -> Option<usize> {
    let line = std::str::from_utf8(head).ok()?.lines().next()?;
    let (_, rest) = line.split_once("PageNumber=")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
