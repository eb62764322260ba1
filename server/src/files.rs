//! Who can read what the program writes: its owner alone, who is the one that it runs as.

use anyhow::{Context as _, Result, bail};
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

/// Refuses to write where the data folder, or the keys and the database in it, belong to another account than the one that this
/// runs as: what root makes in the folder of another account, that account can't read, and then the record isn't served any
/// more. Of the `files` of a database that lies elsewhere nothing is said here.
#[cfg(unix)]
pub fn refuse_those_of_another(data: &Path, files: &[PathBuf]) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let keys = data.join("keys");
    let in_keys = std::fs::read_dir(&keys).into_iter().flatten().flatten();
    let files = [keys]
        .into_iter()
        .chain(in_keys.map(|entry| entry.path()))
        .chain(files.iter().cloned())
        .filter(|file| file.starts_with(data));
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let runs = rustix::process::geteuid().as_raw();
    let owner = |path: &Path| std::fs::metadata(path).ok().map(|found| found.uid());
    if let Some(owner) = owner(data).filter(|owner| *owner != runs) {
        bail!(folder_of_another(data, owner, runs, &accounts));
    }
    for file in files {
        if let Some(owner) = owner(&file).filter(|owner| *owner != runs) {
            bail!(file_of_another(&file, owner, runs, &accounts));
        }
    }
    Ok(())
}

/// Refuses to write where the data folder belongs to another account: unknown here.
#[cfg(not(unix))]
pub fn refuse_those_of_another(_: &Path, _: &[PathBuf]) -> Result<()> {
    Ok(())
}

#[cfg(unix)]
fn folder_of_another(data: &Path, owner: u32, runs: u32, accounts: &str) -> String {
    let [owned_by, run_by] = [owner, runs].map(|id| account(id, accounts));
    let folder = data.display();
    let what_to_do = match owner {
        // Nobody is asked to serve as root.
        0 => format!(
            "Give it to the account that serves, with all that is in it: sudo chown -R {run_by} {folder}"
        ),
        _ => format!(
            "Run it as {owned_by}: sudo -u {owned_by} env AUTOLOG_DATA_DIR={folder} autolog ..."
        ),
    };
    format!(
        "the data folder {folder} belongs to the account {owned_by}, and this runs as {run_by}. Nothing was written: each of the \
         two could not read what the other one makes there. {what_to_do}"
    )
}

#[cfg(unix)]
fn file_of_another(file: &Path, owner: u32, runs: u32, accounts: &str) -> String {
    let [owned_by, run_by] = [owner, runs].map(|id| account(id, accounts));
    let file = file.display();
    format!(
        "{file} belongs to the account {owned_by}, and this runs as {run_by}. Nothing was written. Where {run_by} is the account \
         that serves, give it the file: sudo chown {run_by} {file}"
    )
}

/// The name of an account by `/etc/passwd`; else its number as sudo takes it.
#[cfg(unix)]
fn account(id: u32, accounts: &str) -> String {
    let named = accounts.lines().find_map(|line| {
        let mut parts = line.split(':');
        let (name, number) = (parts.next()?, parts.nth(1)?);
        (number.parse() == Ok(id)).then(|| name.to_owned())
    });
    named.unwrap_or_else(|| format!("'#{id}'"))
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

    #[cfg(unix)]
    #[test]
    fn who_writes_into_the_folder_of_another_account_is_told_which_one_to_use() {
        let accounts =
            "root:x:0:0:root:/root:/bin/sh\nautolog:x:998:998::/var/lib/autolog:/bin/sh\n";
        let folder = Path::new("/var/lib/autolog");
        for (owner, runs, words) in [
            (
                998,
                0,
                "belongs to the account autolog, and this runs as root.",
            ),
            (
                998,
                0,
                "sudo -u autolog env AUTOLOG_DATA_DIR=/var/lib/autolog autolog",
            ),
            (77, 0, "sudo -u '#77' env"),
            (0, 998, "sudo chown -R autolog /var/lib/autolog"),
        ] {
            let said = folder_of_another(folder, owner, runs, accounts);
            assert!(said.contains(words), "{said}");
        }
        let said = file_of_another(&folder.join("autolog.db"), 0, 998, accounts);
        assert!(
            said.contains("sudo chown autolog /var/lib/autolog/autolog.db"),
            "{said}"
        );
    }

    #[test]
    fn what_is_ones_own_or_not_there_yet_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let files = [folder.path().join("autolog.db")];
        refuse_those_of_another(&folder.path().join("none"), &files).unwrap();
        std::fs::create_dir(folder.path().join("keys")).unwrap();
        std::fs::write(folder.path().join("keys/GE.key"), "x").unwrap();
        std::fs::write(&files[0], "x").unwrap();
        refuse_those_of_another(folder.path(), &files).unwrap();
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
