//! A system, a clock and a network that tests control.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::credentials::ProviderEnv;
use crate::os::{CommandOutput, Os, OsFuture};
use crate::transport::{
    HttpRequest, HttpTransport, TransportError, TransportErrorKind, TransportFuture,
};

pub(in crate::credentials) const HOME: &str = "/home/demo";

/// Variables, files by path, and programs by their command line.
#[derive(Default)]
pub(in crate::credentials) struct FakeOs {
    pub(in crate::credentials) variables: Mutex<HashMap<String, String>>,
    pub(in crate::credentials) files: Mutex<HashMap<PathBuf, Vec<u8>>>,
    pub(in crate::credentials) programs: HashMap<String, (bool, String)>,
    pub(in crate::credentials) reads: Mutex<u32>,
}

impl FakeOs {
    pub(in crate::credentials) fn with_variables(variables: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self { variables: Mutex::new(variables.iter().map(owned).collect()), ..Self::default() }
    }

    pub(in crate::credentials) fn set(&self, name: &str, value: &str) {
        self.variables.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub(in crate::credentials) fn write(&self, path: &str, content: &str) {
        self.files.lock().unwrap().insert(path.into(), content.as_bytes().to_vec());
    }
}

impl std::fmt::Debug for FakeOs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeOs")
    }
}

impl Os for FakeOs {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.lock().unwrap().get(name).cloned()
    }

    fn home(&self) -> Option<PathBuf> {
        Some(PathBuf::from(HOME))
    }

    fn read_file<'a>(&'a self, path: &'a Path, max_bytes: u64) -> OsFuture<'a, Zeroizing<Vec<u8>>> {
        *self.reads.lock().unwrap() += 1;
        let content = self.read_regular_file(path, max_bytes).and_then(|content| {
            let missing = || io::Error::from(io::ErrorKind::NotFound);
            content.ok_or_else(missing)
        });
        Box::pin(std::future::ready(content))
    }

    fn read_regular_file(
        &self,
        path: &Path,
        max_bytes: u64,
    ) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        match self.files.lock().unwrap().get(path) {
            Some(content) if content.len() as u64 > max_bytes => {
                Err(io::ErrorKind::FileTooLarge.into())
            }
            content => Ok(content.cloned().map(Zeroizing::new)),
        }
    }

    fn run<'a>(&'a self, program: &'a str, arguments: &'a [String]) -> OsFuture<'a, CommandOutput> {
        let line = [&[program.to_owned()], arguments].concat().join(" ");
        let output = match self.programs.get(&line) {
            Some((succeeded, stdout)) => Ok(CommandOutput {
                failure: (!succeeded).then(|| "exit status: 3".to_owned()),
                stdout: Zeroizing::new(stdout.clone().into_bytes()),
            }),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        Box::pin(std::future::ready(output))
    }
}

/// Stands still until a test advances it; nonces count up, and every draw is the same, 0 unless a
/// test sets it.
#[derive(Debug)]
pub(in crate::credentials) struct FakeClock {
    now: Mutex<DateTime<Utc>>,
    instant: Mutex<Instant>,
    nonces: Mutex<u32>,
    draw: f64,
}

impl FakeClock {
    pub(in crate::credentials) fn at(now: DateTime<Utc>) -> Self {
        let instant = Mutex::new(Instant::now());
        Self { now: Mutex::new(now), instant, nonces: Mutex::default(), draw: 0.0 }
    }

    pub(in crate::credentials) fn with_draw(self, draw: f64) -> Self {
        Self { draw, ..self }
    }

    pub(in crate::credentials) fn advance(&self, seconds: u32) {
        *self.now.lock().unwrap() += TimeDelta::seconds(seconds.into());
        *self.instant.lock().unwrap() += Duration::from_secs(seconds.into());
    }

    /// Sets the calendar time back, as a person or a time server does.
    pub(in crate::credentials) fn set_back(&self, seconds: u32) {
        *self.now.lock().unwrap() -= TimeDelta::seconds(seconds.into());
    }
}

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn instant(&self) -> Instant {
        *self.instant.lock().unwrap()
    }

    fn nonce(&self) -> String {
        let mut nonces = self.nonces.lock().unwrap();
        *nonces += 1;
        format!("nonce-{nonces}")
    }

    fn draw(&self) -> f64 {
        self.draw
    }
}

/// A network on which every connection is refused.
#[derive(Debug)]
pub(in crate::credentials) struct NoNetwork;

impl HttpTransport for NoNetwork {
    fn send(&self, _request: HttpRequest) -> TransportFuture<'_> {
        let error = TransportError::new(TransportErrorKind::Connect, "the connection was refused");
        Box::pin(std::future::ready(Err(error)))
    }
}

/// The time at which all tests start.
pub(in crate::credentials) fn now() -> DateTime<Utc> {
    "2026-11-24T06:00:00Z".parse().unwrap()
}

/// Creates an environment with these variables, no files and no network.
pub(in crate::credentials) fn env_with(variables: &[(&str, &str)]) -> ProviderEnv {
    ProviderEnv {
        os: Arc::new(FakeOs::with_variables(variables)),
        clock: Arc::new(FakeClock::at(now())),
        transport: Arc::new(NoNetwork),
        direct_transport: Arc::new(NoNetwork),
        client_region: None,
    }
}
