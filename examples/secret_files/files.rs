//! Files that only their owner reads, and that are replaced in one step.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use alibabacloud_kms::zeroize::Zeroizing;

/// Returns where a secret is written: its name below the directory. A name that leads elsewhere is
/// an error.
pub(crate) fn path(directory: &Path, secret_name: &str) -> io::Result<PathBuf> {
    // Neither elsewhere nor in the place of another secret, as `a//b` would be in that of `a/b`.
    if secret_name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        let problem =
            format!("{secret_name:?} is not usable as the name of a file below the directory");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
    }
    Ok(directory.join(secret_name))
}

/// Writes a file unless it has these contents and is its owner's alone. Returns whether it was
/// written.
pub(crate) fn replace(path: &Path, contents: &[u8]) -> io::Result<bool> {
    if is_private(path) && is_equal(path, contents) {
        return Ok(false);
    }
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let temporary = temporary(path);
    let written = write_new(&temporary, contents).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written?;
    // So that the new name survives a loss of power.
    File::open(directory)?.sync_all()?;
    Ok(true)
}

fn is_equal(path: &Path, contents: &[u8]) -> bool {
    fs::read(path).map(Zeroizing::new).is_ok_and(|present| *present == contents)
}

fn is_private(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path).is_ok_and(|file| file.permissions().mode().trailing_zeros() >= 6)
    }
    #[cfg(not(unix))]
    path.exists()
}

/// Returns a name beside the file, which is on the same file system.
fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}", std::process::id()))
}

fn write_new(path: &Path, contents: &[u8]) -> io::Result<()> {
    // Left by a process of this number that was killed.
    let _ = fs::remove_file(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(contents)?;
    file.sync_all()
}
