//! An emulator and a plain connection to it.

use std::cell::RefCell;
use std::time::Duration;

use alibabacloud_kms::emulator::{EmulatedSecret, Emulator};
use alibabacloud_kms::secrets::SecretValue;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

/// An emulator remembers nonces and requests: after this many runs a new one is started.
const MAX_RUNS: u32 = 5_000;

struct Running {
    runtime: Runtime,
    emulator: Emulator,
    runs: u32,
}

impl Running {
    fn start() -> Self {
        let runtime =
            Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
        let emulator =
            runtime.block_on(Emulator::builder().access_key("fake-id", "fake-secret").start());
        Self { runtime, emulator: emulator.expect("a loopback port is free"), runs: 0 }
    }
}

/// Runs `check` with an emulator that has the secret `prod/db` and no other. Its requests are
/// served while `check` waits.
pub fn with_emulator<T>(check: impl AsyncFnOnce(&Emulator) -> T) -> T {
    thread_local! {
        static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
    }
    RUNNING.with_borrow_mut(|running| {
        let Running { runtime, emulator, runs } = running.get_or_insert_with(Running::start);
        for name in emulator.secret_names() {
            emulator.remove_secret(&name);
        }
        emulator.add_secret(
            EmulatedSecret::new("prod/db")
                .value(SecretValue::text("fake-value"))
                .tag("team", "core"),
        );
        let result = runtime.block_on(check(emulator));
        *runs += 1;
        if *runs == MAX_RUNS {
            *running = None;
        }
        result
    })
}

/// Sends `request` to the emulator on a connection of its own, and returns all that comes back.
pub async fn exchange(emulator: &Emulator, request: &[u8]) -> Vec<u8> {
    let address = emulator.endpoint().trim_start_matches("http://").trim_end_matches('/');
    let mut connection = TcpStream::connect(address).await.expect("the emulator accepts");
    let mut response = Vec::new();
    let exchange = async {
        // The emulator may have closed the connection before all is sent or read.
        let _ = connection.write_all(request).await;
        let _ = connection.shutdown().await;
        let _ = connection.read_to_end(&mut response).await;
    };
    let is_in_time = timeout(Duration::from_secs(20), exchange).await.is_ok();
    assert!(is_in_time, "the emulator neither responds nor closes the connection");
    response
}
