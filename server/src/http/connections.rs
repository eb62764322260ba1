//! Connections: how long a browser may take for a request's head and for reading an answer, how many there may be.
//!
//! `axum::serve` waits for a head for ever, so that a few thousand connections that send a letter now and then would keep
//! everyone else out.

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1::Builder, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// What is allowed to one connection and to all together.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long the head of a request may take, and how long a connection may wait for its next request.
    pub head: Duration,
    /// How long a browser may take nothing of an answer.
    pub stalled: Duration,
    /// How many connections there may be; a further one waits until one of them ends.
    pub connections: usize,
    /// How long requests at work may go on once the program is told to end.
    pub ending: Duration,
}

/// The most bytes of a request's head. Browsers send some hundred.
pub const LARGEST_HEAD: usize = 32 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            stalled: Duration::from_secs(30),
            connections: 1000,
            // Longer than any answer takes.
            ending: super::LONGEST + Duration::from_secs(5),
        }
    }
}

/// Serves until `told_to_end`, then lets the requests at work come to their end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    told_to_end: impl Future<Output = ()>,
) {
    let at_once = Arc::new(Semaphore::new(limits.connections));
    let underway = GracefulShutdown::new();
    let mut told_to_end = std::pin::pin!(told_to_end);
    loop {
        let next = async {
            // Closed it never is.
            let permit = Arc::clone(&at_once).acquire_owned().await.ok();
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = &mut told_to_end => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // The other side hung up, or there are no more file handles: those come back as connections end.
                tracing::debug!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let connection = underway.watch(connection(stream, address, router.clone(), limits));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%address, %error, "a connection ended early");
            }
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.ending, underway.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("ended although a request was still at work");
    }
}

fn connection(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    limits: Limits,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.stalled));
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request.map(Body::new))
    });
    Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}
