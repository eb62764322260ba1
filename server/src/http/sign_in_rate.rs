//! How often somebody may try to sign in.
//!
//! The account's own count of wrong passwords is kept at the door. Here many accounts tried from one place are slowed
//! down, and names that don't exist too.

use super::answer::Wants;
use app::{
    desk::AppState,
    door::{Refusal, SessionCookie},
};
use axum::{
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use chrono::TimeDelta;
use domain::time::Timestamp;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};
use store::Records;

/// Where the form of the sign-in goes.
pub const SIGN_IN: &str = "/api/sign-in";
/// Failed attempts in a minute from one address.
const FROM_ADDRESS: u32 = 30;
/// Failed attempts in a minute from one address with one user name.
const WITH_NAME: u32 = 10;

/// The failed attempts of the last minute, in memory: a restart forgets them, the accounts' own counts stay.
pub struct SignInRate {
    records: Records,
    cookie: SessionCookie,
    forwarded_for: bool,
    failed: Mutex<HashMap<Place, Failed>>,
}

type Place = (IpAddr, Option<String>);

#[derive(Clone, Copy)]
struct Failed {
    since: Timestamp,
    count: u32,
}

impl SignInRate {
    /// Nothing failed yet.
    pub fn new(state: &AppState, forwarded_for: bool) -> Self {
        Self {
            records: state.records.clone(),
            cookie: *state.door.cookie(),
            forwarded_for,
            failed: Mutex::default(),
        }
    }

    /// Counts an attempt as failed until it is known to have succeeded; `false` where there were too many.
    fn count(&self, places: &[(Place, u32)]) -> bool {
        let now = self.records.now();
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.retain(|_, failed| now.since(failed.since) < TimeDelta::minutes(1));
        let full = |(place, most): &(Place, u32)| {
            failed
                .get(place)
                .is_some_and(|failed| failed.count >= *most)
        };
        if places.iter().any(full) {
            return false;
        }
        for (place, _) in places {
            failed
                .entry(place.clone())
                .or_insert(Failed {
                    since: now,
                    count: 0,
                })
                .count += 1;
        }
        true
    }

    fn succeeded(&self, places: &[(Place, u32)]) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, _) in places {
            if let Some(failed) = failed.get_mut(place) {
                failed.count = failed.count.saturating_sub(1);
            }
        }
    }

    fn address(&self, request: &Request) -> IpAddr {
        let forwarded = self
            .forwarded_for
            .then(|| last_forwarded(request.headers()))
            .flatten();
        let peer = request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map(|peer| peer.0.ip());
        forwarded
            .or(peer)
            .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

/// The address that the proxy in front saw: the last one. Those before it are what the browser claims.
fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get_all("x-forwarded-for").iter().next_back()?;
    value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// Slows down whoever tries too often.
pub async fn limit(State(rate): State<Arc<SignInRate>>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || request.uri().path() != SIGN_IN {
        return next.run(request).await;
    }
    let wants = Wants::of(request.headers());
    let address = rate.address(&request);
    let (parts, body) = request.into_parts();
    // It was taken in before, up to its largest size.
    let bytes = to_bytes(body, super::body::LARGEST)
        .await
        .unwrap_or_default();
    let name = form_urlencoded::parse(&bytes)
        .find(|(field, _)| field == "user_name")
        .map(|(_, value)| {
            value
                .trim()
                .to_lowercase()
                .chars()
                .take(60)
                .collect::<String>()
        });
    let places = [
        ((address, None), FROM_ADDRESS),
        ((address, name.or(Some(String::new()))), WITH_NAME),
    ];
    if !rate.count(&places) {
        tracing::warn!(%address, "too many attempts to sign in");
        let mut response = wants.words(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many attempts",
            &Refusal::TooMany.to_string(),
        );
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        return response;
    }
    let response = next
        .run(Request::from_parts(parts, Body::from(bytes)))
        .await;
    if gives_session(response.headers(), rate.cookie) {
        rate.succeeded(&places);
    }
    response
}

fn gives_session(headers: &HeaderMap, cookie: SessionCookie) -> bool {
    let begins = format!("{}=", cookie.name());
    let gives = |value: &HeaderValue| {
        let token = value
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix(&begins));
        token.is_some_and(|token| !token.starts_with(';'))
    };
    headers.get_all(header::SET_COOKIE).iter().any(gives)
}
