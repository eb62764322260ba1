//! What the browser loads: the files that are in the program, or those of a folder.

use anyhow::{Result, bail};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use rust_embed::EmbeddedFile;
use std::path::PathBuf;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

/// Without these no page works as it should.
const NEEDED: [&str; 3] = ["pkg/autolog.js", "pkg/autolog_bg.wasm", "pkg/autolog.css"];

/// The licences of all that Autolog is made of; `cargo xtask dist` writes them.
pub const NOTICES: &str = "third-party-notices.txt";

/// The ending of a file that is compressed already.
const BROTLI: &str = ".br";

/// A folder that no machine has: the framework serves no file by itself, so that [`serve`] decides alone which there are.
pub const NO_FOLDER: &str = "/nonexistent";

/// The files that `cargo xtask dist` has put into the program.
#[cfg(feature = "embedded-site")]
#[derive(rust_embed::Embed)]
#[folder = "../target/embedded-site"]
struct Built;

/// Gives a file by its path.
pub type Files = fn(&str) -> Option<EmbeddedFile>;

/// Where the files are.
#[derive(Debug, Clone)]
pub enum Site {
    /// In the program.
    Embedded(Files),
    /// In a folder.
    Folder(PathBuf),
}

impl Site {
    /// The folder that was named, else what is in the program.
    ///
    /// Refuses where a page would come without what the browser needs for it: it would be half a program, and look like a
    /// broken one.
    pub fn find(folder: Option<PathBuf>) -> Result<Self> {
        let site = match (folder, embedded()) {
            (Some(folder), _) => Self::Folder(folder),
            (None, Some(files)) => Self::Embedded(files),
            (None, None) => bail!(
                "the browser's files are not in this program. Build one that has them with:\n  cargo xtask dist\n\
                 or name their folder, which cargo xtask site builds and prints:\n  autolog serve --site <folder>"
            ),
        };
        let missing = NEEDED.into_iter().find(|file| !site.has(file));
        match (missing, &site) {
            (None, _) => Ok(site),
            (Some(file), Self::Folder(folder)) => bail!(
                "the folder {} has no {file}, so it isn't the browser's side. Build it with cargo xtask site, which prints \
                 its folder, and name that one with --site",
                folder.display()
            ),
            (Some(file), Self::Embedded(_)) => bail!(
                "this program was built without {file}. Build it again with:\n  cargo xtask dist"
            ),
        }
    }

    /// Whether it has a file.
    pub fn has(&self, file: &str) -> bool {
        match self {
            Self::Embedded(files) => files(file).is_some(),
            Self::Folder(folder) => folder.join(file).is_file(),
        }
    }
}

/// The files in this program, where it was built with them.
fn embedded() -> Option<Files> {
    #[cfg(feature = "embedded-site")]
    return Some(<Built as rust_embed::Embed>::get);
    #[cfg(not(feature = "embedded-site"))]
    None
}

/// Answers with a file of the site; everything else goes on to the pages.
pub async fn serve(State(site): State<Site>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let Some(path) = file_of(request.uri().path()).filter(|_| reads) else {
        return next.run(request).await;
    };
    match &site {
        Site::Embedded(files) => match found(*files, path, request.headers()) {
            Some(found) => found.answer(request.method(), request.headers()),
            None => next.run(request).await,
        },
        Site::Folder(folder) if site.has(path) => {
            let files = ServeDir::new(folder).precompressed_br();
            match files.oneshot(request).await {
                Ok(response) => response.map(Body::new),
                Err(never) => match never {},
            }
        }
        Site::Folder(_) => next.run(request).await,
    }
}

/// The file that an address means. What the build keeps beside the files is none, nor have the compressed files addresses of
/// their own. Our names have no letter that an address writes in another way.
fn file_of(address: &str) -> Option<&str> {
    let path = address.strip_prefix('/')?;
    let name = path.strip_prefix("pkg/").filter(|name| {
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !name.starts_with('.') && !name.ends_with(BROTLI) && name.chars().all(letters)
    });
    (name.is_some() || path == NOTICES).then_some(path)
}

