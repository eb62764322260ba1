//! [`Forms`]: what is typed and not recorded, outside the record's own tables.

use super::{Row, Tx, columns::Columns, engine::Engine};
use crate::{Fault, Forms, KeptForm, forms::bounds};
use async_trait::async_trait;
use domain::{ids::UserId, time::Timestamp};
use uuid::Uuid;

const KEEP: &str =
    "insert into kept_form (form_id, owner, browser, created_at, page, form, typed)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (form_id) do update set owner = excluded.owner, browser = excluded.browser,
    created_at = excluded.created_at, page = excluded.page, form = excluded.form, typed = excluded.typed";
const KEEP_FEW_OF_A_PERSON: &str = "delete from kept_form where owner = $1 and form_id not in
    (select form_id from kept_form where owner = $1 order by created_at desc, form_id limit $2)";
const KEEP_FEW: &str = "delete from kept_form where form_id not in
    (select form_id from kept_form order by created_at desc, form_id limit $1)";
const COUNT: &str = "select count(*) as forms from kept_form";
const KEPT: &str = "select form_id, owner, browser, created_at, page, form, typed from kept_form
    where form_id = $1 and owner = $2 and browser = $3";
const DRAFTS: &str = "select form_id, owner, browser, created_at, page, form, typed from kept_form
    where owner = $1 and page = $2 and browser is null order by created_at desc, form_id";
const FORGET: &str = "delete from kept_form where form_id = $1";
const FORGET_BEFORE: &str = "delete from kept_form where created_at < $1";
const NOTE_BROWSER: &str = "insert into form_browser (browser, person, seen_at) values ($1, $2, $3)
    on conflict (browser, person) do update set seen_at = excluded.seen_at";
const KEEP_FEW_BROWSERS: &str = "delete from form_browser where seen_at <
    (select seen_at from form_browser order by seen_at desc limit 1 offset $1)";
const KNOWN_BROWSER: &str =
    "select browser, seen_at from form_browser where browser = $1 and person = $2";
const FORGET_BROWSERS: &str = "delete from form_browser where seen_at < $1";

const WRITING: &str = "writing kept forms";
const READING: &str = "reading kept forms";

#[async_trait]
impl Forms for Engine {
    async fn keep_form(&self, form: &KeptForm) -> Result<bool, Fault> {
        if !form.fits() {
            return Ok(false);
        }
        let mut tx = begin(self).await?;
        let query = sqlx::query(KEEP)
            .bind(form.id.to_string())
            .bind(form.owner.to_string())
            .bind(form.browser.as_deref())
            .bind(form.created_at.micros())
            .bind(&form.page)
            .bind(&form.form)
            .bind(&form.typed);
        query
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_(WRITING))?;
        let query = sqlx::query(KEEP_FEW_OF_A_PERSON)
            .bind(form.owner.to_string())
            .bind(bounds::OF_A_PERSON);
        query
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_(WRITING))?;
        // The whole table is put in order only where it is full.
        let row = sqlx::query(COUNT).fetch_one(&mut *tx).await;
        let row = row.map_err(Fault::while_(READING))?;
        let count: i64 = Columns::of(&row, "kept_form", &["forms"]).number("forms")?;
        if count > bounds::IN_ALL {
            sqlx::query(KEEP_FEW)
                .bind(bounds::IN_ALL)
                .execute(&mut *tx)
                .await
                .map_err(Fault::while_(WRITING))?;
        }
        end(tx).await?;
        Ok(true)
    }

    async fn kept_form(
        &self,
        id: Uuid,
        owner: UserId,
        browser: &str,
    ) -> Result<Option<KeptForm>, Fault> {
        let query = sqlx::query(KEPT)
            .bind(id.to_string())
            .bind(owner.to_string())
            .bind(browser);
        let row = query.fetch_optional(self.forms().await?).await;
        row.map_err(Fault::while_(READING))?
            .as_ref()
            .map(kept_form)
            .transpose()
    }

    async fn drafts(&self, owner: UserId, page: &str) -> Result<Vec<KeptForm>, Fault> {
        let query = sqlx::query(DRAFTS).bind(owner.to_string()).bind(page);
        let rows = query.fetch_all(self.forms().await?).await;
        let rows = rows.map_err(Fault::while_(READING))?;
        rows.iter().map(kept_form).collect()
    }

    async fn forget_form(&self, id: Uuid) -> Result<(), Fault> {
        let query = sqlx::query(FORGET).bind(id.to_string());
        let done = query.execute(self.forms().await?).await;
        done.map_err(Fault::while_(WRITING)).map(|_| ())
    }

    async fn forget_forms(&self, moment: Timestamp) -> Result<u64, Fault> {
        let mut tx = begin(self).await?;
        let mut forgotten = 0;
        for sql in [FORGET_BROWSERS, FORGET_BEFORE] {
            let query = sqlx::query(sql).bind(moment.micros());
            let done = query
                .execute(&mut *tx)
                .await
                .map_err(Fault::while_(WRITING))?;
            forgotten = done.rows_affected();
        }
        end(tx).await?;
        Ok(forgotten)
    }

    async fn note_browser(
        &self,
        browser: &str,
        person: UserId,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let mut tx = begin(self).await?;
        let query = sqlx::query(NOTE_BROWSER)
            .bind(browser)
            .bind(person.to_string())
            .bind(at.micros());
        query
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_(WRITING))?;
        sqlx::query(KEEP_FEW_BROWSERS)
            .bind(bounds::BROWSERS - 1)
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_(WRITING))?;
        end(tx).await
    }

    async fn known_browser(
        &self,
        browser: &str,
        person: UserId,
    ) -> Result<Option<Timestamp>, Fault> {
        let query = sqlx::query(KNOWN_BROWSER)
            .bind(browser)
            .bind(person.to_string());
        let row = query.fetch_optional(self.forms().await?).await;
        row.map_err(Fault::while_(READING))?
            .map(|row| Columns::of(&row, "form_browser", &["browser"]).time("seen_at"))
            .transpose()
    }
}

async fn begin(engine: &Engine) -> Result<Tx, Fault> {
    let begun = engine.forms().await?.begin().await;
    begun.map_err(Fault::while_(WRITING))
}

async fn end(tx: Tx) -> Result<(), Fault> {
    tx.commit().await.map_err(Fault::while_(WRITING))
}

fn kept_form(row: &Row) -> Result<KeptForm, Fault> {
    let columns = Columns::of(row, "kept_form", &["form_id"]);
    Ok(KeptForm {
        id: columns.parsed("form_id")?,
        owner: columns.parsed("owner")?,
        browser: columns.maybe_text("browser")?,
        created_at: columns.time("created_at")?,
        page: columns.text("page")?,
        form: columns.text("form")?,
        typed: columns.text("typed")?,
    })
}
