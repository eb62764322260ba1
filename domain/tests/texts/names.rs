//! Names of ledgers, streams and steps, ids, words from closed lists.

use crate::corpus::{attack, short_words, traps};
use domain::{
    batch::DeviationClass,
    ids::{BatchId, NotAnId},
    ledger::{LedgerName, StreamName},
    master_record::StepRef,
    people::normal_user_name,
    rights::Role,
};

fn name(text: &str) {
    match LedgerName::parse(text) {
        Ok(name) => {
            assert_eq!(name.to_string(), text);
            let plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
            assert!(
                (1..=16).contains(&text.len()) && text.chars().all(plain),
                "{text:?}"
            );
            // What a checkpoint gives a meaning of its own is in no name.
            assert!(!name.origin().contains(['+', ' ', '\n']), "{text:?}");
        }
        Err(refused) => short_words(&refused),
    }
    match StreamName::parse(text) {
        Ok(stream) => {
            assert_eq!(format!("{}:{}", stream.kind(), stream.id()), text);
            assert!(text.is_ascii() && !text.contains(['\n', ' ']), "{text:?}");
            if let Some(batch) = stream.batch_id() {
                assert_eq!(StreamName::batch(batch).batch_id(), Some(batch));
            }
        }
        Err(refused) => short_words(&refused),
    }
    match text.parse::<StepRef>() {
        Ok(step) => assert_eq!(step.to_string(), text),
        Err(refused) => short_words(&refused),
    }
    match text.parse::<BatchId>() {
        Ok(id) => assert_eq!(id.to_string().parse::<BatchId>().ok(), Some(id)),
        Err(refused @ NotAnId(_)) => short_words(&refused),
    }
    match normal_user_name(text) {
        Ok(name) => assert_eq!(normal_user_name(&name), Ok(name.clone()), "{text:?}"),
        Err(refused) => short_words(&refused),
    }
    if let Ok(role) = text.parse::<Role>() {
        assert_eq!(role.code(), text);
    }
    if let Err(refused) = text.parse::<DeviationClass>() {
        short_words(&refused);
    }
}

#[test]
fn a_name_has_one_spelling() {
    attack("names", name);
    for trap in traps() {
        name(&trap);
    }
}
