//! Signing: what is signed in one sentence, its meaning, what follows from it, then user name and password. Nothing else.

use domain::batch::Meaning;
use leptos::prelude::*;

use super::fields::{PasswordField, TextField, hidden_field, send};
use crate::form::Form;

/// The panel of a signature, for the inside of a form. It sends `seen`, `user_name` and `password`.
#[component]
pub fn SignaturePanel(
    /// The form.
    #[prop(into)]
    form: Form,
    /// What is signed, in one sentence.
    #[prop(into)]
    what: String,
    /// The meaning that stands in the signature.
    meaning: Meaning,
    /// What follows from it, in one or two sentences.
    #[prop(into)]
    consequences: String,
    /// The last event of the batch that the person has before them.
    seen: u64,
    /// The words of the button, such as `Sign the review`.
    #[prop(into)]
    button: String,
) -> impl IntoView {
    view! {
        <section class="signature" aria-label="Signature">
            <p class="signature-what">{what}</p>
            <p class="signature-meaning">"Meaning: "<strong>{meaning.label()}</strong></p>
            <p>{consequences}</p>
            {hidden_field("seen", seen)}
            <TextField form=&form name="user_name" label="User name" autocomplete="off"/>
            <PasswordField form=&form hint="Typed each time: a session is not a signature."/>
            {send(button)}
        </section>
    }
}

/// The panel in which a second person confirms with their own user name and password, on the tablet of the first.
#[component]
pub fn SecondPerson(
    /// The form.
    #[prop(into)]
    form: Form,
    /// What is confirmed, in one sentence.
    #[prop(into)]
    what: String,
) -> impl IntoView {
    view! {
        <section class="signature second-person" aria-label="Second person">
            <p class="signature-what">{what}</p>
            <p>"Somebody else than the person who made the entry reads it and confirms it here. You stay signed in."</p>
            <TextField form=&form name="user_name" label="User name of the second person" autocomplete="off"/>
            <PasswordField form=&form label="Password of the second person"/>
            {send("Confirm the entry")}
        </section>
    }
}
