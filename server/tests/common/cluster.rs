//! A PostgreSQL of the test's own, that it may end and start again.

use std::{
    env, fs,
    io::Write as _,
    net::TcpListener,
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// How connections over the network are let in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    Off,
    /// With the certificate of `tests/tls`, and in no other way.
    Only,
}

pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    pub port: u16,
    server: Option<Child>,
}

impl Cluster {
    /// `None`, told loudly, where the programs of PostgreSQL are not here.
    pub fn start(tls: Tls) -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(
                env::var_os("CI").is_none(),
                "PostgreSQL must be installed where CI is"
            );
            let told = "\nSKIPPED: a PostgreSQL of its own. Install PostgreSQL.\n\n";
            std::io::stderr().write_all(told.as_bytes()).unwrap();
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mut cluster = Self {
            folder,
            programs,
            port,
            server: None,
        };
        cluster.make(tls);
        cluster.begin();
        Some(cluster)
    }

    fn make(&self, tls: Tls) {
        let home = self.folder.path();
        if is_root() {
            let mut owned = Command::new("chown");
            owned.arg("postgres:postgres").arg(home);
            assert!(owned.status().unwrap().success());
        }
        let options = [
            "--username",
            "autolog",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
        ];
        let mut initdb = as_server(Command::new(self.programs.join("initdb")));
        initdb
            .args(options)
            .args(["--locale", "C", "--no-sync", "--pgdata"]);
        let made = initdb.arg(self.data()).current_dir(home).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        if tls == Tls::Only {
            for (file, name) in [("certificate.pem", "server.crt"), ("key.pem", "server.key")] {
                let to = self.data().join(name);
                fs::copy(certificates().join(file), &to).unwrap();
                fs::set_permissions(&to, fs::Permissions::from_mode(0o600)).unwrap();
                if is_root() {
                    let mut owned = Command::new("chown");
                    owned.arg("postgres:postgres").arg(&to);
                    assert!(owned.status().unwrap().success());
                }
            }
            let rules = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";
            fs::write(self.data().join("pg_hba.conf"), rules).unwrap();
        }
        let tls = if tls == Tls::Only { "ssl = on\n" } else { "" };
        let settings = fs::read_to_string(self.data().join("postgresql.conf")).unwrap();
        let settings = format!("{settings}\nfsync = off\nmax_connections = 60\n{tls}");
        fs::write(self.data().join("postgresql.conf"), settings).unwrap();
    }

    /// Starts it, on the same port each time.
    pub fn begin(&mut self) {
        let mut server = as_server(Command::new(self.programs.join("postgres")));
        server.arg("-D").arg(self.data());
        server.args(["-p", &self.port.to_string(), "-h", "127.0.0.1", "-k"]);
        server
            .arg(self.folder.path())
            .current_dir(self.folder.path());
        let server = server.stdin(Stdio::null()).stdout(Stdio::null());
        self.server = Some(server.stderr(Stdio::null()).spawn().unwrap());
        for _ in 0..150 {
            let mut asked = Command::new(self.programs.join("pg_isready"));
            let asked = asked.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            if asked.status().unwrap().success() {
                return;
            }
            thread::sleep(Duration::from_millis(200));
        }
        panic!("PostgreSQL did not start within 30 s");
    }

    /// Ends it at once: connections break, and new ones are refused.
    pub fn end(&mut self) {
        let Some(mut server) = self.server.take() else {
            return;
        };
        let pid = server.id().to_string();
        Command::new("kill").args(["-QUIT", &pid]).status().unwrap();
        server.wait().unwrap();
    }

    /// `host` is a name of this machine, `options` what follows in the URL.
    pub fn url(&self, host: &str, options: &str) -> String {
        format!("postgres://autolog@{host}:{}/postgres{options}", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("cluster")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.end();
    }
}

/// The folder of the certificate that tests alone know.
pub fn certificates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls")
}

fn number(arguments: &[&str]) -> u32 {
    let said = Command::new("id").args(arguments).output().unwrap();
    String::from_utf8(said.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

fn is_root() -> bool {
    number(&["-u"]) == 0
}

/// PostgreSQL refuses root.
fn as_server(mut command: Command) -> Command {
    if is_root() {
        command.uid(number(&["-u", "postgres"]));
        command.gid(number(&["-g", "postgres"]));
    }
    command
}

fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let mut found: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    found.retain(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file());
    found.sort();
    found.pop()
}
