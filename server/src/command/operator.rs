//! Who runs the command line, as the system knows it: not as the environment says, which anybody can set.

use domain::typed::on_one_line;
use store::Person;

/// Who runs the program on the server's machine: who logged in there, also where they went on as another user since, and else the
/// user of this process.
pub(super) fn operator() -> Person {
    Person::command_line(&on_one_line(&name()))
}

#[cfg(unix)]
fn name() -> String {
    // What `pam_loginuid` sets at the login; sudo and su leave it as it is.
    let login = std::fs::read_to_string("/proc/self/loginuid").ok();
    let login = login.as_deref().and_then(login_uid);
    name_of(login.unwrap_or_else(|| rustix::process::getuid().as_raw()))
}

/// There is nothing to be asked.
#[cfg(not(unix))]
fn name() -> String {
    "unknown".to_owned()
}

/// The user who logged in; `None` where nobody did, as in a service or a container.
#[cfg(unix)]
fn login_uid(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|uid| *uid != u32::MAX)
}

/// The name of a user; its number where the system has no name for it.
#[cfg(unix)]
fn name_of(uid: u32) -> String {
    use nix::unistd::{Uid, User};
    match User::from_uid(Uid::from_raw(uid)) {
        Ok(Some(user)) if !user.name.is_empty() => user.name,
        Ok(_) | Err(_) => format!("uid {uid}"),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn who_logged_in_is_known_where_somebody_did() {
        for (text, uid) in [
            ("1000", Some(1000)),
            ("0\n", Some(0)),
            ("4294967295", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(login_uid(text), uid, "{text}");
        }
    }

    #[test]
    fn a_user_is_named_by_the_system_or_by_number() {
        assert_eq!(name_of(0), "root");
        assert_eq!(name_of(3_999_999_999), "uid 3999999999");
    }
}
