//! The cookie that holds the session's token.

use axum::http::{HeaderMap, HeaderValue, header};

/// How the browser keeps the token of a session: not readable by scripts, sent to this site alone, gone when the
/// browser ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionCookie {
    /// Whether it is sent over TLS only. Then its name begins with `__Host-`, so that no other host can set it.
    pub secure: bool,
}

impl SessionCookie {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        if self.secure {
            "__Host-autolog"
        } else {
            "autolog"
        }
    }

    /// The value of `Set-Cookie` that gives the browser a token.
    #[must_use]
    pub fn give(self, token: &str) -> HeaderValue {
        self.set(token, "")
    }

    /// The value of `Set-Cookie` that takes the token away.
    #[must_use]
    pub fn take_away(self) -> HeaderValue {
        self.set("", "; Max-Age=0")
    }

    fn set(self, token: &str, more: &str) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!(
            "{}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{more}",
            self.name()
        );
        // A token is of hexadecimal digits; anything else gives nothing to the browser.
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    /// The token that a request brings.
    #[must_use]
    pub fn token(self, headers: &HeaderMap) -> Option<String> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, value)| *name == self.name() && is_token(value))
            .map(|(_, value)| value.to_owned())
    }
}

/// Whether a text has the form of a token: 64 hexadecimal digits.
fn is_token(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_cookie_is_kept_from_scripts_and_other_sites() {
        let token = "0a".repeat(32);
        let plain = SessionCookie { secure: false };
        let secure = SessionCookie { secure: true };
        assert_eq!(
            plain.give(&token),
            format!("autolog={token}; Path=/; HttpOnly; SameSite=Strict")
        );
        assert_eq!(
            secure.give(&token),
            format!("__Host-autolog={token}; Path=/; HttpOnly; SameSite=Strict; Secure")
        );
        assert_eq!(
            plain.take_away(),
            "autolog=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
        );
    }

    #[test]
    fn a_token_is_read_from_among_other_cookies() {
        let token = "0a".repeat(32);
        let cookie = SessionCookie { secure: false };
        let mut headers = HeaderMap::new();
        assert_eq!(cookie.token(&headers), None);
        let text = format!("theme=dark; autolog={token}; x=y");
        headers.insert(header::COOKIE, text.parse().unwrap());
        assert_eq!(cookie.token(&headers), Some(token));
        headers.insert(header::COOKIE, "autolog=short".parse().unwrap());
        assert_eq!(cookie.token(&headers), None);
    }
}
