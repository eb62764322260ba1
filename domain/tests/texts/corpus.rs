//! The kept inputs, and texts made from them at random.

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::{env, fs, path::Path};

/// Changed texts for each seed, where `PROPTEST_CASES` says nothing.
const CASES: u32 = 300;

/// What stands in `domain/tests/corpus/<kind>`, by name of the file; a file that ends in `.lines` is one input a line,
/// with escapes, one in `.jsonl` the same without.
pub fn seeds(kind: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(kind);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut seeds = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        if file.extension().is_some_and(|kind| kind == "lines") {
            seeds.extend(text.lines().map(unescaped));
        } else if file.extension().is_some_and(|kind| kind == "jsonl") {
            seeds.extend(text.lines().map(str::to_owned));
        } else {
            seeds.push(text);
        }
    }
    assert!(!seeds.is_empty(), "no seed in {}", folder.display());
    seeds
}

/// `\n`, `\r`, `\t` and `\u{..}` stand for what can't stand in a line.
fn unescaped(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        rest = after;
        let mut signs = rest.chars();
        match signs.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('u') => {
                let (code, _) = rest[2..].split_once('}').unwrap();
                let code = u32::from_str_radix(code, 16).unwrap();
                text.push(char::from_u32(code).unwrap());
                rest = rest.split_once('}').unwrap().1;
                continue;
            }
            other => panic!("\\{other:?} in {line}"),
        }
        rest = signs.as_str();
    }
    text.push_str(rest);
    text
}

/// One change of a text.
#[derive(Debug, Clone)]
enum Change {
    Insert(usize, String),
    Replace(usize, char),
    Remove(usize, usize),
    Repeat(usize, usize, usize),
    Swap(usize, usize),
}

/// Signs that mean something to one reader or another.
const SIGNS: &str = "\0\t\n\r \"#&'()*+,-./0123456789:;<=>?@ABCDEOPXZ[\\]^_`abcdeouxz{|}~§±·×ß÷éß\u{a0}\u{2009}\u{202f}\u{202e}\u{feff}٣−≤≥😀";

fn change() -> impl Strategy<Value = Change> {
    let sign = prop_oneof![
        3 => prop::sample::select(SIGNS.chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ];
    let place = any::<u16>().prop_map(usize::from);
    prop_oneof![
        (place.clone(), prop::collection::vec(sign.clone(), 1..4))
            .prop_map(|(at, signs)| Change::Insert(at, signs.into_iter().collect())),
        (place.clone(), sign).prop_map(|(at, sign)| Change::Replace(at, sign)),
        (place.clone(), 1..30_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (place.clone(), 1..12_usize, 1..40_usize)
            .prop_map(|(at, length, times)| Change::Repeat(at, length, times)),
        (place.clone(), place).prop_map(|(one, other)| Change::Swap(one, other)),
    ]
}

fn changed(seed: &str, changes: &[Change]) -> String {
    let mut signs: Vec<char> = seed.chars().collect();
    for change in changes {
        let length = signs.len().max(1);
        match change {
            Change::Insert(at, text) => {
                let at = at % (signs.len() + 1);
                signs.splice(at..at, text.chars());
            }
            Change::Replace(at, sign) => {
                if let Some(place) = signs.get_mut(at % length) {
                    *place = *sign;
                }
            }
            Change::Remove(at, many) => {
                let at = at % length;
                let end = (at + many).min(signs.len());
                drop(signs.drain(at.min(end)..end));
            }
            Change::Repeat(at, many, times) => {
                let at = at % length;
                let end = (at + many).min(signs.len());
                let part = signs[at.min(end)..end].to_vec();
                for _ in 0..*times {
                    signs.splice(end..end, part.iter().copied());
                }
            }
            Change::Swap(one, other) => {
                if !signs.is_empty() {
                    signs.swap(one % length, other % length);
                }
            }
        }
    }
    signs.into_iter().collect()
}

/// Tries each seed of `kind` as it is, then changed seeds, then bytes at random.
#[track_caller]
pub fn attack(kind: &str, check: impl Fn(&str)) {
    let seeds = seeds(kind);
    for seed in &seeds {
        check(seed);
    }
    let chosen = env::var_os("PROPTEST_CASES").is_some();
    let config = Config {
        cases: if chosen {
            Config::default().cases
        } else {
            CASES
        },
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = if chosen {
        TestRunner::new(config)
    } else {
        let same = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        TestRunner::new_with_rng(config, same)
    };
    let made = (
        prop::sample::select(seeds),
        prop::collection::vec(change(), 0..6),
    );
    let made = made.prop_map(|(seed, changes)| changed(&seed, &changes));
    let bytes = prop::collection::vec(any::<u8>(), 0..200);
    let bytes = bytes.prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let texts = prop_oneof![8 => made, 1 => bytes, 1 => any::<String>()];
    let outcome = runner.run(&texts, |text| {
        check(&text);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("keep this input in the corpus: {failure}");
    }
}

/// Bytes of a trap, where `AUTOLOG_TRAP_BYTES` says nothing.
const TRAP_BYTES: usize = 100_000;

/// Texts that cost a careless reader all its time, memory or stack.
pub fn traps() -> Vec<String> {
    let many = env::var("AUTOLOG_TRAP_BYTES").map_or(TRAP_BYTES, |text| text.parse().unwrap());
    let mut traps: Vec<String> = [
        "9", "0", " ", "-", ".", ",", "é", "[", "{", "\"", "=", "\n", "\0",
    ]
    .iter()
    .map(|part| part.repeat(many / part.len()))
    .collect();
    traps.extend([
        format!("0.{}", "0".repeat(many)),
        format!("{}.5", "9".repeat(many)),
        format!("1 {}", "000 ".repeat(many / 4)),
        "1e999999999".to_owned(),
        "1e-999999999".to_owned(),
        format!("1e{}", "9".repeat(many)),
        "{\"a\":".repeat(many / 5),
        "[[".repeat(many / 2),
    ]);
    traps
}

/// What a person is told holds no more than a screen, whatever was typed.
#[track_caller]
pub fn short_words(words: &impl ToString) {
    let words = words.to_string();
    assert!(words.chars().count() < 800, "{} characters", words.len());
}
