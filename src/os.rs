//! [`Os`]: environment variables, files and programs. The only file of the library that accesses
//! them.

use std::fmt::Debug;
use std::fs::File;
use std::future::Future;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use zeroize::Zeroizing;

/// A future of [`Os`], boxed so that the trait is object safe.
pub(crate) type OsFuture<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// The system around the process, which tests replace.
pub(crate) trait Os: Debug + Send + Sync {
    /// Returns an environment variable; `None` if it is unset or not Unicode.
    fn variable(&self, name: &str) -> Option<String>;

    /// Returns the home directory of the user.
    fn home(&self) -> Option<PathBuf>;

    /// Reads a file. Fails with [`FileTooLarge`](io::ErrorKind::FileTooLarge) if it exceeds the
    /// limit.
    fn read_file<'a>(&'a self, path: &'a Path, max_bytes: u64) -> OsFuture<'a, Zeroizing<Vec<u8>>>;

    /// Runs a program without a shell, and kills it if the future is dropped.
    fn run<'a>(&'a self, program: &'a str, arguments: &'a [String]) -> OsFuture<'a, CommandOutput>;
}

/// The result of a program that ended. Its standard error is that of this process.
pub(crate) struct CommandOutput {
    /// How it ended, such as `exit status: 3`, unless that was a success.
    pub(crate) failure: Option<String>,
    pub(crate) stdout: Zeroizing<Vec<u8>>,
}

/// More than the credentials that a program prints.
const MAX_STDOUT_BYTES: u64 = 1024 * 1024;

/// The system on which the process runs.
#[derive(Debug)]
pub(crate) struct SystemOs;

impl Os for SystemOs {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
    }

    fn read_file<'a>(&'a self, path: &'a Path, max_bytes: u64) -> OsFuture<'a, Zeroizing<Vec<u8>>> {
        let path = path.to_owned();
        Box::pin(
            async move { spawn_blocking(move || read_capped(File::open(path)?, max_bytes)).await? },
        )
    }

    fn run<'a>(&'a self, program: &'a str, arguments: &'a [String]) -> OsFuture<'a, CommandOutput> {
        Box::pin(async move {
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
            let mut program = RunningProgram(command.spawn()?);
            let stdout = match program.0.stdout.take() {
                Some(stdout) => read_on_thread(stdout, MAX_STDOUT_BYTES).await?,
                None => Zeroizing::default(),
            };
            let status = program.wait().await?;
            let failure = (!status.success()).then(|| status.to_string());
            Ok(CommandOutput { failure, stdout })
        })
    }
}

/// A running program, killed on drop.
struct RunningProgram(Child);

impl RunningProgram {
    /// Waits for the end of a program that has closed its output, so that its end is near.
    async fn wait(&mut self) -> io::Result<ExitStatus> {
        loop {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status);
            }
            sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for RunningProgram {
    fn drop(&mut self) {
        // Both fail for a program that has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Reads on a thread of its own. A thread of the runtime would keep that from shutting down as long
/// as the program, or a child of it, has its output open.
async fn read_on_thread(
    from: impl Read + Send + 'static,
    max_bytes: u64,
) -> io::Result<Zeroizing<Vec<u8>>> {
    let (sender, receiver) = oneshot::channel();
    let read = move || {
        // Nobody receives it if the program was killed.
        let _ = sender.send(read_capped(from, max_bytes));
    };
    thread::Builder::new().name("credentials-program".to_owned()).spawn(read)?;
    receiver.await.map_err(io::Error::other)?
}

fn read_capped(from: impl Read, max_bytes: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    from.take(max_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn file_over_the_limit_is_an_error() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let whole = SystemOs.read_file(&manifest, 100_000).await.unwrap();
        assert!(String::from_utf8_lossy(&whole).contains("[package]"));
        let size = whole.len() as u64;
        assert!(SystemOs.read_file(&manifest, size).await.is_ok());
        let error = SystemOs.read_file(&manifest, size - 1).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[tokio::test]
    async fn missing_file_is_not_found() {
        let error = SystemOs.read_file(Path::new("/does/not/exist"), 1).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn dropped_program_is_killed() {
        let mut child = Command::new("sleep").arg("600").stdout(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        drop(RunningProgram(child));
        assert!(read_capped(stdout, 1).unwrap().is_empty(), "it ends before its 600 s");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn program_gets_exact_arguments_and_its_output_is_limited() {
        let echo = ["a b".to_owned(), "$HOME;x".to_owned()];
        let output = SystemOs.run("echo", &echo).await.unwrap();
        assert_eq!(output.failure, None);
        assert_eq!(*output.stdout, b"a b $HOME;x\n");
        let failed = SystemOs.run("false", &[]).await.unwrap();
        assert_eq!(failed.failure.as_deref(), Some("exit status: 1"));
        assert!(SystemOs.run("/does/not/exist", &[]).await.is_err());
        let endless = SystemOs.run("yes", &[]).await.map(|_| ()).unwrap_err();
        assert_eq!(endless.kind(), io::ErrorKind::FileTooLarge);
    }
}
