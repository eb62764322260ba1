//! Browsers that take their time, and heads that have no end, over real connections.

use crate::http::{
    address::Proxies,
    connections::{LARGEST_HEAD, Limits, serve},
};
use axum::{Router, routing::get};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
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
    server_with(connections, connections, connections, &[]).await
}

/// The same, with as many connections from one address, and fewer where it is crowded.
async fn server_with(
    connections: usize,
    from_address: usize,
    when_crowded: usize,
    proxies: &[IpAddr],
) -> Server {
    let proxies: Proxies = proxies.into();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let limits = Limits {
        head: Duration::from_millis(400),
        stalled: Duration::from_millis(400),
        connections,
        from_address,
        when_crowded,
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
    let ended = tokio::spawn(async move {
        serve(listener, router, limits, &proxies, told).await;
    });
    Server {
        address,
        end,
        ended,
    }
}

impl Server {
    async fn open(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // It may be closed before that.
        stream.write_all(text.as_bytes()).await.ok();
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

/// A connection from another address of this machine, kept open.
async fn open_from(server: &Server, address: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket
        .bind(format!("{address}:0").parse().unwrap())
        .unwrap();
    let mut stream = socket.connect(server.address).await.unwrap();
    let head = b"GET / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n";
    stream.write_all(head).await.ok();
    stream
}

#[tokio::test]
async fn no_address_takes_more_connections_than_its_own() {
    let slow = "GET / HTTP/1.1\r\nX: ";
    let server = server_with(20, 3, 3, &[]).await;
    let mut kept = Vec::new();
    for _ in 0..3 {
        kept.push(server.open(slow).await);
    }
    sleep(Duration::from_millis(50)).await;
    // A further one is closed at once, one from elsewhere is served meanwhile.
    assert!(!server.get("/").await.ends_with("here"));
    assert!(
        rest(open_from(&server, "127.0.0.2").await)
            .await
            .ends_with("here")
    );
    drop(kept);
    sleep(Duration::from_millis(50)).await;
    assert!(server.get("/").await.ends_with("here"));
    // Where more than half is taken, an address has fewer.
    let server = server_with(8, 5, 1, &[]).await;
    let mut kept = Vec::new();
    for _ in 0..5 {
        kept.push(server.open(slow).await);
    }
    sleep(Duration::from_millis(50)).await;
    let first = open_from(&server, "127.0.0.2").await;
    assert!(rest(first).await.ends_with("here"));
    let waiting = server.open("").await;
    assert!(!rest(waiting).await.ends_with("here"));
    drop(kept);
    // A proxy's are those of many browsers.
    let proxy = "127.0.0.1".parse().unwrap();
    let server = server_with(20, 2, 2, &[proxy]).await;
    let mut kept = Vec::new();
    for _ in 0..6 {
        kept.push(server.open(slow).await);
    }
    sleep(Duration::from_millis(50)).await;
    assert!(server.get("/").await.ends_with("here"));
    drop(kept);
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
