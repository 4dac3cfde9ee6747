//! What every crate says to the subscribers of a program, down to the finest level.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock};

use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::format::FmtSpan;

/// Keeps what is logged on this thread, by `tracing` and by `log`, until it is dropped.
pub(crate) struct Capture {
    text: Buffer,
    _subscribed: DefaultGuard,
}

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Capture {
    pub(crate) fn start() -> Self {
        // Of the whole process, but it hands each record to the subscriber of the thread that it is made on.
        static LOG_RECORDS: OnceLock<()> = OnceLock::new();
        LOG_RECORDS.get_or_init(|| tracing_log::LogTracer::init().unwrap());

        let text = Buffer::default();
        let writer = text.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
            .with_writer(move || writer.clone())
            .finish();
        Self { text, _subscribed: tracing::subscriber::set_default(subscriber) }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.text.0.lock().unwrap().clone()).unwrap()
    }
}
