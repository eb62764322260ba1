//! Connections: how long a browser may take for a request's head and for reading an answer, how many there may be, in all
//! and from one address.
//!
//! `axum::serve` waits for a head for ever, so that a few thousand connections that send a letter now and then would keep
//! everyone else out.

use super::{address::Proxies, pace::Paced, seldom::Seldom};
use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1::Builder, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{
    collections::HashMap,
    future::Future,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tower::ServiceExt as _;

/// What is allowed to one connection and to all together.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long the head of a request may take, and how long a connection may wait for its next request.
    pub head: Duration,
    /// How long a browser may take nothing of an answer; on the whole it takes [`LEAST`](super::pace::LEAST) bytes a second.
    pub stalled: Duration,
    /// How many connections there may be; a further one waits until one of them ends.
    pub connections: usize,
    /// How many of them from one address; a further one is closed at once. A trusted proxy isn't counted.
    pub from_address: usize,
    /// How many from one address where more than half of all are taken.
    pub when_crowded: usize,
    /// How long requests at work may go on once the program is told to end.
    pub ending: Duration,
}

static TOLD: Seldom = Seldom::new();

/// How many connections there are from each address.
#[derive(Clone, Default)]
struct Places(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection among those of its address.
struct Place {
    places: Places,
    address: IpAddr,
}

impl Places {
    /// One more from an address, unless there are `most`.
    fn take(&self, address: IpAddr, most: usize) -> Option<Place> {
        let address = customer(address);
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = places.entry(address).or_insert(0);
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place {
            places: self.clone(),
            address,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let places = &self.places.0;
        let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = places.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                places.remove(&self.address);
            }
        }
    }
}

/// What one customer of a network has: an IPv4 address, or the first half of an IPv6 one.
fn customer(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => {
            let first = u128::from(v6) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(first))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The most bytes of a request's head. Browsers send some hundred.
pub const LARGEST_HEAD: usize = 32 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            stalled: Duration::from_secs(30),
            connections: 1000,
            from_address: 200,
            when_crowded: 20,
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
    proxies: &Proxies,
    told_to_end: impl Future<Output = ()>,
) {
    let places = Places::default();
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
        let ip = address.ip().to_canonical();
        let place = if proxies.contains(&ip) {
            None
        } else {
            let crowded = at_once.available_permits() < limits.connections / 2;
            let most = if crowded {
                limits.when_crowded
            } else {
                limits.from_address
            };
            match places.take(ip, most) {
                Some(place) => Some(place),
                None => {
                    TOLD.tell(|more| {
                        tracing::warn!(%address, more, "too many connections from one address");
                    });
                    continue;
                }
            }
        };
        let connection = underway.watch(connection(stream, address, router.clone(), limits));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%address, %error, "a connection ended early");
            }
            drop((permit, place));
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
    let stream = Paced::new(stream, limits.stalled);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request.map(Body::new))
    });
    Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service)
}
