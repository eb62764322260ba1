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

/// Takes the files of a SQLite database, which an earlier version or a copy may have left open to others, for their owner alone.
pub fn take_for_the_owner(url: &str) -> Result<()> {
    for path in files_of(url) {
        if path.exists() {
            close(&path).with_context(|| format!("can't keep {} to its owner", path.display()))?;
        }
    }
    Ok(())
}

/// The database file of a URL, and what SQLite keeps beside it; none of another engine.
fn files_of(url: &str) -> Vec<PathBuf> {
    let Some(path) = url.strip_prefix("sqlite:") else {
        return Vec::new();
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if path.is_empty() || path == ":memory:" {
        return Vec::new();
    }
    // Forms that are not recorded lie in a file of their own beside it.
    ["", "-wal", "-shm", ".forms", ".forms-wal", ".forms-shm"]
        .map(|ending| PathBuf::from(format!("{path}{ending}")))
        .into()
}

#[cfg(unix)]
fn close(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    tracing::warn!(path = %path.display(), "was open to others, is now kept to its owner");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o700))
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
        let base = folder.path().join("autolog.db");
        let paths = ["", "-wal"].map(|ending| PathBuf::from(format!("{}{ending}", base.display())));
        for path in &paths {
            std::fs::write(path, "x").unwrap();
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        take_for_the_owner(&format!("sqlite:{}", base.display())).unwrap();
        for path in &paths {
            assert_eq!(mode(path), 0o600);
        }
        take_for_the_owner("postgres://lab@db/autolog").unwrap();
    }

    #[test]
    fn the_files_of_a_url_are_found_in_each_spelling() {
        for url in [
            "sqlite:/a/b.db",
            "sqlite:///a/b.db",
            "sqlite:/a/b.db?mode=rwc",
        ] {
            assert_eq!(files_of(url)[0], Path::new("/a/b.db"), "{url}");
        }
        assert!(files_of("sqlite::memory:").is_empty());
    }
}
