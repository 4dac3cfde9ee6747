//! [`Os`]: environment variables, files and programs. Only this file and those below it access
//! them.

mod file;
mod program;

use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use zeroize::Zeroizing;

/// A future of [`Os`], boxed so that the trait is object safe.
pub(crate) type OsFuture<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// The system around the process, which tests replace.
pub(crate) trait Os: Debug + Send + Sync {
    /// Returns an environment variable; `None` if it is unset. Bytes that are not Unicode become
    /// U+FFFD, so that a damaged variable is not mistaken for an unset one.
    fn variable(&self, name: &str) -> Option<String>;

    /// Returns the home directory of the user.
    fn home(&self) -> Option<PathBuf>;

    /// Reads a file. Fails with [`FileTooLarge`](io::ErrorKind::FileTooLarge) if it exceeds the
    /// limit. The future does not end as long as the file blocks, and can be dropped.
    fn read_file<'a>(&'a self, path: &'a Path, max_bytes: u64) -> OsFuture<'a, Zeroizing<Vec<u8>>>;

    /// Reads a file on this thread. `None` if it does not exist, and if it is not a regular file,
    /// such as a FIFO, which can block and be read only once.
    fn read_regular_file(
        &self,
        path: &Path,
        max_bytes: u64,
    ) -> io::Result<Option<Zeroizing<Vec<u8>>>>;

    /// Runs a program without a shell, and kills it if the future is dropped.
    fn run<'a>(&'a self, program: &'a str, arguments: &'a [String]) -> OsFuture<'a, CommandOutput>;
}

/// The result of a program that ended. Its standard error is that of this process.
pub(crate) struct CommandOutput {
    /// The way it ended, such as `exit status: 3`, unless that was a success.
    pub(crate) failure: Option<String>,
    pub(crate) stdout: Zeroizing<Vec<u8>>,
}

/// The system on which the process runs.
#[derive(Debug)]
pub(crate) struct SystemOs;

impl Os for SystemOs {
    fn variable(&self, name: &str) -> Option<String> {
        Some(std::env::var_os(name)?.to_string_lossy().into_owned())
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
    }

    fn read_file<'a>(&'a self, path: &'a Path, max_bytes: u64) -> OsFuture<'a, Zeroizing<Vec<u8>>> {
        Box::pin(file::read(path, max_bytes))
    }

    fn read_regular_file(
        &self,
        path: &Path,
        max_bytes: u64,
    ) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        file::read_regular(path, max_bytes)
    }

    fn run<'a>(&'a self, program: &'a str, arguments: &'a [String]) -> OsFuture<'a, CommandOutput> {
        Box::pin(async {
            let (status, stdout) = program::run(program, arguments).await?;
            let failure = (!status.success()).then(|| status.to_string());
            Ok(CommandOutput { failure, stdout })
        })
    }
}