/// A file as it is sent.
struct Found {
    file: EmbeddedFile,
    kind: String,
    compressed: bool,
}

/// The file of a path, compressed where the browser takes that.
fn found(files: Files, path: &str, headers: &HeaderMap) -> Option<Found> {
    let plain = files(path)?;
    let kind = plain.metadata.mimetype().to_owned();
    let accepted = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let takes = accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim() == "br"
            && !weight.trim().trim_start_matches("q=").starts_with("0.0")
            && weight.trim() != "q=0"
    });
    let smaller = takes.then(|| files(&format!("{path}{BROTLI}"))).flatten();
    Some(Found {
        kind,
        compressed: smaller.is_some(),
        file: smaller.unwrap_or(plain),
    })
}

impl Found {
    fn answer(self, method: &Method, asked: &HeaderMap) -> Response {
        let hash = self.file.metadata.sha256_hash();
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let tag = format!("\"{hash}\"");
        let known = asked
            .get(header::IF_NONE_MATCH)
            .and_then(|known| known.to_str().ok())
            .is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else if method == Method::HEAD {
            Response::new(Body::empty())
        } else {
            Response::new(Body::from(self.file.data))
        };
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, self.kind.as_str()),
            (header::ETAG, tag.as_str()),
        ] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if self.compressed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use axum::{Router, middleware::from_fn_with_state, routing::get};
    use std::{borrow::Cow, fs};

    /// Files as they are in a program that was built with them.
    #[derive(rust_embed::Embed)]
    #[folder = "../style"]
    struct Styles;

    fn styles(path: &str) -> Option<EmbeddedFile> {
        let file = path.strip_prefix("pkg/")?;
        match file {
            "autolog.css.br" => Some(EmbeddedFile {
                data: Cow::Borrowed(b"compressed"),
                metadata: Styles::get("record.css")?.metadata,
            }),
            "autolog.js" | "autolog_bg.wasm" => Styles::get("icon.svg"),
            file => Styles::get(file),
        }
    }

    async fn ask(method: Method, path: &str, headers: &[(&str, &str)]) -> (Response, Vec<u8>) {
        ask_of(Site::Embedded(styles), method, path, headers).await
    }

    async fn ask_of(
        site: Site,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> (Response, Vec<u8>) {
        let router = Router::new()
            .route("/pkg/page", get(|| async { "a page" }))
            .fallback(get(|| async { (StatusCode::NOT_FOUND, "not there") }))
            .layer(from_fn_with_state(site, serve));
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = router.oneshot(request.body(Body::empty()).unwrap()).await;
        let (parts, body) = answer.unwrap().into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (Response::from_parts(parts, Body::empty()), body.to_vec())
    }

    fn header_of(response: &Response, name: header::HeaderName) -> &str {
        response
            .headers()
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn a_file_in_the_program_is_sent_with_its_kind_and_not_twice() {
        let (response, body) = ask(Method::GET, "/pkg/autolog.css", &[]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(body, fs::read("../style/autolog.css").unwrap());
        assert_eq!(header_of(&response, header::CONTENT_TYPE), "text/css");
        let tag = header_of(&response, header::ETAG).to_owned();
        let (again, body) = ask(Method::GET, "/pkg/autolog.css", &[("if-none-match", &tag)]).await;
        assert_eq!((again.status(), body.len()), (StatusCode::NOT_MODIFIED, 0));
        let (head, body) = ask(Method::HEAD, "/pkg/autolog.css", &[]).await;
        assert_eq!((head.status(), body.len()), (StatusCode::OK, 0));
        let (icon, _) = ask(Method::GET, "/pkg/icon.svg", &[]).await;
        assert_eq!(header_of(&icon, header::CONTENT_TYPE), "image/svg+xml");
    }

    #[tokio::test]
    async fn a_compressed_file_goes_to_browsers_that_take_it() {
        for (accepts, compressed) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0", true),
            ("gzip", false),
            ("br;q=0", false),
            ("", false),
        ] {
            let asked = [("accept-encoding", accepts)];
            let (response, body) = ask(Method::GET, "/pkg/autolog.css", &asked).await;
            let coding = header_of(&response, header::CONTENT_ENCODING);
            assert_eq!(
                (coding == "br", body == b"compressed"),
                (compressed, compressed),
                "{accepts}"
            );
            assert_eq!(header_of(&response, header::CONTENT_TYPE), "text/css");
        }
    }

    #[tokio::test]
    async fn what_is_no_file_goes_on_to_the_pages_from_program_and_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("pkg")).unwrap();
        for file in ["pkg/autolog.css", "pkg/autolog.css.br", "pkg/.hidden"] {
            fs::write(folder.path().join(file), "a file").unwrap();
        }
        for file in ["built-from", NOTICES] {
            fs::write(folder.path().join(file), file).unwrap();
        }
        let site = || Site::Folder(folder.path().to_owned());
        for (path, body) in [
            ("/pkg/autolog.css", "a file"),
            ("/third-party-notices.txt", NOTICES),
        ] {
            let (response, found) = ask_of(site(), Method::GET, path, &[]).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(String::from_utf8(found).unwrap(), body, "{path}");
        }
        let cases = [
            (Method::GET, "/pkg/page", "a page"),
            (Method::GET, "/pkg/", "not there"),
            (Method::GET, "/pkg/none.css", "not there"),
            (Method::GET, "/pkg/autolog.css.br", "not there"),
            (Method::GET, "/pkg/../Cargo.toml", "not there"),
            (Method::GET, "/pkg/%2e%2e/Cargo.toml", "not there"),
            (Method::GET, "/pkg/.hidden", "not there"),
            (Method::GET, "/pkg/autolog%2ecss", "not there"),
            (Method::GET, "/built-from", "not there"),
            (Method::GET, "/built%2dfrom", "not there"),
            (Method::GET, "/pkg/../built-from", "not there"),
            (Method::GET, "//pkg/autolog.css", "not there"),
        ];
        for (method, path, body) in cases {
            for site in [site(), Site::Embedded(styles)] {
                let (_, found) = ask_of(site, method.clone(), path, &[]).await;
                assert_eq!(String::from_utf8(found).unwrap(), body, "{method} {path}");
            }
        }
        // A file is read and nothing else.
        for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"] {
            for site in [site(), Site::Embedded(styles)] {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let (response, _) = ask_of(site, method.clone(), "/pkg/autolog.css", &[]).await;
                assert_eq!(
                    response.status(),
                    StatusCode::METHOD_NOT_ALLOWED,
                    "{method}"
                );
                assert_eq!(header_of(&response, header::ALLOW), "GET,HEAD");
            }
        }
    }

    #[test]
    fn a_program_without_the_browsers_files_does_not_serve() {
        let why = |folder: Option<PathBuf>| format!("{:#}", Site::find(folder).unwrap_err());
        #[cfg(not(feature = "embedded-site"))]
        {
            let words = why(None);
            assert!(
                words.contains("cargo xtask dist") && words.contains("--site"),
                "{words}"
            );
        }
        let folder = tempfile::tempdir().unwrap();
        let named = || Some(folder.path().to_owned());
        assert!(why(named()).contains("has no pkg/autolog.js"));
        fs::create_dir(folder.path().join("pkg")).unwrap();
        for (file, next) in NEEDED.into_iter().zip(&NEEDED[1..]) {
            fs::write(folder.path().join(file), "").unwrap();
            assert!(why(named()).contains(&format!("has no {next}")), "{file}");
        }
        fs::write(folder.path().join(NEEDED[2]), "").unwrap();
        assert!(matches!(Site::find(named()), Ok(Site::Folder(_))));
        assert!(Site::Embedded(styles).has("pkg/autolog.css"));
        assert!(!Site::Embedded(styles).has("autolog.css"));
    }
}
