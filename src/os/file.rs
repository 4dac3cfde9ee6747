//! Reads files on threads of their own, one for each path at most.
//!
//! A FIFO, or a file of a network mount that hangs, can block a thread for as long as the process
//! lives. A thread of the runtime would then be missing in its pool, and would keep the runtime
//! from shutting down; and each call that times out would block another one.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::oneshot;
use zeroize::Zeroizing;

type Content = io::Result<Zeroizing<Vec<u8>>>;

/// A read in flight, with those who wait for it.
struct InFlight {
    path: PathBuf,
    waiters: Vec<oneshot::Sender<Content>>,
}

/// The reads in flight of the process, one for each path at most.
static IN_FLIGHT: Mutex<Vec<InFlight>> = Mutex::new(Vec::new());

fn in_flight() -> MutexGuard<'static, Vec<InFlight>> {
    IN_FLIGHT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads a file of at most `max_bytes`, or waits for the read of it that is in flight.
pub(super) async fn read(path: &Path, max_bytes: u64) -> Content {
    let receiver = join_or_start(path, max_bytes)?;
    receiver.await.map_err(io::Error::other)?
}

fn join_or_start(path: &Path, max_bytes: u64) -> io::Result<oneshot::Receiver<Content>> {
    let (sender, receiver) = oneshot::channel();
    let mut in_flight = in_flight();
    if let Some(InFlight { waiters, .. }) = in_flight.iter_mut().find(|read| read.path == path) {
        waiters.retain(|waiter| !waiter.is_closed());
        waiters.push(sender);
    } else {
        start(path.to_owned(), max_bytes)?;
        in_flight.push(InFlight { path: path.to_owned(), waiters: vec![sender] });
    }
    Ok(receiver)
}

/// Starts a thread that reads the file and sends its content to all that wait by then.
fn start(path: PathBuf, max_bytes: u64) -> io::Result<()> {
    let read = move || {
        let content = File::open(&path).and_then(|file| {
            let size = file.metadata().map_or(0, |metadata| metadata.len());
            read_limited(file, size, max_bytes)
        });
        for waiter in end(&path) {
            // A waiter that has timed out does not receive it.
            let _ = waiter.send(copy(&content));
        }
    };
    thread::Builder::new().name("credentials-file".to_owned()).spawn(read).map(drop)
}

/// Ends a read, and returns those who wait for it.
fn end(path: &Path) -> Vec<oneshot::Sender<Content>> {
    let mut in_flight = in_flight();
    match in_flight.iter().position(|read| read.path == path) {
        Some(position) => in_flight.swap_remove(position).waiters,
        None => Vec::new(),
    }
}

/// Reads a regular file on this thread; `None` if there is none.
pub(super) fn read_regular(path: &Path, max_bytes: u64) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    // By its path, since opening a FIFO blocks already.
    let size = match path.metadata() {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Ok(None),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => return Ok(None),
            _ => return Err(error),
        },
    };
    read_limited(File::open(path)?, size, max_bytes).map(Some)
}

/// Reads up to the limit. With room for `expected_bytes` from the start, no copy of a file of that
/// size is left behind unwiped.
fn read_limited(from: impl Read, expected_bytes: u64, max_bytes: u64) -> Content {
    // At most the limit, so the cast loses nothing. One byte more tells the end of the file.
    let capacity = expected_bytes.min(max_bytes) as usize + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    from.take(max_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn copy(content: &Content) -> Content {
    match content {
        Ok(bytes) => Ok(bytes.clone()),
        Err(error) => match error.raw_os_error() {
            Some(code) => Err(io::Error::from_raw_os_error(code)),
            None => Err(error.kind().into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn file_over_the_limit_is_an_error() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let whole = read(&manifest, 100_000).await.unwrap();
        assert!(whole.windows(9).any(|text| text == b"[package]"));
        let size = whole.len() as u64;
        assert!(read(&manifest, size).await.is_ok());
        let error = read(&manifest, size - 1).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[tokio::test]
    async fn missing_file_is_not_found() {
        let error = read(Path::new("/does/not/exist"), 1).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn only_a_regular_file_is_read_on_this_thread() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(read_regular(&root.join("Cargo.toml"), 100_000).unwrap().is_some());
        assert!(read_regular(root, 100_000).unwrap().is_none());
        assert!(read_regular(&root.join("Cargo.toml/none"), 1).unwrap().is_none());
        assert!(read_regular(&root.join("none"), 1).unwrap().is_none());
        let error = read_regular(&root.join("Cargo.toml"), 1).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[cfg(unix)]
    mod blocking {
        use std::process::Command;
        use std::sync::mpsc;
        use std::time::Duration;

        use tokio::runtime::Builder;
        use tokio::time::timeout;

        use super::super::*;

        /// Creates a FIFO, whose readers block until it is opened for writing.
        fn fifo(name: &str) -> PathBuf {
            let name = format!("alibabacloud-kms-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            let _ = std::fs::remove_file(&path);
            assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            path
        }

        fn waiters(path: &Path) -> Option<usize> {
            let in_flight = in_flight();
            in_flight.iter().find(|read| read.path == path).map(|read| read.waiters.len())
        }

        #[test]
        fn blocked_file_does_not_block_the_runtime() {
            let path = fifo("runtime");
            let (sender, ended) = mpsc::channel();
            let reading = path.clone();
            thread::spawn(move || {
                let runtime = Builder::new_current_thread().enable_time().build().unwrap();
                let is_blocked = runtime.block_on(async {
                    timeout(Duration::from_millis(10), read(&reading, 100)).await.is_err()
                });
                let _ = sender.send(is_blocked);
                drop(runtime);
                let _ = sender.send(true);
            });
            for _ in 0..2 {
                assert_eq!(ended.recv_timeout(Duration::from_secs(10)), Ok(true));
            }
            std::fs::write(&path, "").unwrap();
            std::fs::remove_file(path).unwrap();
        }

        #[test]
        fn fifo_is_not_read_on_this_thread() {
            let path = fifo("regular");
            assert!(read_regular(&path, 100).unwrap().is_none());
            std::fs::remove_file(path).unwrap();
        }

        #[tokio::test]
        async fn reads_of_a_blocked_file_share_one_thread() {
            let path = fifo("shared");
            for _ in 0..100 {
                assert!(timeout(Duration::from_millis(1), read(&path, 100)).await.is_err());
                assert_eq!(waiters(&path), Some(1), "those that timed out are gone");
            }
            let last = tokio::spawn({
                let path = path.clone();
                async move { read(&path, 100).await }
            });
            tokio::task::yield_now().await;
            // Only one reader has opened it, so none of the content is lost to another.
            std::fs::write(&path, "fake content").unwrap();
            assert_eq!(**last.await.unwrap().unwrap(), *b"fake content");
            assert_eq!(waiters(&path), None);
            std::fs::remove_file(path).unwrap();
        }
    }
}
