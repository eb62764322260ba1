//! The file of forms beside the record's own.

use super::{
    Db,
    file::{self},
    is_free,
};
use crate::{Fault, bounds};
use sqlx::{
    Pool,
    sqlite::{
        SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions,
        SqliteSynchronous,
    },
};
use std::{path::Path, str::FromStr as _};

const FORMS: &str = "opening the file of forms";

/// Opens the file of forms, making it where it isn't there. It holds nothing that must outlive a power cut; one that is of no
/// use is made again. One that is only not to be had at the moment, as where another server is at work in it, is left alone.
pub(crate) async fn open_forms(url: &str) -> Result<Pool<Db>, Fault> {
    let options = SqliteConnectOptions::from_str(url).map_err(Fault::while_(FORMS))?;
    let path = file::of_forms(options.get_filename());
    match connect(&path).await {
        Err(why) if is_of_no_use(&why) => {
            std::fs::remove_file(&path).ok();
            connect(&path).await
        }
        connected => connected,
    }
}

/// Whether the file is no database (26), a damaged one (11), or one whose tables have another shape (1).
fn is_of_no_use(why: &Fault) -> bool {
    matches!(why.code_of_sqlite().as_deref(), Some("1" | "11" | "26"))
}

async fn connect(path: &Path) -> Result<Pool<Db>, Fault> {
    readable_by_its_owner_alone(path).map_err(|why| Fault::while_(FORMS)(why.into()))?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .auto_vacuum(SqliteAutoVacuum::Full)
        .journal_mode(SqliteJournalMode::Truncate)
        .synchronous(SqliteSynchronous::Off)
        // Nobody fills the disk of the record with it, whatever is sent.
        .pragma("max_page_count", bounds::PAGES.to_string())
        .busy_timeout(super::BUSY);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .before_acquire(|connection, _| Box::pin(async move { Ok(is_free(connection)) }))
        .connect_with(options)
        .await
        .map_err(Fault::while_(FORMS))?;
    for sql in [FORM_TABLES, SHAPE] {
        let made = sqlx::raw_sql(sql).execute(&pool).await;
        if let Err(why) = made {
            pool.close().await;
            return Err(Fault::while_(FORMS)(why));
        }
    }
    Ok(pool)
}

/// Fails where a table is there with other columns.
const SHAPE: &str = "
select form_id, owner, browser, created_at, page, form, typed from kept_form limit 0;
select browser, person, seen_at from form_browser limit 0;
";

/// The tables of the file of forms; on PostgreSQL they are unlogged tables of the database.
pub(crate) const FORM_TABLES: &str = "
create table if not exists kept_form (
    form_id text not null,
    owner text not null,
    browser text null,
    created_at integer not null,
    page text not null,
    form text not null,
    typed text not null,
    primary key (form_id)
) strict;
create index if not exists kept_form_by_owner on kept_form (owner, created_at);
create table if not exists form_browser (
    browser text not null,
    person text not null,
    seen_at integer not null,
    primary key (browser, person)
) strict;
create index if not exists form_browser_by_age on form_browser (seen_at);
";

/// Makes the file where it isn't there, for no other account of the machine.
fn readable_by_its_owner_alone(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let file = options.mode(0o600).open(path)?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))
    }
    #[cfg(not(unix))]
    options.open(path).map(|_| ())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};
    use std::{fs, time::Duration};

    async fn at(path: &Path) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(path);
        let options = options.busy_timeout(Duration::ZERO).create_if_missing(true);
        options.connect().await.unwrap()
    }

    async fn sql(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), Fault> {
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
        done.map(|_| ()).map_err(Fault::while_(FORMS))
    }

    #[tokio::test]
    async fn only_a_file_of_forms_that_is_of_no_use_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        let path = folder.path().join("a.db.forms");
        let kept = "insert into form_browser values ('b', 'p', 1)";
        let count = "select count(*) from form_browser";
        for useless in ["garbage", "another shape"] {
            if useless == "garbage" {
                fs::write(&path, "no database at all, and longer than a header is").unwrap();
            } else {
                fs::remove_file(&path).unwrap();
                let mut other = at(&path).await;
                sql(&mut other, "create table form_browser (browser, seen_at)")
                    .await
                    .unwrap();
                other.close().await.unwrap();
            }
            let pool = open_forms(&url).await.unwrap();
            sqlx::query(kept).execute(&pool).await.unwrap();
            pool.close().await;
        }
        // Another server is at work in it.
        let (mut one, mut other) = (at(&path).await, at(&path).await);
        sql(&mut one, "begin exclusive").await.unwrap();
        let busy = sql(&mut other, FORM_TABLES).await.unwrap_err();
        assert!(!is_of_no_use(&busy), "{busy:?}");
        sql(&mut one, "rollback").await.unwrap();
        one.close().await.unwrap();
        other.close().await.unwrap();
        let pool = open_forms(&url).await.unwrap();
        let there: i64 = sqlx::query_scalar(count).fetch_one(&pool).await.unwrap();
        assert_eq!(there, 1, "what was kept is still there");
        pool.close().await;
    }
}
