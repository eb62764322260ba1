//! The real program under attacks from the network: guesses that hang up, slow connections, other names; and the way back
//! where all administrators are locked.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpSocket,
};

const PASSWORD: &str = "a few words in a row";
/// What a browser would load.
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/site");

struct Lab {
    folder: TempDir,
}

struct Server {
    child: Child,
    address: String,
}

impl Lab {
    /// A record with one administrator, anna.rossi.
    fn new() -> Self {
        let lab = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let added = lab.run_with_input(
            &[
                "user",
                "add",
                "anna.rossi",
                "--name",
                "Anna Rossi",
                "--identity-check",
                "made up",
                "--administrator",
                "--own-password",
                "--password-stdin",
            ],
            PASSWORD,
        );
        assert!(added.status.success(), "{added:?}");
        lab
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autolog"));
        command.arg("--data-dir").arg(self.data());
        command
    }

    fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    /// What a command says, and its code.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.run_with_input(arguments, "");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = said + &String::from_utf8_lossy(&output.stderr);
        (output.status.code(), said)
    }

    fn serve(&self, more: &[&str]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        let log = fs::File::create(self.folder.path().join("log")).unwrap();
        let child = self
            .command()
            .args(["serve", "--listen", &address, "--site", SITE])
            .args(more)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = Server { child, address };
        let said = || fs::read_to_string(self.folder.path().join("log")).unwrap();
        for _ in 0..600 {
            if server
                .get("/healthz", &server.address)
                .starts_with("HTTP/1.1 200")
            {
                return server;
            }
            if let Some(status) = server.child.try_wait().unwrap() {
                panic!("it ended with {status}: {}", said());
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("it did not start within 30 s: {}", said());
    }
}

impl Server {
    fn get(&self, path: &str, host: &str) -> String {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        self.exchange(&head)
    }

    fn exchange(&self, request: &str) -> String {
        let asked = TcpStream::connect(&self.address).and_then(|mut stream| {
            stream.set_read_timeout(Some(Duration::from_secs(60)))?;
            stream.write_all(request.as_bytes())?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer)?;
            Ok(String::from_utf8_lossy(&answer).into_owned())
        });
        asked.unwrap_or_default()
    }

    fn sign_in(&self, user_name: &str, password: &str, from: &str) -> String {
        let body = format!(
            "user_name={user_name}&password={}",
            password.replace(' ', "+")
        );
        format!(
            "POST /api/sign-in HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\nConnection: close\r\n\
             Sec-Fetch-Site: same-origin\r\nX-Forwarded-For: {from}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
    }

    /// The most memory that it ever had, in kB.
    fn most_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

// Each from another address and with another name, so that nothing but the turns to hash slows them down.
#[test]
fn guesses_that_hang_up_work_two_at_a_time_in_less_than_150_mb() {
    let lab = Lab::new();
    let server = lab.serve(&["--trusted-proxy", "127.0.0.1"]);
    let before = server.most_memory();
    for round in 0..2 {
        let guesses: Vec<_> = (0..150)
            .map(|guess| {
                let from = format!("192.0.{round}.{guess}");
                let request = server.sign_in(&format!("name.{round}.{guess}"), "a guess", &from);
                let mut stream = TcpStream::connect(&server.address).unwrap();
                stream.write_all(request.as_bytes()).unwrap();
                stream
            })
            .collect();
        thread::sleep(Duration::from_millis(300));
        // All of them hang up at once.
        drop(guesses);
        thread::sleep(Duration::from_millis(300));
    }
    // Who is in the right comes through, behind those that had begun.
    let from = "198.51.100.1";
    let answer = server.exchange(&server.sign_in("anna.rossi", PASSWORD, from));
    assert!(answer.contains("autolog="), "{answer}");
    let most = server.most_memory();
    println!("{before} kB before, {most} kB at most");
    assert!(most < 150 * 1024, "{before} kB before, {most} kB at most");
}

// From each of the lab's addresses the pages are there, whatever another address does.
#[test]
fn slow_connections_of_one_address_keep_no_other_out() {
    let lab = Lab::new();
    let server = lab.serve(&[]);
    let address: SocketAddr = server.address.parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut slow = Vec::new();
        let mut closed = 0;
        for _ in 0..1050 {
            let Ok(mut stream) = tokio::net::TcpStream::connect(address).await else {
                closed += 1;
                continue;
            };
            if stream.write_all(b"GET / HTTP/1.1\r\nX: ").await.is_err() {
                closed += 1;
            }
            slow.push(stream);
        }
        let begun = tokio::time::Instant::now();
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        let mut other = socket.connect(address).await.unwrap();
        let head = format!("GET /sign-in HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        other.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = tokio::time::timeout(Duration::from_secs(8), other.read_to_string(&mut answer));
        read.await.expect("another address waits").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        println!(
            "answered after {:?}; {closed} were closed while they were opened",
            begun.elapsed()
        );
        // The slow ones are gone soon, and their address is served again.
        tokio::time::sleep(Duration::from_secs(12)).await;
        drop(slow);
    });
    assert!(
        server
            .get("/sign-in", &server.address)
            .starts_with("HTTP/1.1 200")
    );
}

#[test]
fn another_name_is_answered_with_words_and_nothing_else() {
    let lab = Lab::new();
    let server = lab.serve(&[]);
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", ""] {
        let answer = server.get("/sign-in", host);
        assert!(answer.starts_with("HTTP/1.1 421"), "{host}: {answer}");
        assert!(answer.contains("answers to http://127.0.0.1:"), "{answer}");
        assert!(!answer.contains("evil"), "{answer}");
    }
    let port = server.address.rsplit_once(':').unwrap().1;
    let localhost = format!("localhost:{port}");
    assert!(
        server
            .get("/sign-in", &localhost)
            .starts_with("HTTP/1.1 200")
    );
    // A watchman may ask by any name.
    assert!(
        server
            .get("/healthz", "10.0.0.7")
            .starts_with("HTTP/1.1 200")
    );
    drop(server);
    let server = lab.serve(&["--public-url", "https://autolog.lab.example"]);
    let answer = server.get("/sign-in", "autolog.lab.example");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.to_lowercase().contains("strict-transport-security"),
        "{answer}"
    );
    assert!(
        server
            .get("/sign-in", &server.address)
            .starts_with("HTTP/1.1 421")
    );
}

