//! Whether a person may do something: asked of the domain with what the record holds of them at that moment.

use super::{Person, Records};
use crate::{Fault, Loaded, Lookup};
use domain::rights::{self, Action, By, Role, allowed};

impl Records {
    /// Whether the person may do this at the site as things stand now: before a password is hashed, or something long is begun.
    /// What is recorded is decided again where it is recorded.
    ///
    /// # Errors
    /// [`Fault`]; a refusal is in the inner result.
    pub async fn may_now(
        &self,
        by: &Person,
        site: &str,
        action: Action,
        how: By,
    ) -> Result<Result<Role, rights::Refusal>, Fault> {
        let standing = match by.user {
            Some(user) => self.store().standing(user, by.session).await?,
            None => None,
        };
        Ok(allowed(standing.as_ref(), site, action, how))
    }
}

/// What a decision has to look up to ask [`roles_now`].
pub(super) fn lookups(by: &Person) -> Vec<Lookup> {
    let people = [by.user, by.beside.map(|beside| beside.host)];
    let of = |user| Lookup::Standing(user, by.session);
    people.into_iter().flatten().map(of).collect()
}

/// The roles of the person at the site, where one of them allows it now. Of a second person, the one at whose device they
/// are must be allowed it too, and the password that was given must still be theirs.
pub(super) fn roles_now(
    loaded: &Loaded,
    by: &Person,
    site: &str,
    action: Action,
    how: By,
) -> Result<Vec<Role>, rights::Refusal> {
    let user = by.user.ok_or(rights::Refusal::NoAccount)?;
    let standing = loaded.standing(user, by.session);
    if let Some(beside) = by.beside {
        let host = loaded.standing(beside.host, by.session);
        allowed(host, site, action, By::Hand)?;
        if let Some(standing) = standing {
            standing.has_password(beside.password)?;
        }
    }
    allowed(standing, site, action, how)?;
    Ok(standing.map(|one| one.roles_at(site)).unwrap_or_default())
}

/// The role in which the person may do this now, at whatever site.
pub(super) fn allowed_somewhere(
    loaded: &Loaded,
    by: &Person,
    action: Action,
    how: By,
) -> Option<Role> {
    let standing = loaded.standing(by.user?, by.session)?;
    let sites = standing.roles.iter().map(|(site, _)| site);
    sites
        .filter_map(|site| allowed(Some(standing), site, action, how).ok())
        .next()
}
