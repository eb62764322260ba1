//! The two names of a person: the one to sign in with, and the one that is printed with signatures. Neither may be taken for
//! somebody else's.

use super::{Refusal, decide::MAX_WORDS};
use crate::{look::look_of, typed};
use unicode_security::MixedScript as _;

/// A user name in its one spelling: small letters.
///
/// # Errors
/// [`Refusal::UserName`] where it can't be one.
pub fn normal_user_name(text: &str) -> Result<String, Refusal> {
    let name = text.trim().to_lowercase();
    let separator = |c: char| c == '.' || c == '-';
    let plain = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || separator(c));
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    // A separator at the end is overlooked, and two are seen as one.
    let parted = name.split(separator).all(|part| !part.is_empty());
    if plain && begins && parted && (3..=40).contains(&name.len()) {
        return Ok(name);
    }
    let shown = typed::on_one_line(text.trim());
    Err(Refusal::UserName(shown.chars().take(60).collect()))
}

/// What a user name looks like at a glance: names with the same look can't be told apart in a list.
pub(super) fn look_of_user_name(user_name: &str) -> String {
    let plain: String = user_name
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' => 'l',
            '-' => '.',
            c => c,
        })
        .collect();
    plain.replace("rn", "m").replace("vv", "w")
}

/// A full name as it is printed: one line, and each word of one script.
///
/// # Errors
/// [`Refusal::Text`], [`Refusal::MixedScripts`].
pub(super) fn printed_name(text: &str) -> Result<String, Refusal> {
    let (field, what) = ("printed_name", "Full name");
    let name =
        typed::one_line(text, what, MAX_WORDS).map_err(|why| Refusal::Text { field, why })?;
    let mut parts = name.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
    // A Cyrillic A among Latin letters is seen by nobody.
    if let Some(word) = parts.find(|word| !word.is_single_script()) {
        let word = word.to_owned();
        return Err(Refusal::MixedScripts { word });
    }
    Ok(name)
}

/// The full name prints like that of no account which isn't disabled. Two people may have one name; then something is added
/// that tells them apart, since their signatures are read on paper.
///
/// # Errors
/// [`Refusal::PrintedNameAlike`].
pub(super) fn unused_name(name: &str, in_use: &[(String, String)]) -> Result<(), Refusal> {
    let looks = look_of(name);
    match in_use.iter().find(|(_, one)| look_of(one) == looks) {
        Some((user_name, known)) => Err(Refusal::PrintedNameAlike {
            name: name.to_owned(),
            known: known.clone(),
            user_name: user_name.clone(),
        }),
        None => Ok(()),
    }
}
