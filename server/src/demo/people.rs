//! The people of the demonstration, named by their roles.

use super::{by_demo, command, done, id};
use anyhow::Result;
use app::door::{Door, Whence};
use domain::{ids::UserId, people::PersonCommand, rights::Role};
use store::Person;

/// The password of all of them. There is no other default password anywhere.
pub const PASSWORD: &str = app::door::PUBLISHED;

/// One of them.
pub struct DemoPerson {
    /// The name to sign in with.
    pub user_name: &'static str,
    /// The full name as printed.
    pub name: &'static str,
    /// Sites and roles.
    pub roles: &'static [(&'static str, Role)],
}

/// All of them.
pub const PEOPLE: [DemoPerson; 14] = [
    person(
        "administrator.1",
        "Administrator 1",
        &[("org", Role::Administrator)],
    ),
    person("collector.1", "Collector 1", &[("GE", Role::Collector)]),
    person("technician.1", "Technician 1", &[("GE", Role::Technician)]),
    person("technician.2", "Technician 2", &[("GE", Role::Technician)]),
    person(
        "qc.1",
        "QC analyst 1",
        &[("GE", Role::QcAnalyst), ("BA", Role::QcAnalyst)],
    ),
    person(
        "qc.2",
        "QC analyst 2",
        &[("GE", Role::QcAnalyst), ("BA", Role::QcAnalyst)],
    ),
    person("qa.1", "QA reviewer 1", &[("GE", Role::QaReviewer)]),
    person(
        "qp.1",
        "Qualified Person 1",
        &[("GE", Role::QualifiedPerson)],
    ),
    person("pharmacist.1", "Pharmacist 1", &[("GE", Role::Pharmacist)]),
    person(
        "inspector.1",
        "Inspector 1",
        &[("GE", Role::Inspector), ("BA", Role::Inspector)],
    ),
    person("collector.2", "Collector 2", &[("BA", Role::Collector)]),
    person("technician.3", "Technician 3", &[("BA", Role::Technician)]),
    person("technician.4", "Technician 4", &[("BA", Role::Technician)]),
    person("qa.2", "QA reviewer 2", &[("BA", Role::QaReviewer)]),
];

const fn person(
    user_name: &'static str,
    name: &'static str,
    roles: &'static [(&'static str, Role)],
) -> DemoPerson {
    DemoPerson {
        user_name,
        name,
        roles,
    }
}

/// The account's id.
pub fn id_of(user_name: &str) -> UserId {
    UserId(id(&format!("person/{user_name}")))
}

/// The person as the record sees them when they are signed in.
pub fn signed_in(user_name: &str) -> Option<Person> {
    let one = PEOPLE.iter().find(|one| one.user_name == user_name)?;
    Some(Person {
        user: Some(id_of(one.user_name)),
        user_name: one.user_name.to_owned(),
        name: one.name.to_owned(),
        roles: owned(one.roles),
        ..Person::command_line("")
    })
}

fn owned(roles: &[(&str, Role)]) -> Vec<(String, Role)> {
    roles
        .iter()
        .map(|(site, role)| ((*site).to_owned(), *role))
        .collect()
}

/// Adds the account, and has its owner accept what a signature means.
pub async fn add(door: &Door, one: &DemoPerson) -> Result<()> {
    let add = PersonCommand::Add {
        user_name: one.user_name.to_owned(),
        printed_name: one.name.to_owned(),
        identity_check: "Demonstration: nobody’s identity was checked".to_owned(),
        roles: owned(one.roles),
        own_password: true,
    };
    let user = id_of(one.user_name);
    let adding = command(&format!("add/{}", one.user_name));
    done(
        one.name,
        door.add_account(&by_demo(), adding, user, add, PASSWORD, Whence::default())
            .await?,
    )?;
    if let Some(person) = signed_in(one.user_name).filter(|_| one.roles[0].1 != Role::Administrator)
    {
        let accepting = command(&format!("accept/{}", one.user_name));
        done(one.name, door.accept_statement(&person, accepting).await?)?;
    }
    Ok(())
}

/// Prints the accounts and the password.
pub fn print() {
    say!("Sign in with one of these user names and the password “{PASSWORD}”:\n");
    for one in &PEOPLE {
        let roles: Vec<_> = one
            .roles
            .iter()
            .map(|(site, role)| format!("{role}, {site}"))
            .collect();
        say!(
            "  {:<16} {:<19} {}",
            one.user_name,
            one.name,
            roles.join("; ")
        );
    }
    say!();
}
