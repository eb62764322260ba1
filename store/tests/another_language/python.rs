//! Runs `docs/verify_ledger.py`.

use std::{
    env,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// A Python that has the package `cryptography`; `None`, told loudly, where there is none.
fn python() -> Option<&'static Path> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        // A Python of one's own may come first and lack the system's packages.
        let found = ["python3", "/usr/bin/python3"].into_iter().find(|python| {
            let asked = Command::new(python)
                .args(["-c", "import cryptography"])
                .output();
            asked.is_ok_and(|asked| asked.status.success())
        });
        assert!(
            found.is_some() || env::var_os("CI").is_none(),
            "Python with the package cryptography must be there where CI is"
        );
        if found.is_none() {
            let told = "\nSKIPPED: docs/verify_ledger.py, there is no Python with the package cryptography.\n\n";
            std::io::stderr().write_all(told.as_bytes()).unwrap();
        }
        found.map(PathBuf::from)
    });
    found.as_deref()
}

/// Whether the check finds nothing wrong in the file, and what it says.
pub fn run(file: &Path, arguments: &[&str]) -> Option<(bool, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/verify_ledger.py");
    let output = Command::new(python()?)
        .arg(script)
        .arg(file)
        .args(arguments)
        .output()
        .unwrap();
    let said =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    Some((output.status.success(), said))
}
