//! The second person of a command, as the record knows them at the moment of the decision: a right that was taken away, or
//! an account that was disabled, after their password was checked counts.

use super::Person;
use crate::{Loaded, Lookup};
use domain::{
    batch::BatchCommand,
    rights::{By, allowed},
};

/// What has to be looked up of the second person, who acts in the session of `by`.
pub(super) fn lookups(what: &BatchCommand, by: &Person) -> Option<Lookup> {
    let (user, _) = what.second()?;
    Some(Lookup::Standing(user, by.session))
}

/// The command with the roles that its second person has at the site now; none where they may not do it.
pub(super) fn as_of_now(
    what: BatchCommand,
    loaded: &Loaded,
    by: &Person,
    site: &str,
) -> BatchCommand {
    let Some((user, action)) = what.second() else {
        return what;
    };
    let standing = loaded.standing(user, by.session);
    let may = allowed(standing, site, action, By::Hand).is_ok();
    let roles = standing.filter(|_| may).map(|one| one.roles_at(site));
    what.with_second_in(roles.unwrap_or_default())
}
