//! From where a request comes: the address of its connection, or the one that a trusted proxy names.

use super::seldom::Seldom;
use app::desk::ClientAddress;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// The proxies in front whose word is taken for the address of a browser.
pub type Proxies = Arc<[IpAddr]>;

/// Names the browser's address in the request.
pub async fn name(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip().to_canonical());
    if let Some(peer) = peer {
        let address = seen(peer, &proxies, request.headers());
        request.extensions_mut().insert(ClientAddress(address));
    }
    next.run(request).await
}

/// Whoever is no trusted proxy is taken for the browser itself, whatever it says of others.
fn seen(peer: IpAddr, proxies: &[IpAddr], headers: &HeaderMap) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    last_forwarded(headers, proxies).unwrap_or(peer)
}

static TOLD: Seldom = Seldom::new();

/// The address that the nearest proxy saw which isn't one itself: the last one. Those before it are what the browser claims.
fn last_forwarded(headers: &HeaderMap, proxies: &[IpAddr]) -> Option<IpAddr> {
    let values = headers.get_all("x-forwarded-for").iter();
    let values: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
    let listed = values.iter().rev().flat_map(|value| value.rsplit(','));
    for one in listed {
        let Some(address) = read(one.trim()) else {
            TOLD.tell(|more| {
                tracing::warn!(
                    entry = one.trim(),
                    more,
                    "an address in X-Forwarded-For can't be read: the browser counts as its proxy"
                );
            });
            return None;
        };
        if !proxies.contains(&address) {
            return Some(address);
        }
    }
    None
}

/// An address as proxies write it: alone, in brackets, or with the port of its connection.
fn read(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let alone = bare.unwrap_or(text).parse::<IpAddr>();
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    let address = alone.or_else(|_| with_port()).ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn only_a_trusted_proxy_names_another_address() {
        let at = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxies = [at("10.0.0.1"), at("10.0.0.2")];
        let cases: [(&str, &[&str], &str); 15] = [
            ("10.0.0.1", &["192.0.2.7"], "192.0.2.7"),
            // What a browser claims stands before what the proxy saw.
            ("10.0.0.1", &["198.51.100.1, 192.0.2.7"], "192.0.2.7"),
            ("10.0.0.1", &["198.51.100.1", "192.0.2.7"], "192.0.2.7"),
            // Two proxies, one behind the other.
            ("10.0.0.1", &["192.0.2.7, 10.0.0.2"], "192.0.2.7"),
            // Whoever is none is taken for themselves.
            ("192.0.2.9", &["192.0.2.7"], "192.0.2.9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["nonsense"], "10.0.0.1"),
            ("10.0.0.1", &["2001:db8::7"], "2001:db8::7"),
            // Some proxies add the port, or brackets.
            ("10.0.0.1", &["192.0.2.7:5678"], "192.0.2.7"),
            ("10.0.0.1", &["192.0.2.7:5678, 10.0.0.2:80"], "192.0.2.7"),
            ("10.0.0.1", &["[2001:db8::7]:80"], "2001:db8::7"),
            ("10.0.0.1", &["[2001:db8::7]"], "2001:db8::7"),
            ("10.0.0.1", &["[::ffff:192.0.2.7]:80"], "192.0.2.7"),
            ("10.0.0.1", &["192.0.2.7:port"], "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.7:99999"], "10.0.0.1"),
        ];
        for (peer, sent, expected) in cases {
            let mut headers = HeaderMap::new();
            for value in sent {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }
            assert_eq!(
                seen(at(peer), &proxies, &headers),
                at(expected),
                "{peer} {sent:?}"
            );
        }
    }
}
