//! The file of a SQLite database: what stands at its path before it is opened, and whether it is still there afterwards.
//!
//! SQLite makes a database of any path, and goes on writing to a file that was deleted under it. Both would lose a record
//! without a word.

use crate::{Fault, Mode};
use std::{
    fs,
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
};

/// With this every database of SQLite begins.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// Goes on only where a database can be opened, or made, at `path`.
pub(super) fn can_be_opened(path: &Path, mode: Mode) -> Result<(), Fault> {
    let shown = path.display().to_string();
    let other = |what| Fault::NotADatabase {
        path: shown.clone(),
        what,
    };
    if shown.starts_with("file:") || shown == ":memory:" {
        return Err(other("a database in memory, which nobody keeps"));
    }
    let kind = match fs::metadata(path) {
        Ok(kind) => kind,
        Err(why) if why.kind() == ErrorKind::NotFound => {
            return match mode {
                Mode::Create => Ok(()),
                Mode::Read | Mode::Write => Err(Fault::NoDatabase(shown)),
            };
        }
        Err(why) if why.kind() == ErrorKind::NotADirectory => return Err(Fault::NoDatabase(shown)),
        Err(_) => return Err(other("a file that can't be read")),
    };
    if kind.is_dir() {
        return Err(other("a folder"));
    }
    if kind.len() == 0 {
        return match mode {
            Mode::Create => Ok(()),
            Mode::Read | Mode::Write => Err(other("an empty file")),
        };
    }
    let mut head = [0; HEADER.len()];
    match fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)) {
        Ok(()) if head == *HEADER => Ok(()),
        Ok(()) => Err(other("a file of another kind")),
        Err(why) if why.kind() == ErrorKind::UnexpectedEof => Err(other("a file of another kind")),
        Err(_) => Err(other("a file that can't be read")),
    }
}

/// The file that was opened.
#[derive(Debug)]
pub(crate) struct OpenedFile {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

impl OpenedFile {
    pub(super) fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            identity: identity(path),
        }
    }

    /// Goes on only where the path still names the file that was opened.
    pub(super) fn is_there(&self) -> Result<(), Fault> {
        let now = identity(&self.path);
        if now.is_some() && now == self.identity {
            return Ok(());
        }
        Err(Fault::FileGone {
            path: self.path.display().to_string(),
        })
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let found = fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<(u64, u64)> {
    path.exists().then_some((0, 0))
}
