//! Browsers that take their time, and heads that have no end, over real connections.

use crate::http::connections::{LARGEST_HEAD, Limits, serve};
use axum::{Router, routing::get};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

/// Long enough for whatever has to happen on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

struct Server {
    address: SocketAddr,
    end: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

/// A server with short limits.
async fn server(connections: usize) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let limits = Limits {
        head: Duration::from_millis(400),
        stalled: Duration::from_millis(400),
        connections,
        ending: Duration::from_millis(1500),
    };
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/large", get(|| async { vec![b'x'; 64 << 20] }))
        .route(
            "/slow",
            get(async || {
                sleep(Duration::from_millis(800)).await;
                "at last"
            }),
        )
        .route("/never", get(async || std::future::pending::<&str>().await));
    let (end, told) = oneshot::channel::<()>();
    let told = async {
        told.await.ok();
    };
    let ended = tokio::spawn(serve(listener, router, limits, told));
    Server {
        address,
        end,
        ended,
    }
}

impl Server {
    async fn open(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    async fn get(&self, path: &str) -> String {
        let head = format!("GET {path} HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n");
        rest(self.open(&head).await).await
    }
}

/// What comes until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    // Cut off, it may be closed rudely.
    read.expect("the server keeps the connection").ok();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let server = server(10).await;
    for begun in [
        "",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: lab\r\nX: ",
    ] {
        assert!(
            !rest(server.open(begun).await).await.contains("here"),
            "{begun}"
        );
    }
    // Nor one that comes letter by letter: what counts is the whole head.
    let mut trickling = server.open("GET / HTTP/1.1\r\nX: ").await;
    let cut = timeout(PATIENCE, async {
        while trickling.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(20)).await;
        }
    });
    cut.await.expect("the server reads a head for ever");
    // Nor for the next request of a connection that is kept.
    let kept = server.open("GET / HTTP/1.1\r\nHost: lab\r\n\r\n").await;
    assert!(rest(kept).await.ends_with("here"));
    assert!(server.get("/").await.ends_with("here"));
}

#[tokio::test]
async fn who_takes_every_connection_keeps_nobody_out_for_long() {
    let server = server(2).await;
    let mut slow = Vec::new();
    for _ in 0..6 {
        slow.push(server.open("GET / HTTP/1.1\r\nX: ").await);
    }
    assert!(server.get("/").await.ends_with("here"));
}

#[tokio::test]
async fn a_head_is_bounded() {
    let server = server(10).await;
    let of =
        |more: String| format!("GET / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n{more}\r\n");
    let long = of(format!("X: {}\r\n", "x".repeat(100_000)));
    let many = of("X: x\r\n".repeat(200));
    let address = format!(
        "GET /?{} HTTP/1.1\r\nHost: lab\r\n\r\n",
        "a&".repeat(LARGEST_HEAD)
    );
    for (head, statuses) in [
        (long, ["431", "431"]),
        (many, ["431", "431"]),
        (address, ["414", "431"]),
    ] {
        let (mut reading, mut writing) = TcpStream::connect(server.address)
            .await
            .unwrap()
            .into_split();
        // It may be closed before all is sent.
        let sending = tokio::spawn(async move { writing.write_all(head.as_bytes()).await.ok() });
        let mut start = [0; 12];
        timeout(PATIENCE, reading.read_exact(&mut start))
            .await
            .unwrap()
            .unwrap();
        let start = String::from_utf8_lossy(&start).into_owned();
        assert!(
            statuses.iter().any(|status| start.ends_with(status)),
            "{start}"
        );
        sending.await.unwrap();
    }
    assert!(server.get("/").await.ends_with("here"));
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let server = server(1).await;
    let unread = server
        .open("GET /large HTTP/1.1\r\nHost: lab\r\n\r\n")
        .await;
    assert!(server.get("/").await.ends_with("here"));
    drop(unread);
}

#[tokio::test]
async fn at_the_end_requests_at_work_are_answered_and_stuck_ones_are_not_waited_for() {
    let server = server(10).await;
    let slow = tokio::spawn({
        let stream = server.open("GET /slow HTTP/1.1\r\nHost: lab\r\n\r\n").await;
        rest(stream)
    });
    let stuck = server
        .open("GET /never HTTP/1.1\r\nHost: lab\r\n\r\n")
        .await;
    sleep(Duration::from_millis(200)).await;
    server.end.send(()).unwrap();
    assert!(slow.await.unwrap().ends_with("at last"));
    timeout(PATIENCE, server.ended)
        .await
        .expect("it doesn't end")
        .unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
    drop(stuck);
}
