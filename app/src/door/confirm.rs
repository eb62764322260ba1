//! The second look at a password: a session is not a signature (21 CFR 11.200(a)(1)).

use super::{Door, Fault, Refusal};
use domain::people::normal_user_name;
use store::{Person, Signing};

impl Door {
    /// Checks user name and password again for a signature of the person who is signed in. Wrong ones count and lock as
    /// they do at sign-in.
    ///
    /// # Errors
    /// [`Fault`]; a refusal is in the inner result.
    pub async fn confirm(
        &self,
        person: &Person,
        user_name: &str,
        password: &str,
    ) -> Result<Result<Signing, Refusal>, Fault> {
        let own = normal_user_name(user_name).is_ok_and(|name| name == person.user_name);
        if !own {
            let signed_in = person.user_name.clone();
            return Ok(Err(Refusal::OtherPerson { signed_in }));
        }
        let known = match self.verify(user_name, password).await? {
            Ok(known) => known,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if known.credential.must_change {
            return Ok(Err(Refusal::MustChange));
        }
        if !self.is_accountable(known.row.user).await? {
            return Ok(Err(Refusal::NotAccountable));
        }
        Ok(Ok(Signing::Authenticated))
    }

    /// The second person who confirms an entry on the tablet of another: who they are, for this one request. The entry
    /// names the session of the tablet, `at`.
    ///
    /// # Errors
    /// [`Fault`]; a refusal is in the inner result.
    pub async fn second_person(
        &self,
        at: &Person,
        user_name: &str,
        password: &str,
    ) -> Result<Result<Person, Refusal>, Fault> {
        let known = match self.verify(user_name, password).await? {
            Ok(known) => known,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if known.credential.must_change {
            return Ok(Err(Refusal::MustChange));
        }
        Ok(Ok(Person {
            user: Some(known.row.user),
            roles: self.roles(known.row.user).await?,
            user_name: known.row.user_name,
            name: known.row.printed_name,
            session: at.session,
        }))
    }
}
