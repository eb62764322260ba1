//! The tables, in numbered steps: the same numbers and names on both engines.

mod lacking;

pub(crate) use lacking::made_by;
pub use lacking::{Lacking, Part};

use crate::{Fault, Mode};
use sqlx::migrate::Migrator;

/// One step.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its number: 1, 2, 3, ...
    pub number: i64,
    /// Its name.
    pub name: &'static str,
    /// Its text for SQLite.
    pub sqlite: &'static str,
    /// Its text for PostgreSQL.
    pub postgres: &'static str,
}

/// The tables of a database beside those of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TablesState {
    /// There is no table at all.
    None,
    /// They are those of this program.
    Current,
    /// They are those of an earlier version, after this many steps: `autolog migrate` adds what is missing.
    Older(usize),
}

/// What is read of the steps that a database went through and ended: number and checksum, in order.
pub(crate) type Taken = Vec<(i64, Vec<u8>)>;

impl TablesState {
    /// The state of a database with any number of `other` tables, whose steps are `taken`; `None` where it has no list of
    /// steps at all.
    pub(crate) fn of(taken: Option<Taken>, other: i64, migrator: &Migrator) -> Result<Self, Fault> {
        let here: Taken = migrator
            .iter()
            .map(|step| (step.version, step.checksum.to_vec()))
            .collect();
        let Some(taken) = taken else {
            return match other {
                0 => Ok(Self::None),
                _ => Err(Fault::OtherProgram),
            };
        };
        let same = taken.iter().zip(&here).take_while(|(a, b)| a == b).count();
        if same == taken.len() && same == here.len() {
            Ok(Self::Current)
        } else if same == taken.len() {
            match (same, other) {
                // The list of steps is made first: where a power cut came after it, there is nothing else yet.
                (0, 0) => Ok(Self::None),
                (0, _) => Err(Fault::OtherProgram),
                _ => Ok(Self::Older(same)),
            }
        } else if same == here.len() {
            Err(Fault::NewerTables {
                found: taken.len(),
                here: here.len(),
            })
        } else if taken.first().map(|(number, _)| *number) == Some(1) {
            Err(Fault::OtherTables { step: same + 1 })
        } else {
            Err(Fault::OtherProgram)
        }
    }

    /// Goes on only where a database in this state can be opened; whether its tables have to be made first.
    pub(crate) fn opens(self, mode: Mode) -> Result<bool, Fault> {
        match (self, mode) {
            (Self::Current, Mode::Read | Mode::Write | Mode::Create) => Ok(false),
            (Self::None, Mode::Create) => Ok(true),
            (Self::None, Mode::Read | Mode::Write) => Err(Fault::NoTables),
            (Self::Older(found), Mode::Read | Mode::Write | Mode::Create) => {
                Err(Fault::OlderTables {
                    found,
                    here: MIGRATIONS.len(),
                })
            }
        }
    }
}

macro_rules! migrations {
    ($($number:literal $file:literal),* $(,)?) => {
        /// All steps, in order.
        pub const MIGRATIONS: &[Migration] = &[$(Migration {
            number: $number,
            name: $file,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $file, ".sql")),
        }),*];
    };
}

migrations! {
    1 "0001_ledger",
    2 "0002_read_tables",
    3 "0003_accounts",
    4 "0004_board_in_order",
    5 "0005_no_entry_by_command",
    6 "0006_open_sessions",
    7 "0007_claims",
    9 "0009_search",
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::MIGRATIONS;
    use crate::engine::sqlite::FORM_TABLES;
    use std::path::Path;

    #[test]
    fn both_engines_have_the_same_migrations() {
        let listed: Vec<_> = MIGRATIONS
            .iter()
            .map(|migration| format!("{}.sql", migration.name))
            .collect();
        for engine in ["sqlite", "postgres"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../migrations")
                .join(engine);
            let files = folder
                .read_dir()
                .unwrap()
                .map(|file| file.unwrap().file_name().into_string().unwrap());
            let mut files: Vec<_> = files.collect();
            files.sort();
            assert_eq!(files, listed, "{engine}");
        }
        assert!(MIGRATIONS.is_sorted_by(|one, next| one.number < next.number));
        for migration in MIGRATIONS {
            let number = format!("{:04}_", migration.number);
            assert!(migration.name.starts_with(&number));
        }
    }

    #[test]
    fn both_engines_have_the_same_tables_and_columns() {
        let names = |text: &str| -> Vec<String> {
            let columns = text.lines().filter_map(|line| {
                let word = line.trim().split([' ', '(']).next()?;
                let table = line
                    .strip_prefix("create table ")
                    .or_else(|| line.strip_prefix("create index "))
                    .or_else(|| line.strip_prefix("drop index "));
                let column = line.starts_with("    ") && line.contains(" not null")
                    || line.contains(" null,");
                table
                    .map(str::to_owned)
                    .or_else(|| column.then(|| word.to_owned()))
            });
            columns
                .map(|name| name.trim_end_matches([' ', '(', ';']).to_owned())
                .collect()
        };
        for migration in MIGRATIONS {
            // On SQLite, forms lie in a file of their own.
            let mut sqlite = migration.sqlite.to_owned();
            if migration.name == "0003_accounts" {
                sqlite.push_str(&FORM_TABLES.replace("if not exists ", ""));
            }
            let postgres = migration.postgres.replace("unlogged ", "");
            assert_eq!(names(&sqlite), names(&postgres), "{}", migration.name);
            let tables = migration.sqlite.contains("create table ");
            let least = if tables { 6 } else { 1 };
            assert!(names(migration.sqlite).len() >= least, "{}", migration.name);
        }
    }
}
