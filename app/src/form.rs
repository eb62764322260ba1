//! Forms: what arrives of one, and what a page knows of one that it draws.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::ids::{CommandId, UserId};
use domain::refusal::Words;
use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, FormatType};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How every command takes its form: `#[server(endpoint = "...", input = FormPost)]` on a function with the one argument
/// `form: Typed`. Reading it never fails: what is missing is an empty field, and the command refuses that with words.
pub type FormPost = Post<FormText>;

/// The text of a form as a browser sends it.
pub struct FormText;

impl ContentType for FormText {
    const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";
}

impl FormatType for FormText {
    const FORMAT_TYPE: leptos::server_fn::Format = leptos::server_fn::Format::Text;
}

impl<T: From<Typed>> Decodes<T> for FormText {
    type Error = Infallible;

    fn decode(bytes: Bytes) -> Result<T, Infallible> {
        Ok(Typed::read(&bytes).into())
    }
}

impl<T: Clone + Into<Typed>> Encodes<T> for FormText {
    type Error = Infallible;

    fn encode(form: &T) -> Result<Bytes, Infallible> {
        let form: Typed = form.clone().into();
        let text = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form.pairs)
            .finish();
        Ok(Bytes::from(text))
    }
}

/// The most that one field of a form can hold; what is longer is cut and then refused as too long.
const LONGEST: usize = 20_000;

/// What was typed into a form, field by field, as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed {
    pairs: Vec<(String, String)>,
}

impl Typed {
    fn read(bytes: &[u8]) -> Self {
        let cut = |text: std::borrow::Cow<'_, str>| {
            // U+0000 is no letter of any field, and PostgreSQL can't keep it.
            text.chars()
                .filter(|sign| *sign != '\0')
                .take(LONGEST)
                .collect::<String>()
        };
        Self {
            pairs: form_urlencoded::parse(bytes)
                .map(|(name, value)| (cut(name), cut(value)))
                .collect(),
        }
    }

    /// A form with these fields, as a test or another form fills it.
    #[must_use]
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self {
            pairs: pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    /// What was typed into a field, trimmed; empty where the form has no such field.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.raw(field).map_or("", str::trim)
    }

    /// What was typed into a field exactly, as a password is; `None` where the form has no such field.
    #[must_use]
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a field that stands more than once, such as a list of check boxes.
    #[must_use]
    pub fn all(&self, field: &str) -> Vec<&str> {
        self.pairs
            .iter()
            .filter(|(name, _)| name == field)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// Whether a check box was ticked.
    #[must_use]
    pub fn ticked(&self, field: &str) -> bool {
        !self.text(field).is_empty()
    }

    /// The same without its passwords: those are never kept.
    #[must_use]
    pub fn without_passwords(mut self) -> Self {
        self.pairs.retain(|(name, _)| !name.contains("password"));
        self
    }

    /// The same as a draft: nothing that signs, for the signer or for a second person, is ever kept.
    #[must_use]
    pub fn as_draft(self) -> Self {
        // A form that asks for a password asks for the user name that goes with it.
        let accounts = self.text(hidden::PAGE).starts_with("/people");
        let mut draft = self.without_passwords();
        draft
            .pairs
            .retain(|(name, _)| accounts || name != "user_name");
        draft
    }

    /// What a person typed or chose, with the name of each field: nothing of what the page itself put into the form.
    pub fn by_hand(&self) -> impl Iterator<Item = (String, &str)> {
        use hidden::{ABOUT, COMMAND, FORM, PAGE, PERSON};
        let by_hand =
            |name: &str| ![FORM, PAGE, COMMAND, PERSON].contains(&name) && !ABOUT.contains(&name);
        self.pairs
            .iter()
            .filter(move |(name, value)| by_hand(name) && !value.trim().is_empty())
            .map(|(name, value)| (name.replace('_', " "), value.as_str()))
    }
}

/// The hidden fields that every form has.
pub mod hidden {
    /// The form's name on its page.
    pub const FORM: &str = "form";
    /// The path of the page.
    pub const PAGE: &str = "page";
    /// The command's id.
    pub const COMMAND: &str = "command_id";
    /// Who the page was drawn for.
    pub const PERSON: &str = "person";
    /// What a form is about: nobody typed it.
    pub const ABOUT: [&str; 18] = [
        "batch",
        "criterion",
        "deviation",
        "dose",
        "exception",
        "field",
        "format",
        "group",
        "kept",
        "number",
        "person_of",
        "result",
        "sample",
        "seen",
        "sort",
        "step",
        "to",
        "user",
    ];
}

/// A form that couldn't be taken, as it is shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The form's name.
    #[serde(default)]
    pub form: String,
    /// What was typed.
    pub typed: Typed,
    /// Why it was refused; none where the session had ended.
    pub refused: Vec<Words>,
}

/// A form as a page draws it: a clone is cheap and is the same form.
#[derive(Debug, Clone)]
pub struct Form(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    page: String,
    command: CommandId,
    kept: Option<Kept>,
    draft: Option<Kept>,
    person: Option<UserId>,
    shown: Shown,
}

/// Whether the form that came back stands on the page that is being drawn.
#[derive(Debug, Clone, Default)]
pub struct Shown(Arc<AtomicBool>);

