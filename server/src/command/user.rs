//! `autolog user`: accounts from the command line. The first administrator has no other way in, and where all administrators
//! are locked there is no other way back.

use super::{emptied, new_command, operator, told};
use crate::{clock, config::Config, random};
use anyhow::{Context as _, Result, bail};
use app::door::{Door, SHORTEST, SessionCookie, Whence};
use clap::{Args, Subcommand};
use domain::{
    ids::UserId,
    ledger::LedgerName,
    people::{PersonCommand, normal_user_name},
    rights::Role,
    typed::on_one_line,
};
use std::{
    io::{IsTerminal as _, Read as _},
    process::ExitCode,
};

/// What can be done with accounts on the command line.
#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Add an account. Its password is asked for on the terminal.
    Add(Add),
    /// List the accounts: user name, state, full name, roles.
    List,
    /// Unlock an account that wrong passwords locked.
    Unlock(Change),
    /// Enable a disabled account again.
    Enable(Change),
    /// Disable an account; its sessions end.
    Disable(Change),
}

/// An account to change.
#[derive(Args, Debug)]
pub struct Change {
    /// The name to sign in with.
    user_name: String,
    /// Why, for the record.
    #[arg(long)]
    reason: String,
}

/// An account to add.
#[derive(Args, Debug)]
pub struct Add {
    /// The name to sign in with: 3 to 40 small letters, digits, dots and hyphens. It is never given again.
    user_name: String,
    /// The full name, as it is printed with signatures.
    #[arg(long)]
    name: String,
    /// Who checked the person's identity, when and how (21 CFR 11.100(b)).
    #[arg(long)]
    identity_check: String,
    /// An administrator: keeps accounts, reads no batch and signs nothing.
    #[arg(long, conflicts_with = "roles")]
    administrator: bool,
    /// A role at a site, as GE:technician; can be given more than once. Roles: collector, technician, qc-analyst,
    /// qa-reviewer, qualified-person, pharmacist, inspector.
    #[arg(
        long = "role",
        value_name = "SITE:ROLE",
        required_unless_present = "administrator"
    )]
    roles: Vec<SiteRole>,
    /// Read the password from standard input instead of the terminal.
    #[arg(long)]
    password_stdin: bool,
    /// The person typed the password themselves: it need not be changed at the first sign-in.
    #[arg(long)]
    own_password: bool,
}

#[derive(Debug, Clone)]
struct SiteRole(String, Role);

impl std::str::FromStr for SiteRole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (site, role) = text
            .split_once(':')
            .ok_or("write the site and the role, as in GE:technician")?;
        Ok(Self(site.to_owned(), role.parse()?))
    }
}

/// Runs the command.
pub async fn run(config: &Config, command: UserCommand) -> Result<ExitCode> {
    match command {
        UserCommand::Add(account) => add(config, account).await,
        UserCommand::List => list(config).await,
        UserCommand::Unlock(of) => {
            let what = |reason| PersonCommand::Unlock { reason };
            change(config, of, what, "unlocked").await
        }
        UserCommand::Enable(of) => {
            let what = |reason| PersonCommand::Enable { reason };
            change(config, of, what, "enabled").await
        }
        UserCommand::Disable(of) => {
            let what = |reason| PersonCommand::Disable { reason };
            change(config, of, what, "disabled").await
        }
    }
}

async fn list(config: &Config) -> Result<ExitCode> {
    let opened = config.open_to_read().await?;
    let store = opened.records.store();
    let mut people = store.persons().await?;
    people.sort_by(|one, other| one.user_name.cmp(&other.user_name));
    for person in people {
        let roles = store.roles(person.user).await?;
        let roles: Vec<_> = roles
            .iter()
            .map(|role| format!("{}:{}", role.site, role.role))
            .collect();
        say!(
            "{:<24} {:<9} {:<32} {}",
            person.user_name,
            person.state,
            on_one_line(&person.printed_name),
            roles.join(", ")
        );
    }
    emptied::told(&opened).await
}

async fn change(
    config: &Config,
    of: Change,
    what: impl FnOnce(String) -> PersonCommand,
    done: &str,
) -> Result<ExitCode> {
    let opened = config.open_to_serve().await?;
    let store = opened.records.store();
    let normal = normal_user_name(&of.user_name).unwrap_or_default();
    let Some(person) = store.person_named(&normal).await? else {
        store.close().await;
        eprintln!(
            "There is no account {}. autolog user list names all.",
            on_one_line(&of.user_name)
        );
        return Ok(ExitCode::FAILURE);
    };
    let answer = opened
        .records
        .on_person(
            &operator(),
            new_command()?,
            person.user,
            what(of.reason),
            None,
        )
        .await?;
    store.close().await;
    Ok(told(answer, &format!("Account {normal} was {done}.")))
}

async fn add(config: &Config, add: Add) -> Result<ExitCode> {
    let password = if add.password_stdin {
        from_stdin()?
    } else {
        from_terminal()?
    };
    let opened = config.open_now().await?;
    let cookie = SessionCookie { secure: true };
    let door = Door::new(
        opened.records.clone(),
        random::of_the_machine(),
        &clock::elapsed(),
        cookie,
    )
    .await?;
    let roles = if add.administrator {
        vec![(LedgerName::org().as_str().to_owned(), Role::Administrator)]
    } else {
        add.roles
            .into_iter()
            .map(|SiteRole(site, role)| (site, role))
            .collect()
    };
    let done = format!("Account {} was added.", add.user_name);
    let account = PersonCommand::Add {
        user_name: add.user_name,
        printed_name: add.name,
        identity_check: add.identity_check,
        roles,
        own_password: add.own_password,
    };
    let user = UserId(random::id().context("the random source failed")?);
    let by = operator();
    let command = new_command()?;
    let answer = door
        .add_account(&by, command, user, account, &*password, Whence::default())
        .await;
    opened.close().await?;
    Ok(told(answer?, &done))
}

fn from_stdin() -> Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .context("can't read the password from standard input")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn from_terminal() -> Result<String> {
    if !std::io::stdin().is_terminal() {
        bail!("there is no terminal to ask for the password. Give it with --password-stdin.");
    }
    let ask = |question: String| {
        rpassword::prompt_password(question).context("can't read the password from the terminal")
    };
    let password = ask(format!("Password ({SHORTEST} characters or more): "))?;
    if password != ask("The same again: ".to_owned())? {
        bail!("the two passwords differ. Nothing was added.");
    }
    Ok(password)
}
