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
use std::{
    net::{Ipv6Addr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

/// One of them: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    secure: bool,
    authority: Authority,
}

/// Host and port, each in one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Authority {
    /// In small letters; an address of version 6 in its brackets.
    host: String,
    port: u16,
}

impl Authority {
    /// Reads `host` or `host:port` and nothing else; without a port it is the one that the scheme means.
    fn read(text: &str, secure: bool) -> Option<Self> {
        let (host, port) = match text.strip_prefix('[') {
            Some(text) => {
                let (address, port) = text.split_once(']')?;
                let address: Ipv6Addr = address.parse().ok()?;
                let port = match port {
                    "" => None,
                    port => Some(port.strip_prefix(':')?),
                };
                (format!("[{address}]"), port)
            }
            None => {
                let (name, port) = match text.split_once(':') {
                    Some((name, port)) => (name, Some(port)),
                    None => (text, None),
                };
                // A name may end with the dot of the root.
                let name = name.strip_suffix('.').unwrap_or(name);
                let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
                if name.is_empty() || !name.chars().all(letters) {
                    return None;
                }
                (name.to_ascii_lowercase(), port)
            }
        };
        let port = match port {
            None => usual_port(secure),
            // A sign is read too by the parser of numbers.
            Some(port) if port.bytes().all(|digit| digit.is_ascii_digit()) => port.parse().ok()?,
            Some(_) => return None,
        };
        Some(Self { host, port })
    }
}

fn usual_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

impl PublicUrl {
    /// As it stands in the header `Origin`.
    fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        let Authority { host, port } = &self.authority;
        if *port == usual_port(self.secure) {
            format!("{scheme}://{host}")
        } else {
            format!("{scheme}://{host}:{port}")
        }
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
        if !bare {
            return Err(wanted());
        }
        let authority = Authority::read(authority.as_str(), secure).ok_or_else(wanted)?;
        Ok(Self { secure, authority })
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
                authority: Authority {
                    host: host.to_owned(),
                    port,
                },
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
        let asked = Authority::read(host, self.is_secure());
        asked.is_some_and(|asked| self.0.iter().any(|one| one.authority == asked))
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
            ("[0:0::1]:3000", true),
            ("localhost.:3000", true),
            ("localhost..:3000", false),
            ("localhost", false),
            ("evil.example:3000", false),
            // What is no port, or more than one, names nothing.
            ("127.0.0.1:3000:80", false),
            ("127.0.0.1:80:3000", false),
            ("127.0.0.1:", false),
            ("127.0.0.1:+3000", false),
            ("127.0.0.1:68536", false),
            ("127.0.0.1:3000/", false),
            ("127.0.0.1:3000@evil.example", false),
            ("[::1]:3000:80", false),
            ("[::1]3000", false),
            ("[::1", false),
            (":3000", false),
            (" 127.0.0.1:3000", false),
        ] {
            assert_eq!(asked(&here, &[host], "/"), own, "{host}");
        }
        // The port that the scheme means is the same as none, and no other one is.
        let usual = urls(&["http://lab.example", "http://[2001:db8::7]"]);
        for (host, own) in [
            ("lab.example", true),
            ("lab.example:80", true),
            ("lab.example.:80", true),
            ("lab.example:80:80", false),
            ("lab.example:443", false),
            ("[2001:DB8::7]", true),
            ("[2001:db8::7]:80", true),
        ] {
            assert_eq!(asked(&usual, &[host], "/"), own, "{host}");
        }
        assert_eq!(usual.first(), "http://lab.example");
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
