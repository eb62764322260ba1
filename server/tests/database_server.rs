//! A database on a server: reached by TLS, and told at once where it is down.

#![expect(clippy::unwrap_used, reason = "tests")]
#![expect(
    clippy::disallowed_methods,
    reason = "it is measured how long an answer takes"
)]

#[path = "common/cluster.rs"]
mod cluster;
#[path = "common/place.rs"]
#[expect(dead_code, reason = "shared with the tests of wrong paths")]
mod place;

use cluster::{Cluster, Tls, certificates};
use place::Place;
use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::Child,
    thread,
    time::{Duration, Instant},
};

/// What is told within this time is told at once.
const AT_ONCE: Duration = Duration::from_secs(4);

// ASVS 12.3.1
#[test]
fn a_database_is_reached_by_tls_and_its_certificate_is_checked() {
    let Some(cluster) = Cluster::start(Tls::Only) else {
        return;
    };
    let root = certificates().join("authority.pem");
    let root = format!("&sslrootcert={}", root.display());
    let tries = [
        ("127.0.0.1", "?sslmode=require".to_owned(), true),
        ("localhost", format!("?sslmode=verify-ca{root}"), true),
        ("localhost", format!("?sslmode=verify-full{root}"), true),
        // Nobody knows this certificate by the system's own.
        ("localhost", "?sslmode=verify-full".to_owned(), false),
        ("localhost", "?sslmode=verify-ca".to_owned(), false),
        ("127.0.0.1", "?sslmode=disable".to_owned(), false),
    ];
    for (host, options, works) in tries {
        let place = Place::on(cluster.url(host, &options));
        let (code, said) = place.run(&["migrate"]);
        assert_eq!(code == Some(0), works, "{options}: {said}");
    }
    let place = Place::on(cluster.url("127.0.0.1", "?sslmode=require")).with_a_record();
    assert_eq!(place.run(&["verify"]).0, Some(0));
}

#[test]
fn a_database_on_another_machine_is_not_reached_in_the_clear_by_oversight() {
    for options in ["", "?sslmode=disable", "?sslmode=prefer", "?sslmode=allow"] {
        let place = Place::on(format!("postgres://a@db.invalid:5432/a{options}"));
        for command in [
            &["verify"] as &[&str],
            &["serve", "--listen", "127.0.0.1:0"],
            &["migrate"],
        ] {
            let (code, said) = place.run(command);
            assert_eq!(code, Some(2), "{said}");
            assert!(
                said.contains("sslmode=verify-full") && said.contains("--plain-database"),
                "{said}"
            );
        }
        let (_, said) = place.run(&["--plain-database", "verify"]);
        assert!(said.contains("doesn't answer at db.invalid:5432"), "{said}");
    }
}

#[test]
fn a_database_that_is_down_is_told_at_once_at_the_start() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let place = Place::on(format!("postgres://a:secret-word@127.0.0.1:{port}/a"));
    for command in [
        &["verify"] as &[&str],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let begun = Instant::now();
        let (code, said) = place.run(command);
        assert_eq!(code, Some(2), "{said}");
        assert!(
            said.contains(&format!("doesn't answer at 127.0.0.1:{port}")),
            "{said}"
        );
        assert!(!said.contains("secret-word"), "{said}");
        assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    }
}

struct Server(Child, String);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn serve(place: &Place) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let server = Server(place.spawn(&["serve", "--listen", &address]), address);
    for _ in 0..600 {
        if get(&server.1, "/healthz").contains("ok") {
            return server;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it did not start within 30 s");
}

fn get(address: &str, path: &str) -> String {
    let asked = TcpStream::connect(address).and_then(|mut stream| {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    });
    asked.unwrap_or_default()
}

#[test]
fn a_database_that_goes_down_is_told_at_once_and_is_used_again_when_it_is_back() {
    let Some(mut cluster) = Cluster::start(Tls::Off) else {
        return;
    };
    let place = Place::on(cluster.url("127.0.0.1", "")).with_a_record();
    let server = serve(&place);
    assert!(get(&server.1, "/sign-in").starts_with("HTTP/1.1 200"));
    cluster.end();
    for path in ["/healthz", "/sign-in", "/sign-in", "/healthz"] {
        let begun = Instant::now();
        let answer = get(&server.1, path);
        assert!(answer.starts_with("HTTP/1.1 503"), "{path}: {answer}");
        assert!(begun.elapsed() < AT_ONCE, "{path}: {:?}", begun.elapsed());
    }
    cluster.begin();
    let back = (0..40).any(|_| {
        thread::sleep(Duration::from_millis(100));
        get(&server.1, "/sign-in").starts_with("HTTP/1.1 200")
    });
    assert!(back, "it goes on by itself");
    assert!(get(&server.1, "/healthz").contains("ok"));
}

#[test]
fn a_file_that_is_removed_under_a_server_is_told() {
    let place = Place::nothing().with_a_record();
    let server = serve(&place);
    std::fs::remove_file(place.file()).unwrap();
    let answer = get(&server.1, "/healthz");
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
}
