//! A database on another machine is reached by TLS.

use crate::{Fault, Transport};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::net::IpAddr;

/// Goes on only where nothing of the record crosses a network in the clear, or that was meant.
pub(super) fn encrypted_beyond_the_machine(
    options: &PgConnectOptions,
    transport: Transport,
) -> Result<(), Fault> {
    let host = options.get_host();
    let here = options.get_socket().is_some() || is_this_machine(host);
    let encrypted = match options.get_ssl_mode() {
        // Both go on in the clear where the server, or someone in between, says that it has no TLS.
        PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer => false,
        PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => true,
    };
    match transport {
        Transport::Plain => Ok(()),
        Transport::Encrypted if here || encrypted => Ok(()),
        Transport::Encrypted => Err(Fault::PlainDatabase {
            host: host.to_owned(),
        }),
    }
}

/// Whether a host is this machine by its name alone: a name that has to be looked up can be anybody's.
fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.is_empty()
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::str::FromStr as _;

    #[test]
    fn a_database_on_another_machine_needs_tls() {
        let cases = [
            ("postgres://a@127.0.0.1/a?sslmode=disable", true),
            ("postgres://a@127.8.9.1/a?sslmode=prefer", true),
            ("postgres://a@localhost/a?sslmode=disable", true),
            ("postgres://a@[::1]/a?sslmode=disable", true),
            ("postgres://a@%2Frun%2Fpostgresql/a?sslmode=disable", true),
            ("postgres://a@db.example/a?sslmode=disable", false),
            ("postgres://a@db.example/a?sslmode=allow", false),
            ("postgres://a@db.example/a?sslmode=prefer", false),
            ("postgres://a@db.example/a?sslmode=require", true),
            ("postgres://a@db.example/a?sslmode=verify-ca", true),
            ("postgres://a@db.example/a?sslmode=verify-full", true),
            ("postgres://a@10.0.0.7/a?sslmode=prefer", false),
            ("postgres://a@0.0.0.0/a?sslmode=prefer", false),
            ("postgres://a@localhost.example/a?sslmode=prefer", false),
            (
                "postgres://a@127.0.0.1/a?host=db.example&sslmode=prefer",
                false,
            ),
            (
                "postgres://a@127.0.0.1/a?hostaddr=10.0.0.7&sslmode=prefer",
                false,
            ),
        ];
        for (url, allowed) in cases {
            let options = PgConnectOptions::from_str(url).unwrap();
            let asked = encrypted_beyond_the_machine(&options, Transport::Encrypted);
            assert_eq!(asked.is_ok(), allowed, "{url}");
            assert!(encrypted_beyond_the_machine(&options, Transport::Plain).is_ok());
        }
    }
}
