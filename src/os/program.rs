//! Runs a program and collects its output, without a thread and without a handler of signals.

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tokio::time::sleep;
use zeroize::Zeroizing;

use self::output::Output;

/// More than the credentials that a program prints.
const MAX_OUTPUT_BYTES: usize = 1024 * 1024;

/// The interval at which a running program is checked.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// A program may leave a child that has its output open. After its end the output is read for up to
/// half a second more: a child that prints the credentials does so soon, and any other never
/// closes it.
const POLLS_AFTER_EXIT: u32 = 50;

/// Returns how the program ended, and its standard output.
pub(super) async fn run(
    program: &str,
    arguments: &[String],
) -> io::Result<(ExitStatus, Zeroizing<Vec<u8>>)> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut program = RunningProgram(command.spawn()?);
    let pipe = program.0.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut output = Output::new(pipe)?;
    // Room for most outputs, so that no copy of one is left behind unwiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
    let mut polls_after_exit = 0;
    loop {
        // Before the check of the output: what a program prints, it prints before its end.
        let status = program.0.try_wait()?;
        let is_closed = output.read_available(&mut bytes)?;
        if bytes.len() > MAX_OUTPUT_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if let Some(status) = status {
            if is_closed || polls_after_exit == POLLS_AFTER_EXIT {
                return Ok((status, bytes));
            }
            polls_after_exit += 1;
        }
        sleep(POLL_INTERVAL).await;
    }
}

/// A running program, killed on drop.
struct RunningProgram(Child);

impl Drop for RunningProgram {
    fn drop(&mut self) {
        // Both fail for a program that has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(unix)]
mod output {
    use std::fs::File;
    use std::io::{self, Read as _};
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;
    use std::process::ChildStdout;

    use zeroize::Zeroizing;

    /// The output of a program, read without blocking.
    pub(super) struct Output(File);

    impl Output {
        pub(super) fn new(pipe: ChildStdout) -> io::Result<Self> {
            // The standard library offers the non-blocking mode only for sockets, by a system call
            // that works for any descriptor.
            let descriptor = UnixStream::from(OwnedFd::from(pipe));
            descriptor.set_nonblocking(true)?;
            Ok(Self(File::from(OwnedFd::from(descriptor))))
        }

        /// Appends what has been printed, and returns whether the output is closed. Reads a limited
        /// amount, so that an endless output does not occupy the thread.
        pub(super) fn read_available(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
            let mut chunk = Zeroizing::new([0; 8 * 1024]);
            for _ in 0..128 {
                match self.0.read(&mut *chunk) {
                    Ok(0) => return Ok(true),
                    Ok(count) => bytes.extend_from_slice(&chunk[..count]),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(false)
        }
    }
}

#[cfg(not(unix))]
mod output {
    use std::io::{self, Read as _};
    use std::process::ChildStdout;
    use std::sync::mpsc::{self, Receiver, TryRecvError};
    use std::thread;

    use zeroize::Zeroizing;

    /// The output of a program, read by a thread that ends when the output is closed.
    pub(super) struct Output(Receiver<io::Result<Zeroizing<Vec<u8>>>>);

    impl Output {
        pub(super) fn new(mut pipe: ChildStdout) -> io::Result<Self> {
            let (sender, receiver) = mpsc::sync_channel(128);
            let read = move || {
                loop {
                    let mut chunk = Zeroizing::new(vec![0; 8 * 1024]);
                    let read = match pipe.read(&mut chunk) {
                        Ok(0) => return,
                        Ok(count) => {
                            chunk.truncate(count);
                            Ok(chunk)
                        }
                        Err(error) => Err(error),
                    };
                    let is_error = read.is_err();
                    if sender.send(read).is_err() || is_error {
                        return;
                    }
                }
            };
            thread::Builder::new().name("credentials-program".to_owned()).spawn(read)?;
            Ok(Self(receiver))
        }

        /// Appends what has been printed, and returns whether the output is closed.
        pub(super) fn read_available(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
            for _ in 0..128 {
                match self.0.try_recv() {
                    Ok(chunk) => bytes.extend_from_slice(&chunk?),
                    Err(TryRecvError::Empty) => return Ok(false),
                    Err(TryRecvError::Disconnected) => return Ok(true),
                }
            }
            Ok(false)
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read as _;

    use tokio::time::timeout;

    use super::*;

    async fn shell(script: &str) -> io::Result<(ExitStatus, Zeroizing<Vec<u8>>)> {
        run("sh", &["-c".to_owned(), script.to_owned()]).await
    }

    #[test]
    fn dropped_program_is_killed() {
        let mut child = Command::new("sleep").arg("600").stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        drop(RunningProgram(child));
        assert_eq!(stdout.read(&mut [0]).unwrap(), 0, "it ends before its 600 s");
    }

    #[tokio::test]
    async fn program_gets_exact_arguments_and_its_output_is_limited() {
        let arguments = ["a b".to_owned(), "$HOME;x".to_owned()];
        let (status, stdout) = run("echo", &arguments).await.unwrap();
        assert!(status.success());
        assert_eq!(*stdout, b"a b $HOME;x\n");
        let (status, _) = run("false", &[]).await.unwrap();
        assert_eq!(status.to_string(), "exit status: 1");
        assert!(run("/does/not/exist", &[]).await.is_err());
        let endless = run("yes", &[]).await.map(|_| ()).unwrap_err();
        assert_eq!(endless.kind(), io::ErrorKind::FileTooLarge);
    }

    /// More than a pipe holds, so that the program waits for its reader.
    #[tokio::test]
    async fn long_output_is_complete() {
        let (_, stdout) = shell("head -c 300000 /dev/zero").await.unwrap();
        assert_eq!(stdout.len(), 300_000);
    }

    /// Without the end after the program, this would take the 600 s of the child.
    #[tokio::test]
    async fn output_that_a_child_keeps_open_ends_with_the_program() {
        let run = timeout(Duration::from_secs(60), shell("sleep 600 & echo $!"));
        let (status, stdout) = run.await.unwrap().unwrap();
        assert!(status.success());
        let child = std::str::from_utf8(&stdout).unwrap().trim();
        assert!(Command::new("kill").arg(child).status().unwrap().success());
    }

    #[tokio::test]
    async fn child_may_print_shortly_after_the_program_has_ended() {
        let (_, stdout) = shell("(sleep 0.1; echo late) &").await.unwrap();
        assert_eq!(*stdout, b"late\n");
    }
}
