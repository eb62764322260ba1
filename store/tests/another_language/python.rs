//! Runs `docs/verify_ledger.py`.

use std::{
    env,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

/// A Python that has the package `cryptography`; `None`, told loudly, where there is none.
fn python() -> Option<&'static Path> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        // The system's own has the system's packages.
        let found = ["/usr/bin/python3", "python3"].into_iter().find(|python| {
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

/// The same for many files in one process, each as if it were called alone.
pub fn run_all(files: &[&Path], arguments: &[&str]) -> Option<Vec<(bool, String)>> {
    let many = "import contextlib, io, json, runpy, sys
script, arguments = sys.argv[1], json.loads(sys.argv[2])
for file in sys.stdin.read().split():
    said, code = io.StringIO(), 0
    sys.argv = [script, file, *arguments]
    with contextlib.redirect_stdout(said):
        try: runpy.run_path(script, run_name='__main__')
        except SystemExit as end: code = end.code
    print(json.dumps([not code, said.getvalue()]), flush=True)";
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/verify_ledger.py");
    let mut child = Command::new(python()?)
        .args(["-c", many])
        .arg(script)
        .arg(serde_json::to_string(arguments).unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let names: Vec<_> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(names.join("\n").as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the check broke off");
    let said = String::from_utf8(output.stdout).unwrap();
    Some(
        said.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}
