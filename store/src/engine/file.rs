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

/// What SQLite keeps beside a database, and the file of forms with what is kept beside that.
const BESIDE: [&str; 8] = [
    "",
    "-wal",
    "-shm",
    "-journal",
    FORMS,
    ".forms-wal",
    ".forms-shm",
    ".forms-journal",
];

/// Forms that are not recorded lie in a file of their own beside the record's.
const FORMS: &str = ".forms";

/// The database file and all that belongs to it, whether it is there or not.
pub(super) fn with_what_is_beside(path: &Path) -> Vec<PathBuf> {
    BESIDE.map(|ending| with_ending(path, ending)).into()
}

/// The file of forms of a database.
pub(super) fn of_forms(path: &Path) -> PathBuf {
    with_ending(path, FORMS)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Goes on only where a database can be opened, or made, at `path`.
pub(super) fn can_be_opened(path: &Path, mode: Mode) -> Result<(), Fault> {
    let shown = path.display().to_string();
    let other = |what| Fault::NotADatabase {
        path: shown.clone(),
        what,
    };
    let no_way = |way| {
        let path = shown.clone();
        move |source| Fault::NoWayIn { path, way, source }
    };
    if shown.starts_with("file:") || shown == ":memory:" {
        return Err(other(IN_MEMORY));
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
        Err(why) => return Err(no_way("read")(why)),
    };
    if kind.is_dir() {
        return Err(other("a folder"));
    }
    if !kind.is_file() {
        return Err(other("a device or a pipe"));
    }
    if kind.len() == 0 && mode != Mode::Create {
        return Err(other("an empty file"));
    }
    if kind.len() > 0 {
        let mut head = [0; HEADER.len()];
        let mut file = fs::File::open(path).map_err(no_way("read"))?;
        match file.read_exact(&mut head) {
            Ok(()) if head == *HEADER => {}
            Ok(()) => return Err(other("a file of another kind")),
            Err(why) if why.kind() == ErrorKind::UnexpectedEof => {
                return Err(other("a file of another kind"));
            }
            Err(why) => return Err(no_way("read")(why)),
        }
    }
    match mode {
        Mode::Read => Ok(()),
        // Nothing is written to it yet.
        Mode::Write | Mode::Create => fs::OpenOptions::new()
            .append(true)
            .open(path)
            .map(|_| ())
            .map_err(no_way("written")),
    }
}

/// What a database in memory is.
pub(super) const IN_MEMORY: &str = "a database in memory, which nobody keeps";

/// Whether the file alone holds everything: nothing that was written last lies beside it.
pub(super) fn holds_everything(path: &Path) -> bool {
    let beside = ["-wal", "-journal"].map(|ending| with_ending(path, ending));
    !beside
        .iter()
        .any(|path| fs::metadata(path).is_ok_and(|found| found.len() > 0))
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_stands_at_a_path_is_told_before_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("empty"), "").unwrap();
        fs::write(at("notes.txt"), "notes, and longer than a header").unwrap();
        fs::write(at("database"), HEADER).unwrap();
        for (path, mode, words) in [
            (at("none"), Mode::Read, "there is no database"),
            (at("none"), Mode::Create, ""),
            (at("empty"), Mode::Write, "an empty file"),
            (at("empty"), Mode::Create, ""),
            (at("notes.txt"), Mode::Create, "a file of another kind"),
            (folder.path().to_owned(), Mode::Create, "a folder"),
            ("/dev/null".into(), Mode::Create, "a device or a pipe"),
            (":memory:".into(), Mode::Create, IN_MEMORY),
            (at("database"), Mode::Write, ""),
        ] {
            let said = can_be_opened(&path, mode);
            let said = said.map_or_else(|why| why.to_string(), |()| String::new());
            assert!(said.contains(words), "{path:?}: {said}");
            assert_eq!(said.is_empty(), words.is_empty(), "{path:?}: {said}");
        }
    }

    #[test]
    fn what_was_written_last_may_lie_beside_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        assert!(holds_everything(&path));
        fs::write(with_ending(&path, "-wal"), "").unwrap();
        assert!(holds_everything(&path));
        fs::write(with_ending(&path, "-wal"), "x").unwrap();
        assert!(!holds_everything(&path));
    }
}
