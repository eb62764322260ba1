//! Who can read what the program writes: its owner alone.

use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// From now on nobody but the owner can read or write what this process makes: the database and what SQLite keeps beside it,
/// keys, backups, logs that it opens.
#[cfg(unix)]
pub fn keep_to_the_owner() {
    use rustix::fs::Mode;
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}

/// From now on nobody but the owner can read or write what this process makes.
#[cfg(not(unix))]
pub fn keep_to_the_owner() {}

/// Takes the files of a record, which an earlier version or a copy may have left open to others, for their owner alone. Only
/// of what was seen to be a record: the files of another program are its own.
pub fn take_for_the_owner(files: &[PathBuf]) -> Result<()> {
    for path in files.iter().filter(|path| path.is_file()) {
        close(path).with_context(|| format!("can't keep {} to its owner", path.display()))?;
    }
    Ok(())
}

/// A path with its folder as the system knows it: two names of one place are the same then. The file need not be there.
pub fn in_place(path: &Path) -> PathBuf {
    let folder = folder_of(path);
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    path.file_name()
        .map_or_else(|| folder.clone(), |name| folder.join(name))
}

/// The folder in which a path names something.
pub fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn close(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o700))?;
    tracing::warn!(path = %path.display(), "was open to others, is now kept to its owner");
    Ok(())
}

#[cfg(not(unix))]
fn close(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_database_that_others_can_read_is_taken_for_its_owner() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let open = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let base = folder.path().join("my lab.db");
        let url = format!("sqlite://{}", base.display()).replace(' ', "%20");
        let files = store::files_of(&url).unwrap();
        assert_eq!(files[0], base);
        for path in &files[..2] {
            std::fs::write(path, "x").unwrap();
            open(path, 0o644);
        }
        // What isn't a file is left alone.
        std::fs::create_dir(&files[2]).unwrap();
        open(&files[2], 0o755);
        take_for_the_owner(&files).unwrap();
        assert_eq!(mode(&files[0]), 0o600);
        assert_eq!(mode(&files[1]), 0o600);
        assert_eq!(mode(&files[2]), 0o755);
    }

    #[test]
    fn the_files_of_a_url_are_found_in_each_spelling() {
        for (url, path) in [
            ("sqlite:/a/b.db", "/a/b.db"),
            ("sqlite:///a/b.db", "/a/b.db"),
            ("sqlite:/a/b.db?mode=rwc", "/a/b.db"),
            ("sqlite:///a/my%20b.db", "/a/my b.db"),
            ("sqlite:///a/%62.db", "/a/b.db"),
        ] {
            let files = store::files_of(url).unwrap();
            assert_eq!(files[0], Path::new(path), "{url}");
            assert!(files.contains(&PathBuf::from(format!("{path}-wal"))));
            assert!(files.contains(&PathBuf::from(format!("{path}.forms"))));
        }
        let elsewhere = store::files_of("postgres://lab@db/autolog").unwrap();
        assert!(elsewhere.is_empty());
    }

    #[test]
    fn two_names_of_one_place_are_the_same() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let one = in_place(&folder.path().join("data/autolog.db-wal"));
        let other = in_place(&folder.path().join("data/../data/./autolog.db-wal"));
        assert_eq!(one, other);
    }
}
