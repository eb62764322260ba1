//! Papers to download: the certificate, the audit trail, a ledger. Each asks who it is and what they may.

use super::answer::{Wants, fault};
use crate::certificate;
use app::{
    answer::{CHANGE_PASSWORD, SIGN_IN, by_way_of},
    board::Board,
    desk::{AppState, Trouble},
    door,
    trail::{Format, Made, Trail},
};
use axum::{
    extract::{OriginalUri, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use domain::{
    batch::{Batch, Recorded},
    certificate::{Certificate, Paper, PrintedCheckpoint, SiteOnPaper},
    ids::BatchId,
    ledger::{LedgerName, SignedCheckpoint},
    rights::Action,
    time::Timestamp,
};
use serde::Deserialize;
use std::error::Error;
use store::Person;

/// What a download ends with when it is no paper.
type Turned = Box<Response>;

/// Which certificate is printed.
#[derive(Deserialize)]
pub struct Which {
    /// Its number; without it the one that stands.
    number: Option<String>,
}

/// The certificate of analysis.
pub async fn certificate(
    State(state): State<AppState>,
    uri: OriginalUri,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Response {
    let paper = async {
        let (_, batch) = batch(&state, &headers, &uri, &id, Action::PrintCertificate).await?;
        print(&state, &headers, &batch, which.number.as_deref()).await
    };
    paper.await.unwrap_or_else(|turned| *turned)
}

async fn print(
    state: &AppState,
    headers: &HeaderMap,
    batch: &Batch,
    number: Option<&str>,
) -> Result<Response, Turned> {
    let site = state
        .records
        .site(&batch.harvest.site)
        .await
        .map_err(failed)?;
    let site = site.ok_or_else(|| not_found(headers))?;
    let zone = batch.zone();
    let entries = state
        .records
        .batch_entries(batch.id)
        .await
        .map_err(failed)?;
    let events = entries
        .iter()
        .map(Recorded::from_entry)
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    // Every certification made a checkpoint, so the newest covers what is printed. None is made here: reading changes
    // nothing.
    let checkpoint = newest_checkpoint(state, &batch.harvest.site).await?;
    let checkpoint = checkpoint.ok_or_else(|| not_found(headers))?;
    let site = SiteOnPaper {
        code: site.code,
        name: site.name,
        address: site.address,
        time_zone: zone.name().to_owned(),
    };
    let certificate = {
        let paper = Paper {
            site: &site,
            checkpoint: &PrintedCheckpoint::from(&checkpoint.checkpoint),
            program: &format!("Autolog {}", state.records.version()),
            shown: &|at: Timestamp| zone.shown(at),
        };
        match number {
            Some(number) => Certificate::numbered(number, batch, &events, &paper),
            None => Certificate::of(batch, &events, &paper),
        }
    };
    let Some(certificate) = certificate else {
        return Err(Box::new(Wants::of(headers).words(
            StatusCode::NOT_FOUND,
            "No certificate",
            "This batch has no such certificate that stands. A certificate is there once the Qualified Person has \
             certified the batch, until a later change voids the signature.",
        )));
    };
    let name = format!("{}.pdf", certificate.number);
    let printed = tokio::task::spawn_blocking(move || certificate::print(&certificate))
        .await
        .map_err(failed)?;
    Ok(file(printed.map_err(failed)?, "application/pdf", &name))
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
        let day = board.now.day();
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

/// The audit trail as a table.
pub async fn trail_as_csv(
    state: State<AppState>,
    uri: OriginalUri,
    headers: HeaderMap,
    id: Path<String>,
) -> Response {
    let copied = trail(&state, &headers, &uri, &id, Format::Csv).await;
    copied.unwrap_or_else(|turned| *turned)
}

/// The audit trail with the exact entries, their hashes and the newest checkpoint.
pub async fn trail_as_json(
    state: State<AppState>,
    uri: OriginalUri,
    headers: HeaderMap,
    id: Path<String>,
) -> Response {
    let copied = trail(&state, &headers, &uri, &id, Format::Json).await;
    copied.unwrap_or_else(|turned| *turned)
}

async fn trail(
    state: &AppState,
    headers: &HeaderMap,
    uri: &OriginalUri,
    id: &str,
    format: Format,
) -> Result<Response, Turned> {
    let (person, batch) = batch(state, headers, uri, id, Action::ReadAuditTrail).await?;
    let records = &state.records;
    let trail = match Trail::read(records, &person, batch, Made::Copy, asked(uri)).await {
        Ok(trail) => trail,
        Err(Trouble::Refused(words)) => {
            let text: Vec<_> = words.into_iter().map(|words| words.text).collect();
            let refused = Wants::of(headers);
            let title = "Nothing was copied";
            return Err(turned(refused.words(
                StatusCode::BAD_REQUEST,
                title,
                &text.join(" "),
            )));
        }
        Err(Trouble::NotAllowed(action)) => return Err(not_allowed(headers, action)),
        Err(Trouble::Fault(why)) => return Err(failed(*why)),
        Err(_) => return Err(not_found(headers)),
    };
    let copy = trail.copy(format, &person, records.now(), records.version());
    Ok(file(
        copy.text.into_bytes(),
        copy.media_type,
        &copy.file_name,
    ))
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
        Ok(file(
            lines,
            "application/jsonl",
            &format!("{ledger}-ledger.jsonl"),
        ))
    };
    copy.await.unwrap_or_else(|turned: Turned| *turned)
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

/// A batch that the person may read, and of which they may have this paper.
async fn batch(
    state: &AppState,
    headers: &HeaderMap,
    uri: &OriginalUri,
    id: &str,
    action: Action,
) -> Result<(Person, Batch), Turned> {
    let person = person(state, headers, uri).await?;
    let id: BatchId = id.parse().map_err(|_| not_found(headers))?;
    let row = state.records.store().batch(id).await.map_err(failed)?;
    // One of another site is answered as if it were not there.
    let row = row
        .filter(|row| person.may(&row.site, Action::ReadBatch))
        .ok_or_else(|| not_found(headers))?;
    if !person.may(&row.site, action) {
        return Err(not_allowed(headers, action));
    }
    let batch = state.records.batch(id).await.map_err(failed)?;
    Ok((person, batch.ok_or_else(|| not_found(headers))?))
}

async fn newest_checkpoint(
    state: &AppState,
    site: &str,
) -> Result<Option<SignedCheckpoint>, Turned> {
    let heads = state.records.store().heads().await.map_err(failed)?;
    Ok(heads
        .into_iter()
        .find(|head| head.ledger.as_str() == site)
        .and_then(|head| head.checkpoint))
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
        &domain::batch::Refusal::NotAllowed { action }.to_string(),
    ))
}
