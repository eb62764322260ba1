//! Forms that are typed and not recorded yet: refused ones that go back to their person, and drafts. They are no part of
//! the record and lie outside its database file; losing them loses nothing that was recorded.
//!
//! Everything here has a bound, so that nobody fills the disk of the record: see [`bounds`].

use crate::Fault;
use async_trait::async_trait;
use domain::{ids::UserId, time::Timestamp};
use uuid::Uuid;

/// How much is kept.
pub mod bounds {
    /// The most forms of one person; the oldest goes for a new one.
    pub const OF_A_PERSON: i64 = 20;
    /// The most forms in all; the oldest goes for a new one.
    pub const IN_ALL: i64 = 1000;
    /// The most bytes of one form: what is longer is not kept.
    pub const BYTES_OF_A_FORM: usize = 64 * 1024;
    /// The most browsers that are known to have had a session.
    pub const BROWSERS: i64 = 10_000;
    /// The most pages of the file on SQLite, of 4096 bytes each: 96 MiB.
    pub const PAGES: u32 = 24 * 1024;
}

/// What a person typed into a form and what is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptForm {
    /// The id, which stands in the redirect of a refused form.
    pub id: Uuid,
    /// Whose it is: nobody else is shown it.
    pub owner: UserId,
    /// The hash of what only the same browser has; `None` for a draft, which is its person's wherever they sign in.
    pub browser: Option<String>,
    /// When it was kept.
    pub created_at: Timestamp,
    /// The path of the page.
    pub page: String,
    /// The name of the form on the page.
    pub form: String,
    /// What was typed, as JSON.
    pub typed: String,
}

impl KeptForm {
    /// Whether it is small enough to be kept.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.page.len() + self.form.len() + self.typed.len() <= bounds::BYTES_OF_A_FORM
    }
}

/// Kept forms. "Not there" is `None`, never a fault.
#[async_trait]
pub trait Forms: Send + Sync {
    /// Keeps a form, in place of what was kept under its id before, and forgets what is then beyond the [`bounds`].
    /// Answers whether it was small enough to be kept.
    ///
    /// # Errors
    /// [`Fault`].
    async fn keep_form(&self, form: &KeptForm) -> Result<bool, Fault>;

    /// A refused form, for the person and the browser that sent it. It stays, so that a page which is loaded again shows
    /// it again.
    ///
    /// # Errors
    /// [`Fault`].
    async fn kept_form(
        &self,
        id: Uuid,
        owner: UserId,
        browser: &str,
    ) -> Result<Option<KeptForm>, Fault>;

    /// The drafts of a person on a page, newest first.
    ///
    /// # Errors
    /// [`Fault`].
    async fn drafts(&self, owner: UserId, page: &str) -> Result<Vec<KeptForm>, Fault>;

    /// Forgets a form that was taken in the end, where it is kept.
    ///
    /// # Errors
    /// [`Fault`].
    async fn forget_form(&self, id: Uuid) -> Result<(), Fault>;

    /// Forgets the forms and browsers of before `moment`; answers how many forms.
    ///
    /// # Errors
    /// [`Fault`].
    async fn forget_forms(&self, moment: Timestamp) -> Result<u64, Fault>;

    /// Notes that a person signed in at a browser, by the hash of what only that browser has.
    ///
    /// # Errors
    /// [`Fault`].
    async fn note_browser(&self, browser: &str, person: UserId, at: Timestamp)
    -> Result<(), Fault>;

    /// When a person last signed in at a browser; `None` where nothing is known of it.
    ///
    /// # Errors
    /// [`Fault`].
    async fn known_browser(
        &self,
        browser: &str,
        person: UserId,
    ) -> Result<Option<Timestamp>, Fault>;
}
