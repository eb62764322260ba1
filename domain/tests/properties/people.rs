//! Who works at the site: two or three of each role, some who hold many roles, and some who may do nothing here.

use domain::{
    batch::{Context, Held, Second},
    ids::UserId,
    rights::Role,
    time::Timestamp,
    zone::Zone,
};
use uuid::Uuid;

/// Somebody at the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub id: u128,
    pub name: &'static str,
    pub roles: &'static [Role],
}

const fn person(id: u128, name: &'static str, roles: &'static [Role]) -> Person {
    Person { id, name, roles }
}

pub const COLLECTOR: Person = person(1, "Collector 1", &[Role::Collector]);
pub const TECH: Person = person(2, "Technician 1", &[Role::Technician]);
pub const TECH2: Person = person(3, "Technician 2", &[Role::Technician]);
pub const QC: Person = person(4, "QC analyst 1", &[Role::QcAnalyst]);
pub const QC2: Person = person(5, "QC analyst 2", &[Role::QcAnalyst]);
pub const QA: Person = person(6, "QA reviewer 1", &[Role::QaReviewer]);
pub const QA2: Person = person(7, "QA reviewer 2", &[Role::QaReviewer]);
pub const QP: Person = person(8, "Qualified Person 1", &[Role::QualifiedPerson]);
pub const QP2: Person = person(9, "Qualified Person 2", &[Role::QualifiedPerson]);
pub const PHARMACIST: Person = person(10, "Pharmacist 1", &[Role::Pharmacist]);
/// Who may do nearly everything: the rule of several people must hold all the same.
pub const MANY: Person = person(11, "Many Roles 1", EVERY_ROLE);
pub const MANY2: Person = person(12, "Many Roles 2", EVERY_ROLE);
/// Reviews and certifies, and makes nothing.
pub const QA_AND_QP: Person = person(13, "QA and QP", &[Role::QaReviewer, Role::QualifiedPerson]);
pub const ADMINISTRATOR: Person = person(14, "Administrator 1", &[Role::Administrator]);
pub const INSPECTOR: Person = person(15, "Inspector 1", &[Role::Inspector]);
pub const NOBODY: Person = person(16, "No Role", &[]);

const EVERY_ROLE: &[Role] = &[
    Role::Technician,
    Role::QcAnalyst,
    Role::QaReviewer,
    Role::QualifiedPerson,
    Role::Pharmacist,
];

pub const EVERYBODY: [Person; 16] = [
    COLLECTOR,
    TECH,
    TECH2,
    QC,
    QC2,
    QA,
    QA2,
    QP,
    QP2,
    PHARMACIST,
    MANY,
    MANY2,
    QA_AND_QP,
    ADMINISTRATOR,
    INSPECTOR,
    NOBODY,
];

impl Person {
    pub fn user(self) -> UserId {
        UserId(Uuid::from_u128(self.id))
    }

    /// This person as the second, who gave user name and password in the request of another.
    pub fn second(self) -> Second {
        Second {
            user: self.user(),
            user_name: self.name.to_lowercase().replace(' ', "."),
            name: self.name.to_owned(),
            roles: self.roles.to_vec(),
        }
    }

    /// What a decision knows of this person; `signing` where user name and password were given again.
    pub fn context(self, now: Timestamp, signing: bool) -> Context {
        Context {
            clock: domain::clock::ClockState::Confirmed,
            now,
            zone: Zone::utc(),
            user: self.user(),
            user_name: self.name.to_lowercase().replace(' ', "."),
            name: self.name.to_owned(),
            roles: self.roles.to_vec(),
            signing: signing.then(|| "00ff".to_owned()),
            held: Held::default(),
        }
    }
}
