//! The keys that sign the checkpoints: a file for each ledger, beside the database and never in it.

use anyhow::{Context as _, Result, bail};
use domain::ledger::{Keyring, LedgerKey, LedgerName};
use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::KeptKeys;

/// The folder of the key files.
pub struct KeyFolder {
    folder: PathBuf,
}

impl KeyFolder {
    /// The folder `keys` in the data folder. It is made with the first key: reading makes nothing.
    pub fn at(data: &Path) -> Self {
        let folder = data.join("keys");
        Self { folder }
    }

    /// All keys in it.
    pub fn keyring(&self) -> Result<Keyring> {
        Ok(Keyring::new(self.keys()?))
    }

    /// What looks the keys of a ledger up again in this folder: another process may have made one since.
    pub fn kept_keys(&self) -> KeptKeys {
        let folder = Self {
            folder: self.folder.clone(),
        };
        Arc::new(move |ledger| folder.kept(ledger).map_err(Into::into))
    }

    /// The key of a ledger as it lies here now, then the one that is to take its place.
    fn kept(&self, ledger: &LedgerName) -> Result<Vec<LedgerKey>> {
        // The next one first: where it is put in place in this very moment, it is found under one name or the other.
        let next = self.next(ledger)?;
        let path = self.path(ledger, "key");
        let key = path.exists().then(|| read(&path)).transpose()?;
        Ok(key.into_iter().chain(next).collect())
    }

    /// The ledgers that there is a key for.
    pub fn ledgers(&self) -> Result<Vec<LedgerName>> {
        Ok(self
            .keys()?
            .into_iter()
            .map(|key| key.ledger().clone())
            .collect())
    }

    /// Makes the key of a ledger from `seed` and writes its file. A key that is there is never written over: what it
    /// signed could not be signed again.
    pub fn make(&self, ledger: &LedgerName, seed: &[u8; 32]) -> Result<LedgerKey> {
        let key = LedgerKey::from_seed(ledger.clone(), seed);
        self.write(&key, "key")?;
        Ok(key)
    }

    /// Makes the key that is to take the place of a ledger's, beside it: it signs nothing until [`Self::put_in_place`].
    pub fn make_next(&self, ledger: &LedgerName, seed: &[u8; 32]) -> Result<LedgerKey> {
        let key = LedgerKey::from_seed(ledger.clone(), seed);
        self.write(&key, "next")?;
        Ok(key)
    }

    /// The key that is to take the place of a ledger's, where a rotation was broken off.
    pub fn next(&self, ledger: &LedgerName) -> Result<Option<LedgerKey>> {
        let path = self.path(ledger, "next");
        path.exists().then(|| read(&path)).transpose()
    }

    /// Puts a key that was made as the next one in the place of its ledger's key, whose file is gone after that.
    pub fn put_in_place(&self, key: &LedgerKey) -> Result<()> {
        let (next, place) = (
            self.path(key.ledger(), "next"),
            self.path(key.ledger(), "key"),
        );
        if !next.exists() {
            // The ledger speaks of this key already: the person who removed the file must not make it lost.
            self.write(key, "next")?;
        }
        fs::rename(&next, &place)
            .with_context(|| format!("can't put the new key in place as {}", place.display()))?;
        self.on_the_disk()
    }

    /// Takes the key of a ledger away that has signed nothing.
    pub fn forget(&self, ledger: &LedgerName) -> Result<()> {
        let path = self.path(ledger, "key");
        fs::remove_file(&path).with_context(|| format!("can't remove {}", path.display()))
    }

    /// Forgets the next key, which the ledger doesn't speak of.
    pub fn forget_next(&self, ledger: &LedgerName) -> Result<()> {
        let next = self.path(ledger, "next");
        fs::remove_file(&next).with_context(|| format!("can't remove {}", next.display()))
    }

    /// The ledgers of which a rotation was begun and not ended.
    pub fn ledgers_with_a_next_key(&self) -> Result<Vec<LedgerName>> {
        let keys = self.read_all("next")?;
        Ok(keys.into_iter().map(|key| key.ledger().clone()).collect())
    }

    fn path(&self, ledger: &LedgerName, ending: &str) -> PathBuf {
        self.folder.join(format!("{ledger}.{ending}"))
    }

    /// The folder too: a new name must outlive a power cut.
    fn on_the_disk(&self) -> Result<()> {
        fs::File::open(&self.folder)
            .and_then(|folder| folder.sync_all())
            .with_context(|| format!("can't keep the folder of keys {}", self.folder.display()))
    }