impl Shown {
    /// Whether it does.
    #[must_use]
    pub fn already(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Form {
    /// The form `name` of a page that was drawn with `seed` for a person.
    #[must_use]
    pub fn of_page(
        name: &str,
        page: &str,
        seed: Uuid,
        (kept, drafts): (Option<&Kept>, &[Kept]),
        person: Option<UserId>,
        shown: &Shown,
    ) -> Self {
        let kept = kept.filter(|kept| kept.form == name).cloned();
        let draft = drafts.iter().find(|draft| draft.form == name);
        let draft = draft.filter(|_| kept.is_none()).cloned();
        // The same form sent again, also after a refusal or a new sign-in, is the same command.
        let again = kept
            .as_ref()
            .or(draft.as_ref())
            .and_then(|kept| kept.typed.text(hidden::COMMAND).parse().ok());
        Self(Arc::new(Inner {
            name: name.to_owned(),
            page: page.to_owned(),
            command: again.unwrap_or_else(|| CommandId::of_form(seed, name)),
            kept,
            draft,
            person,
            shown: shown.clone(),
        }))
    }

    /// The form `name` of a page for anybody.
    #[cfg(test)]
    #[must_use]
    pub fn new(name: &str, page: &str, seed: Uuid, kept: Option<&Kept>) -> Self {
        Self::of_page(name, page, seed, (kept, &[]), None, &Shown::default())
    }

    /// Who its page was drawn for.
    #[must_use]
    pub fn person(&self) -> Option<UserId> {
        self.0.person
    }

    /// Notes that it stands on its page.
    pub fn stands(&self) {
        if self.came_back() {
            self.0.shown.0.store(true, Ordering::Relaxed);
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The path of its page.
    #[must_use]
    pub fn page(&self) -> &str {
        &self.0.page
    }

    /// The id of the command that it sends.
    #[must_use]
    pub fn command(&self) -> CommandId {
        self.0.command
    }

    /// The id of the form in the page.
    #[must_use]
    pub fn id(&self) -> String {
        format!("form-{}", slug(&self.0.name))
    }

    /// The id of one of its fields in the page.
    #[must_use]
    pub fn field_id(&self, field: &str) -> String {
        format!("{}-{}", slug(&self.0.name), slug(field))
    }

    /// Whether it was sent before and couldn't be taken: then it is open and shows what was typed.
    #[must_use]
    pub fn came_back(&self) -> bool {
        self.0.kept.is_some()
    }

    /// Whether something was typed into it that was never sent.
    #[must_use]
    pub fn has_draft(&self) -> bool {
        self.0.draft.is_some()
    }

    /// Whether it holds what a person typed, so that it is shown unfolded.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.came_back() || self.has_draft()
    }

    fn begun(&self) -> Option<&Kept> {
        self.0.kept.as_ref().or(self.0.draft.as_ref())
    }

    /// What was typed into a field before.
    #[must_use]
    pub fn typed(&self, field: &str) -> Option<String> {
        self.begun()
            .and_then(|kept| kept.typed.raw(field))
            .map(str::to_owned)
    }

    /// Whether a check box was ticked before.
    #[must_use]
    pub fn ticked(&self, field: &str, value: &str) -> bool {
        self.begun()
            .is_some_and(|kept| kept.typed.all(field).contains(&value))
    }

    /// Why it was refused.
    #[must_use]
    pub fn refused(&self) -> &[Words] {
        self.0.kept.as_ref().map_or(&[], |kept| &kept.refused)
    }

    /// Why a field was refused.
    #[must_use]
    pub fn refused_at(&self, field: &str) -> Vec<String> {
        let at = |words: &&Words| words.field.as_deref() == Some(field);
        self.refused()
            .iter()
            .filter(at)
            .map(|words| words.text.clone())
            .collect()
    }
}

impl From<&Form> for Form {
    fn from(form: &Form) -> Self {
        form.clone()
    }
}

/// A name as it can stand in an id of the page and in an address.
#[must_use]
pub fn slug(name: &str) -> String {
    name.chars()
        .map(|sign| {
            if sign.is_ascii_alphanumeric() {
                sign.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_whatever_arrives() {
        let form = Typed::read(b"value=79%2C9+%25&value=2&empty=&%FF=%00x&lonely");
        assert_eq!(form.text("value"), "79,9 %");
        assert_eq!(form.all("value"), ["79,9 %", "2"]);
        assert_eq!(form.text("empty"), "");
        assert_eq!(form.text("missing"), "");
        assert!(!form.ticked("lonely"));
        assert_eq!(form.text("\u{fffd}"), "x");
        let long = format!("value={}", "9".repeat(LONGEST + 5));
        assert_eq!(Typed::read(long.as_bytes()).text("value").len(), LONGEST);
    }

    // P11-200a1: nothing that signs is kept.
    #[test]
    fn passwords_are_never_kept() {
        let form = Typed::of(&[
            ("user_name", "tech1"),
            ("password", "secret"),
            ("new_password", "other"),
        ]);
        assert_eq!(
            form.without_passwords(),
            Typed::of(&[("user_name", "tech1")])
        );
    }

    #[test]
    fn the_same_page_sends_the_same_command_again() {
        let seed = Uuid::from_u128(7);
        let one = Form::new("record:seed@P1:cells", "/batches/1", seed, None);
        assert_eq!(
            one.command(),
            Form::new("record:seed@P1:cells", "/batches/1", seed, None).command()
        );
        assert_ne!(
            one.command(),
            Form::new("record:seed@P1:area", "/batches/1", seed, None).command()
        );
        let kept = Kept {
            form: "a".to_owned(),
            typed: Typed::of(&[("command_id", &one.command().to_string()), ("value", "72")]),
            refused: vec![Words::at("value", "Too low.")],
        };
        let again = Form::new("a", "/batches/1", Uuid::from_u128(8), Some(&kept));
        assert_eq!(again.command(), one.command());
        assert_eq!(again.typed("value").as_deref(), Some("72"));
        assert_eq!(again.refused_at("value"), ["Too low."]);
        assert!(!Form::new("b", "/batches/1", seed, Some(&kept)).came_back());
    }
}
