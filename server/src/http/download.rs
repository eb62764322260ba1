//! Files to download: prints of papers, the board, a ledger. Each asks who it is and what they may.

use super::answer::{Wants, fault};
use app::{
    answer::{CHANGE_PASSWORD, SIGN_IN, by_way_of},
    board::Board,
    desk::{AppState, Trouble},
    door,
    papers::{self, Opened},
    trail::Format,
};
use axum::{
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use domain::{ids::BatchId, ledger::LedgerName, rights::Action};
use std::error::Error;
use store::Person;

/// What a download ends with when it is no paper.
type Turned = Box<Response>;

/// A print of a batch's papers, opened again.
pub async fn print(
    State(state): State<AppState>,
    uri: OriginalUri,
    headers: HeaderMap,
    Path((id, place)): Path<(String, String)>,
) -> Response {
    let paper = async {
        let person = person(&state, &headers, &uri).await?;
        let id: BatchId = id.parse().map_err(|_| not_found(&headers))?;
        let place: usize = place.parse().map_err(|_| not_found(&headers))?;
        match papers::open(&state, &person, id, place).await {
            Ok(Opened::Same(made)) => {
                still_in(&state, &headers, &uri).await?;
                Ok(file(made.bytes, made.media_type, &made.name))
            }
            Ok(Opened::Another(print)) => Err(turned(Wants::of(&headers).words(
                StatusCode::CONFLICT,
                "This print can't be opened again",
                &format!(
                    "Print {} was made by {} with SHA-256 {}. Made again now, its bytes are others: this version of the program \
                     lays it out otherwise, or the record was changed outside Autolog (autolog verify says so). Keep to the file \
                     or paper of that day, and print again.",
                    print.number, print.program, print.sha256
                ),
            ))),
            Err(Trouble::NotAllowed(action)) => Err(not_allowed(&headers, action)),
            Err(Trouble::Fault(why)) => Err(failed(*why)),
            Err(Trouble::Broken(why)) => Err(failed(std::io::Error::other(why))),
            Err(_) => Err(not_found(&headers)),
        }
    };
    paper.await.unwrap_or_else(|turned: Turned| *turned)
}

/// The board as a table.
pub async fn board_as_csv(
    State(state): State<AppState>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Response {
    let copy = async {
        let person = person(&state, &headers, &uri).await?;
        let board = match Board::read(&state.records, &person, asked(&uri)).await {
            Ok(board) => board,
            Err(Trouble::NotAllowed(action)) => return Err(not_allowed(&headers, action)),
            Err(Trouble::Fault(why)) => return Err(failed(*why)),
            Err(_) => return Err(not_found(&headers)),
        };
        let text = board.csv(&person, state.records.version());
        still_in(&state, &headers, &uri).await?;
        let day = board.today();
        Ok(file(
            text.into_bytes(),
            Format::Csv.media_type(),
            &format!("board-{day}.csv"),
        ))
    };
    copy.await.unwrap_or_else(|turned: Turned| *turned)
}

/// The values of the address's query.
fn asked(uri: &OriginalUri) -> impl Fn(&str) -> Option<String> + '_ {
    let query = uri.query().unwrap_or_default().as_bytes();
    move |name| {
        let value = form_urlencoded::parse(query).find(|(key, _)| key == name);
        value
            .map(|(_, value)| value.into_owned())
            .filter(|value| !value.is_empty())
    }
}

/// A whole ledger, for who may read a site's audit trail: an inspector takes it along and verifies it elsewhere.
pub async fn ledger(
    State(state): State<AppState>,
    uri: OriginalUri,
    headers: HeaderMap,
    Path(site): Path<String>,
) -> Response {
    let copy = async {
        let person = person(&state, &headers, &uri).await?;
        let known = state.records.site(&site).await.map_err(failed)?;
        let ledger = LedgerName::parse(&site).ok().filter(|_| known.is_some());
        if !person.may(&site, Action::ReadAuditTrail) {
            return Err(not_allowed(&headers, Action::ReadAuditTrail));
        }
        let ledger = ledger.ok_or_else(|| not_found(&headers))?;
        let mut lines = Vec::new();
        let mut take = |line: &str| {
            lines.extend_from_slice(line.as_bytes());
            lines.push(b'\n');
            Ok(())
        };
        state
            .records
            .store()
            .export(&ledger, &mut take)
            .await
            .map_err(failed)?;
        // A whole ledger takes a while.
        let now = still_in(&state, &headers, &uri).await?;
        if !now.may(&site, Action::ReadAuditTrail) {
            return Err(not_allowed(&headers, Action::ReadAuditTrail));
        }
        Ok(file(
            lines,
            "application/jsonl",
            &format!("{ledger}-ledger.jsonl"),
        ))
    };
    copy.await.unwrap_or_else(|turned: Turned| *turned)
}

/// Who asks, once what they asked for is made: nothing is handed to somebody whose session or account ended meanwhile.
async fn still_in(
    state: &AppState,
    headers: &HeaderMap,
    uri: &OriginalUri,
) -> Result<Person, Turned> {
    person(state, headers, uri).await
}

/// Who asks; someone who isn't signed in goes to the sign-in, and comes back from there.
async fn person(
    state: &AppState,
    headers: &HeaderMap,
    uri: &OriginalUri,
) -> Result<Person, Turned> {
    let visitor = match state.door.cookie().token(headers) {
        Some(token) => state
            .door
            .authenticate(&token)
            .await
            .map_err(|why: door::Fault| failed(why))?,
        None => None,
    };
    let to = uri.path_and_query().map_or("/", |page| page.as_str());
    let first = |page| {
        Err(turned(
            Redirect::to(&by_way_of(page, to, None)).into_response(),
        ))
    };
    match visitor {
        None => first(SIGN_IN),
        Some(visitor) if visitor.must_change => first(CHANGE_PASSWORD),
        Some(visitor) => Ok(visitor.person),
    }
}

fn file(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // Batch numbers and site codes hold nothing that would need quoting.
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

fn turned(response: Response) -> Turned {
    Box::new(response)
}

fn failed(error: impl Error + 'static) -> Turned {
    turned(fault(&error))
}

fn not_found(headers: &HeaderMap) -> Turned {
    turned(Wants::of(headers).words(
        StatusCode::NOT_FOUND,
        "There is no such record",
        "There is no such record, or it is not of your site.",
    ))
}

fn not_allowed(headers: &HeaderMap, action: Action) -> Turned {
    turned(Wants::of(headers).words(
        StatusCode::FORBIDDEN,
        "Not allowed",
        &domain::batch::Refusal::not_allowed(action).to_string(),
    ))
}
