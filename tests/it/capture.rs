//! Captures what every crate reports to the subscribers of a program, down to the finest level.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock};

use tracing::Dispatch;
use tracing::dispatcher::DefaultGuard;
use tracing::level_filters::LevelFilter;
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
        // Of the whole process, but it hands each record to the subscriber of the thread that it is
        // made on.
        static LOG_RECORDS: OnceLock<()> = OnceLock::new();
        LOG_RECORDS.get_or_init(|| tracing_log::LogTracer::init().unwrap());
        // A place in the code that logs for the first time is switched off if there is no
        // subscriber, and one that comes at that moment can miss it. So from the first capture on
        // there is always one.
        static ANYONE: OnceLock<Dispatch> = OnceLock::new();
        ANYONE.get_or_init(|| writing_to(Buffer::default()));

        let text = Buffer::default();
        let subscriber = writing_to(text.clone());
        Self { text, _subscribed: tracing::dispatcher::set_default(&subscriber) }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.text.0.lock().unwrap().clone()).unwrap()
    }
}

fn writing_to(buffer: Buffer) -> Dispatch {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
        .with_writer(move || buffer.clone())
        .finish();
    Dispatch::new(subscriber)
}
