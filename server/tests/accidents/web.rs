//! Requests over a socket, one connection each: what a kill leaves of them is seen as it is.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

/// The person who writes, and the password of every account of the demonstration.
const PERSON: &str = "technician.3";
const PASSWORD: &str = "marrow to vein";

/// A comment by its number: the same number is the same form, sent again.
#[derive(Clone, Copy)]
pub struct Comment(pub u64);

impl Comment {
    pub fn command(self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.0)
    }

    pub fn text(self) -> String {
        format!("accident comment number {:06}", self.0)
    }
}

/// What the server said.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    Recorded,
    /// It told that it failed.
    Failed,
    /// Nothing, or half of something.
    Nothing,
}

pub fn sign_in(address: &str) -> String {
    let form = format!("user_name={PERSON}&password={}", PASSWORD.replace(' ', "+"));
    let answer = post(address, "", "/api/sign-in", &form, "application/json").unwrap();
    let cookie = answer.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let session = value.split(';').next()?;
        (name.eq_ignore_ascii_case("set-cookie") && session.starts_with("autolog="))
            .then(|| session.to_owned())
    });
    cookie.unwrap_or_else(|| panic!("not signed in: {answer}"))
}

pub fn comment(address: &str, cookie: &str, comment: Comment) -> Said {
    match post(
        address,
        cookie,
        "/api/comment",
        &form(comment),
        "application/json",
    ) {
        Ok(answer) if answer.contains(r#"{"done":"#) => Said::Recorded,
        Ok(answer) if answer.contains(r#"{"fault":"#) => Said::Failed,
        Ok(answer) if answer.is_empty() => Said::Nothing,
        Ok(answer) if answer.starts_with("HTTP/1.1 5") => Said::Failed,
        Ok(answer) => panic!("neither recorded nor failed: {answer}"),
        Err(_) => Said::Nothing,
    }
}

/// The same as a browser without script sends it: the page that it is led to.
pub fn comment_without_script(address: &str, cookie: &str, comment: Comment) -> String {
    let answer = post(address, cookie, "/api/comment", &form(comment), "text/html").unwrap();
    let to = answer.lines().find_map(|line| {
        line.split_once(": ")
            .filter(|(name, _)| name.eq_ignore_ascii_case("location"))
    });
    match to {
        Some((_, to)) => get(address, cookie, to.trim()),
        None => answer,
    }
}

pub fn get(address: &str, cookie: &str, path: &str) -> String {
    let head = format!("GET {path} HTTP/1.1\r\nAccept: text/html\r\n");
    exchange(address, cookie, &head, "").unwrap()
}

fn form(comment: Comment) -> String {
    format!(
        "batch={}&command_id={}&form=comment&page=%2F&text={}",
        super::lab::batch(),
        comment.command(),
        comment.text().replace(' ', "+")
    )
}

fn post(
    address: &str,
    cookie: &str,
    path: &str,
    form: &str,
    accept: &str,
) -> std::io::Result<String> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nAccept: {accept}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
        form.len()
    );
    exchange(address, cookie, &head, form)
}

fn exchange(address: &str, cookie: &str, head: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(40)))?;
    let request =
        format!("{head}Host: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
