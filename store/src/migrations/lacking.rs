//! What the steps of the tables made, and whether it is all there: the list of steps alone doesn't say that nobody has taken a
//! table or the protection of one away since.

use std::{collections::BTreeSet, fmt};

/// A kind of thing that a database is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A table.
    Table,
    /// An index: without it the record is slow.
    Index,
    /// A trigger: without it the record can be changed.
    Trigger,
    /// A function that triggers call.
    Function,
}

impl Part {
    const ALL: [Self; 4] = [Self::Table, Self::Index, Self::Trigger, Self::Function];

    fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Index => "index",
            Self::Trigger => "trigger",
            Self::Function => "function",
        }
    }

    /// What a word of SQL names.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.word() == word)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Something that must be in a database and isn't.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lacking {
    /// What kind of thing.
    pub part: Part,
    /// Its name.
    pub name: String,
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The {} {} is missing.", self.part, self.name)
    }
}

/// What is there after all steps with these texts.
pub(crate) fn made_by<'t>(steps: impl Iterator<Item = &'t str>) -> BTreeSet<Lacking> {
    let mut made = BTreeSet::new();
    for line in steps.flat_map(str::lines) {
        // Each of them begins a line, and nothing else does.
        let mut words = line.split_whitespace();
        let makes = match words.next() {
            Some("create") => true,
            Some("drop") => false,
            _ => continue,
        };
        let mut words = words.filter(|word| !matches!(*word, "unlogged" | "unique"));
        let part = words.next().and_then(Part::named);
        let name = words.next().and_then(|name| name.split(['(', ';']).next());
        let (Some(part), Some(name)) = (part, name) else {
            continue;
        };
        let name = name.to_owned();
        if makes {
            made.insert(Lacking { part, name });
        } else {
            made.remove(&Lacking { part, name });
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MIGRATIONS;

    #[test]
    fn what_the_steps_make_is_read_from_them() {
        let sqlite = made_by(MIGRATIONS.iter().map(|step| step.sqlite));
        let postgres = made_by(MIGRATIONS.iter().map(|step| step.postgres));
        let has = |made: &BTreeSet<Lacking>, part, name: &str| {
            let name = name.to_owned();
            made.contains(&Lacking { part, name })
        };
        for (part, name, in_sqlite, in_postgres) in [
            (Part::Table, "entry", true, true),
            (Part::Table, "search_term", true, true),
            (Part::Table, "kept_form", false, true),
            (Part::Index, "board_open", true, true),
            // A later step has dropped it.
            (Part::Index, "entry_by_command", false, false),
            (Part::Trigger, "entry_stays", true, true),
            (Part::Trigger, "entry_is_kept", true, false),
            (Part::Function, "refuse_change", false, true),
        ] {
            let found = (has(&sqlite, part, name), has(&postgres, part, name));
            assert_eq!(found, (in_sqlite, in_postgres), "{part} {name}");
        }
        let lines = |text: &str| {
            let text = text.lines().filter(|line| {
                line.starts_with("create ") && !line.starts_with("create index entry_by_command")
            });
            text.count()
        };
        let all: usize = MIGRATIONS.iter().map(|step| lines(step.postgres)).sum();
        assert_eq!(postgres.len(), all);
        let all: usize = MIGRATIONS.iter().map(|step| lines(step.sqlite)).sum();
        assert_eq!(sqlite.len(), all);
    }
}
