//! The commands with which a record begins: an administrator, whose password comes on standard input, and a site.

pub const ADMINISTRATOR: [&str; 9] = [
    "user",
    "add",
    "anna.rossi",
    "--name",
    "Anna Rossi",
    "--identity-check",
    "Identity card, seen by the head of QA",
    "--administrator",
    "--password-stdin",
];

pub const SITE: [&str; 11] = [
    "site",
    "add",
    "GE",
    "--name",
    "Cell lab",
    "--address",
    "Largo 1, Genoa",
    "--facility",
    "A9999",
    "--time-zone",
    "Europe/Rome",
];