#[test]
fn what_it_writes_is_for_its_owner_alone() {
    let lab = Lab::new();
    let data = lab.data();
    fs::set_permissions(data.join("autolog.db"), fs::Permissions::from_mode(0o644)).unwrap();
    let server = lab.serve(&[]);
    server.exchange(&server.sign_in("anna.rossi", PASSWORD, "x"));
    let backup = lab.folder.path().join("backup");
    let (code, said) = lab.run(&["backup", backup.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{said}");
    let files = [
        "autolog.db",
        "autolog.db-wal",
        "autolog.db-shm",
        "keys/org.key",
    ];
    let files = files.map(|name| data.join(name));
    for file in files.iter().chain([&backup]) {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    for folder in [&data, &data.join("keys")] {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
}

// A11d-11.7: a lock is undone by a person; where all administrators are locked, by the person who has the machine.
#[test]
fn the_command_line_is_the_way_back_where_all_administrators_are_locked() {
    let lab = Lab::new();
    let server = lab.serve(&[]);
    for _ in 0..5 {
        let answer = server.exchange(&server.sign_in("anna.rossi", "a guess", "x"));
        assert!(answer.contains("is not right"), "{answer}");
    }
    let signed_in = |password: &str| {
        let answer = server.exchange(&server.sign_in("anna.rossi", password, "x"));
        answer.contains("set-cookie: autolog=") && !answer.contains("autolog=;")
    };
    assert!(!signed_in(PASSWORD));
    let (code, listed) = lab.run(&["user", "list"]);
    assert_eq!(code, Some(0), "{listed}");
    let line = listed
        .lines()
        .find(|line| line.starts_with("anna.rossi"))
        .unwrap();
    assert!(
        line.contains("locked") && line.contains("org:administrator"),
        "{line}"
    );
    let (code, said) = lab.run(&["user", "unlock", "anna.rossi"]);
    assert_eq!(code, Some(2), "without a reason: {said}");
    let (code, said) = lab.run(&["user", "unlock", "anna.rossi", "--reason", " "]);
    assert_eq!(code, Some(1), "{said}");
    let reason = ["--reason", "All administrators were locked out"];
    let change = |what: &str, name: &str| {
        let arguments = [&["user", what, name], &reason[..]].concat();
        lab.run(&arguments)
    };
    let (code, said) = change("unlock", "nobody");
    assert_eq!(code, Some(1), "{said}");
    let (code, said) = change("unlock", "Anna.Rossi");
    assert_eq!(code, Some(0), "{said}");
    assert!(signed_in(PASSWORD));
    // The last administrator is kept, also from the command line.
    let (code, said) = change("disable", "anna.rossi");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("last administrator"), "{said}");
    let added = lab.run_with_input(
        &[
            "user",
            "add",
            "eva.neri",
            "--name",
            "Eva Neri",
            "--identity-check",
            "made up",
            "--administrator",
            "--password-stdin",
        ],
        "other words in a row",
    );
    assert!(added.status.success(), "{added:?}");
    // Another one who has never signed in takes nobody's place.
    let (code, said) = change("disable", "anna.rossi");
    assert_eq!(code, Some(1), "{said}");
    for (what, state) in [("disable", "disabled"), ("enable", "active")] {
        let (code, said) = change(what, "eva.neri");
        assert_eq!(code, Some(0), "{said}");
        let listed = lab.run(&["user", "list"]).1;
        let line = listed
            .lines()
            .find(|line| line.starts_with("eva.neri"))
            .unwrap();
        assert!(line.contains(state), "{line}");
        assert!(signed_in(PASSWORD));
    }
    let (code, said) = lab.run(&["verify"]);
    assert_eq!(code, Some(0), "{said}");
}
