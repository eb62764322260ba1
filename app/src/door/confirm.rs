//! The second look at a password: a session is not a signature (21 CFR 11.200(a)(1)).

use super::{Door, Fault, Refusal, Whence};
use domain::{
    people::normal_user_name,
    rights::{self, Action, By, allowed},
};
use store::{Beside, Person, Signing};

/// Whether a user name as typed is that of the person who is signed in.
///
/// # Errors
/// [`Refusal::OtherPerson`].
pub fn is_own_user_name(person: &Person, user_name: &str) -> Result<(), Refusal> {
    if normal_user_name(user_name).is_ok_and(|name| name == person.user_name) {
        return Ok(());
    }
    let signed_in = person.user_name.clone();
    Err(Refusal::OtherPerson { signed_in })
}

impl Door {
    /// Checks user name and password again for a signature of the person who is signed in, where they may do `action` at
    /// `site` by one. Wrong ones count and lock as they do at sign-in.
    ///
    /// # Errors
    /// [`Fault`]; a refusal is in the inner result.
    pub async fn confirm(
        &self,
        person: &Person,
        (site, action): (&str, Action),
        user_name: &str,
        password: &str,
        from: Whence,
    ) -> Result<Result<Signing, Refusal>, Fault> {
        if let Err(refusal) = is_own_user_name(person, user_name) {
            return Ok(Err(refusal));
        }
        let may = self.records.may_now(person, site, action, By::Signature);
        if let Err(why) = may.await? {
            return Ok(Err(Refusal::MayNot(why)));
        }
        match self.verify(user_name, password, from).await? {
            Ok(_) => Ok(Ok(Signing::Authenticated)),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// The second person who does `action` on the tablet of another: who they are, for this one request. Both must be
    /// allowed it at `site`; else no password is checked. The entry names the session of the tablet, `at`.
    ///
    /// # Errors
    /// [`Fault`]; a refusal is in the inner result.
    pub async fn second_person(
        &self,
        at: &Person,
        (site, action): (&str, Action),
        user_name: &str,
        password: &str,
        from: Whence,
    ) -> Result<Result<Person, Refusal>, Fault> {
        if let Err(why) = self.records.may_now(at, site, action, By::Hand).await? {
            return Ok(Err(Refusal::MayNot(why)));
        }
        let Some(host) = at.user else {
            return Ok(Err(Refusal::MayNot(rights::Refusal::NoAccount)));
        };
        let named = match self.person_named(user_name).await? {
            Some(row) => self.records.store().standing(row.user, at.session).await?,
            None => None,
        };
        match allowed(named.as_ref(), site, action, By::Hand) {
            Ok(_) => {}
            Err(why @ rights::Refusal::MustChange { .. }) => {
                return Ok(Err(Refusal::MayNot(why)));
            }
            // Who isn't there, can't sign in, or has no such role is answered alike.
            Err(_) => return Ok(Err(Refusal::NoSecondPerson { action })),
        }
        let known = match self.verify(user_name, password, from).await? {
            Ok(known) => known,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(Ok(Person {
            user: Some(known.row.user),
            roles: self.roles(known.row.user).await?,
            user_name: known.row.user_name,
            name: known.row.printed_name,
            session: at.session,
            beside: Some(Beside {
                host,
                password: known.credential.mark(),
            }),
        }))
    }
}
