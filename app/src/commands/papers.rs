//! Printing papers: each print has an entry, so an inspector prints like anyone else who may.

use domain::print::PrintedDocument;
use domain::refusal::Words;
use domain::rights::Action;
use domain::search::MAX_QUERY;
use leptos::prelude::*;

use crate::answer::{Answered, answer};
use crate::desk::{Desk, INCOMPLETE, Trouble};
use crate::form::{FormPost, Typed};
use crate::papers::print;
use crate::trail::query;

/// Prints a certificate of analysis.
///
/// # Errors
/// None of its own.
#[server(endpoint = "print-certificate", input = FormPost)]
pub async fn print_certificate(
    /// `batch`, `number`.
    form: Typed,
) -> Answered {
    let done = certificate(&form).await;
    answer(form, done).await
}

async fn certificate(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::PrintCertificate).await?;
    let number = form.text("number").to_owned();
    print(
        &desk,
        form,
        batch.id,
        PrintedDocument::Certificate { number },
    )
    .await?;
    Ok(format!("/batches/{}/release#prints", batch.id))
}

/// Copies the audit trail of a batch, as a table or with its exact entries.
///
/// # Errors
/// None of its own.
#[server(endpoint = "copy-audit-trail", input = FormPost)]
pub async fn copy_audit_trail(
    /// `batch`, `format`, and the filter and order of the page: `group`, `person_of`, `step`, `text`, `sort`.
    form: Typed,
) -> Answered {
    let done = trail(&form).await;
    answer(form, done).await
}

async fn trail(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::ReadAuditTrail).await?;
    let format = form.text("format");
    if !["csv", "json"].contains(&format) {
        return Err(Words::of(INCOMPLETE).into());
    }
    let filter = filter(form)?;
    let document = PrintedDocument::AuditTrail {
        format: format.to_owned(),
        filter: filter.clone(),
    };
    print(&desk, form, batch.id, document).await?;
    let query = if filter.is_empty() {
        filter
    } else {
        format!("?{filter}")
    };
    Ok(format!("/batches/{}/audit{query}#prints", batch.id))
}

/// Filter and order as the address of the page names them, in one order. No part is longer than what is looked for can be.
fn filter(form: &Typed) -> Result<String, Trouble> {
    let mut filter = form_urlencoded::Serializer::new(String::new());
    for (field, name) in [
        ("group", query::GROUP),
        ("person_of", query::PERSON),
        ("step", query::STEP),
        ("text", query::TEXT),
        ("sort", query::SORT),
    ] {
        let value = form.text(field);
        let length = value.chars().count();
        if length > MAX_QUERY {
            let said = format!(
                "The filter has a part of {length} characters, and none can have more than {MAX_QUERY}. Nothing was recorded: open the audit trail again and filter it by less."
            );
            return Err(Words::of(said).into());
        }
        if !value.is_empty() {
            filter.append_pair(name, value);
        }
    }
    Ok(filter.finish())
}