    fn write(&self, key: &LedgerKey, ending: &str) -> Result<()> {
        if let Some(data) = self.folder.parent() {
            make_private_folder(data)?;
        }
        make_private_folder(&self.folder)?;
        let path = self.path(key.ledger(), ending);
        let mut file = private_file()
            .open(&path)
            .with_context(|| format!("can't make the key file {}", path.display()))?;
        writeln!(file, "{}", key.secret_text())
            .and_then(|()| file.sync_all())
            .with_context(|| format!("can't write the key file {}", path.display()))?;
        self.on_the_disk()
    }

    fn keys(&self) -> Result<Vec<LedgerKey>> {
        self.read_all("key")
    }

    fn read_all(&self, wanted: &str) -> Result<Vec<LedgerKey>> {
        let unreadable = || format!("can't read the folder of keys {}", self.folder.display());
        let mut keys = Vec::new();
        if !self.folder.exists() {
            return Ok(keys);
        }
        for entry in fs::read_dir(&self.folder).with_context(unreadable)? {
            let path = entry.with_context(unreadable)?.path();
            if path.extension().is_some_and(|ending| ending == wanted) {
                keys.push(read(&path)?);
            }
        }
        keys.sort_by(|a, b| a.ledger().cmp(b.ledger()));
        Ok(keys)
    }
}

fn read(path: &Path) -> Result<LedgerKey> {
    let shown = path.display();
    only_for_its_owner(path)?;
    let text =
        fs::read_to_string(path).with_context(|| format!("can't read the key file {shown}"))?;
    let key = LedgerKey::from_secret_text(&text)
        .with_context(|| format!("the key file {shown} holds no key of a ledger"))?;
    let named = path
        .file_stem()
        .is_some_and(|stem| stem == key.ledger().as_str());
    if !named {
        bail!(
            "the key file {shown} holds the key of ledger {}: it was renamed",
            key.ledger()
        );
    }
    Ok(key)
}

/// Makes a folder for its owner alone, where it isn't there.
pub fn make_private_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.with_context(|| format!("can't make the folder {}", folder.display())),
    }
}

fn private_file() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn only_for_its_owner(path: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let mode = fs::metadata(path)
        .with_context(|| format!("can't read the key file {}", path.display()))?
        .mode();
    if mode & 0o077 != 0 {
        bail!(
            "the key file {} can be read by others. Allow it to its owner alone: chmod 600 {0}",
            path.display()
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn only_for_its_owner(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_read_again() {
        let data = tempfile::tempdir().unwrap();
        let folder = KeyFolder::at(data.path());
        let ge = LedgerName::parse("GE").unwrap();
        let made = folder.make(&ge, &[7; 32]).unwrap();
        assert!(folder.make(&ge, &[8; 32]).is_err());
        let again = KeyFolder::at(data.path()).keyring().unwrap();
        assert_eq!(again.signing(&ge).unwrap().public(), made.public());
    }

    #[test]
    fn a_key_that_was_made_since_is_found_in_place_and_while_it_is_put_there() {
        let data = tempfile::tempdir().unwrap();
        let folder = KeyFolder::at(data.path());
        let ge = LedgerName::parse("GE").unwrap();
        let kept = folder.kept_keys();
        let found = || -> Vec<_> {
            let keys = kept(&ge).unwrap();
            keys.iter().map(LedgerKey::public).collect()
        };
        assert_eq!(found(), []);
        let first = folder.make(&ge, &[7; 32]).unwrap();
        assert_eq!(found(), [first.public()]);
        let next = folder.make_next(&ge, &[8; 32]).unwrap();
        assert_eq!(found(), [first.public(), next.public()]);
        folder.put_in_place(&next).unwrap();
        assert_eq!(found(), [next.public()]);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_or_that_was_renamed_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let data = tempfile::tempdir().unwrap();
        let folder = KeyFolder::at(data.path());
        folder
            .make(&LedgerName::parse("GE").unwrap(), &[7; 32])
            .unwrap();
        let path = data.path().join("keys/GE.key");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let why = folder.keyring().unwrap_err().to_string();
        assert!(why.contains("chmod 600"), "{why}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::rename(&path, data.path().join("keys/BA.key")).unwrap();
        assert!(
            folder
                .keyring()
                .unwrap_err()
                .to_string()
                .contains("renamed")
        );
    }
}
