//! The addresses under which browsers know the program. It answers to no other name: a page that another name leads here, by
//! a name server or a proxy of somebody else's, would be of the same origin as that other site.

use super::{answer::Wants, seldom::Seldom};
use anyhow::{Result, bail};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::Next,
    response::Response,
};
use std::{net::SocketAddr, str::FromStr, sync::Arc};

/// One of them: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    secure: bool,
    /// Host and port as a browser names them: in small letters, without the port that the scheme means anyhow.
    authority: String,
}

impl PublicUrl {
    /// As it stands in the header `Origin`.
    fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.authority)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || {
            format!(
                "“{text}” is no address of a site. Write scheme and host alone, as in https://autolog.lab.example"
            )
        };
        let uri: Uri = text.trim().parse().map_err(|_| wanted())?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wanted()),
        };
        let authority = uri.authority().ok_or_else(wanted)?;
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        if !bare || authority.as_str().contains('@') {
            return Err(wanted());
        }
        Ok(Self {
            secure,
            authority: plain(authority.as_str(), secure),
        })
    }
}

/// Host and port in one spelling.
fn plain(authority: &str, secure: bool) -> String {
    let lower = authority.to_ascii_lowercase();
    let meant = if secure { ":443" } else { ":80" };
    let plain = lower.strip_suffix(meant).unwrap_or(&lower);
    // A name may end with the dot of the root.
    match plain.split_once(':') {
        None => plain.trim_end_matches('.').to_owned(),
        Some(_) => plain.to_owned(),
    }
}

/// All of them.
#[derive(Debug, Clone)]
pub struct PublicUrls(Arc<[PublicUrl]>);

impl PublicUrls {
    /// Those that were configured; where there are none, those of this machine itself, by which alone it is reached then.
    ///
    /// # Errors
    /// Where some are of TLS and others not, or none was configured although other machines reach it.
    pub fn of(configured: &[PublicUrl], listen: SocketAddr) -> Result<Self> {
        if configured.is_empty() {
            if !listen.ip().is_loopback() {
                bail!(
                    "on {listen} other machines could reach it, and it must know under which address: say --public-url \
                     https://<name> (and put a proxy with TLS in front), or --public-url http://<name> with --plain-http"
                );
            }
            let port = listen.port();
            let here = ["127.0.0.1", "localhost", "[::1]"].map(|host| PublicUrl {
                secure: false,
                authority: plain(&format!("{host}:{port}"), false),
            });
            return Ok(Self(here.into()));
        }
        if configured
            .iter()
            .any(|one| one.secure != configured[0].secure)
        {
            bail!(
                "--public-url names addresses with and without TLS: a cookie can't be kept for both. Name those with https alone"
            );
        }
        Ok(Self(configured.into()))
    }

    /// Whether browsers come over TLS.
    pub fn is_secure(&self) -> bool {
        self.0.iter().any(|one| one.secure)
    }

    /// The first of them, to be told to people.
    pub fn first(&self) -> String {
        self.0.first().map(PublicUrl::origin).unwrap_or_default()
    }

    /// Whether this is the value of `Origin` of one of our own pages.
    pub fn is_origin(&self, origin: &str) -> bool {
        origin
            .parse::<PublicUrl>()
            .is_ok_and(|one| self.0.contains(&one))
    }

    fn has_host(&self, host: &str) -> bool {
        let has = |one: &PublicUrl| plain(host, one.secure) == one.authority;
        self.0.iter().any(has)
    }

    /// Whether the request names one of our hosts, in each place where it names one.
    fn is_asked(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next().and_then(|host| host.to_str().ok());
        let named = uri
            .authority()
            .is_none_or(|one| self.has_host(one.as_str()));
        named && hosts.next().is_none() && host.is_some_and(|host| self.has_host(host))
    }
}

static TOLD: Seldom = Seldom::new();

/// Refuses a request for another host. `/healthz`, which says nothing, is asked by whatever name a watchman has.
pub async fn check(State(urls): State<PublicUrls>, request: Request, next: Next) -> Response {
    if request.uri().path() == "/healthz" || urls.is_asked(request.headers(), request.uri()) {
        return next.run(request).await;
    }
    TOLD.tell(|more| {
        let host = request.headers().get(header::HOST);
        tracing::warn!(?host, more, "refused a request for another host");
    });
    let text = format!(
        "This server answers to {} alone, and was asked under another name. Open it under that address. Nothing was recorded.",
        urls.first()
    );
    Wants::of(request.headers()).words(
        StatusCode::MISDIRECTED_REQUEST,
        "Not under this name",
        &text,
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn urls(configured: &[&str]) -> PublicUrls {
        let configured: Vec<PublicUrl> =
            configured.iter().map(|one| one.parse().unwrap()).collect();
        PublicUrls::of(&configured, "127.0.0.1:3000".parse().unwrap()).unwrap()
    }

    fn asked(urls: &PublicUrls, hosts: &[&str], uri: &str) -> bool {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, host.parse().unwrap());
        }
        urls.is_asked(&headers, &uri.parse().unwrap())
    }

    #[test]
    fn only_its_own_names_are_answered_to() {
        let lab = urls(&["https://autolog.lab.example", "https://10.0.0.7:8443"]);
        for (host, own) in [
            ("autolog.lab.example", true),
            ("AUTOLOG.lab.example", true),
            ("autolog.lab.example:443", true),
            ("autolog.lab.example.", true),
            ("10.0.0.7:8443", true),
            ("10.0.0.7", false),
            ("autolog.lab.example:80", false),
            ("autolog.lab.example:3000", false),
            ("evil.example", false),
            ("autolog.lab.example.evil.example", false),
            ("evil.example#autolog.lab.example", false),
            ("evil@autolog.lab.example", false),
            ("localhost:3000", false),
            ("", false),
        ] {
            assert_eq!(asked(&lab, &[host], "/"), own, "{host}");
        }
        assert!(!asked(&lab, &[], "/"));
        assert!(!asked(&lab, &["autolog.lab.example", "evil.example"], "/"));
        assert!(!asked(
            &lab,
            &["autolog.lab.example"],
            "http://evil.example/"
        ));
        let here = urls(&[]);
        for (host, own) in [
            ("127.0.0.1:3000", true),
            ("localhost:3000", true),
            ("[::1]:3000", true),
            ("localhost", false),
            ("evil.example:3000", false),
        ] {
            assert_eq!(asked(&here, &[host], "/"), own, "{host}");
        }
    }

    #[test]
    fn an_origin_is_own_with_its_scheme() {
        let lab = urls(&["https://autolog.lab.example"]);
        for (origin, own) in [
            ("https://autolog.lab.example", true),
            ("https://AUTOLOG.lab.example:443", true),
            ("http://autolog.lab.example", false),
            ("https://evil.example", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(lab.is_origin(origin), own, "{origin}");
        }
    }

    #[test]
    fn an_address_is_scheme_and_host_and_all_are_of_one_kind() {
        for wrong in [
            "autolog.lab.example",
            "ftp://lab.example",
            "https://lab.example/autolog",
            "https://lab.example?x",
            "https://user@lab.example",
            "",
        ] {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
        let both = ["https://a.example", "http://b.example"].map(|one| one.parse().unwrap());
        assert!(PublicUrls::of(&both, "127.0.0.1:3000".parse().unwrap()).is_err());
        assert!(PublicUrls::of(&[], "0.0.0.0:3000".parse().unwrap()).is_err());
    }
}
