-- What is not part of the record and changes in place: passwords, sessions.

create table credential (
    -- The person.
    user_id text not null,
    -- PHC string: it names algorithm and cost, so that they can be raised later.
    password_hash text not null,
    -- Set by someone else, to be changed at the next sign-in.
    must_change boolean not null,
    -- Wrong passwords in a row, by which the account is locked.
    failed_attempts bigint not null,
    -- Microseconds since 1970 in UTC; empty while the account is not locked.
    locked_at bigint null,
    -- Microseconds since 1970 in UTC.
    changed_at bigint not null,
    primary key (user_id)
);

create table session (
    -- A hash: who reads the table can't take over a session.
    token_hash text not null,
    -- The id that entries name.
    session_id text not null,
    -- The person.
    user_id text not null,
    -- Microseconds since 1970 in UTC.
    created_at bigint not null,
    -- Microseconds since 1970 in UTC: inactivity is counted from it.
    last_seen_at bigint not null,
    -- Microseconds since 1970 in UTC; empty while it lasts. Ended ones stay, for the log of sign-ins.
    ended_at bigint null,
    -- Why it ended, in a word.
    ended_because text null,
    primary key (token_hash),
    unique (session_id)
);

-- All sessions of a person end together when the account does.
create index session_by_user on session (user_id, created_at);

-- Unlogged: what is typed and not recorded makes no write-ahead log, and may be lost with a crash. It is in no backup.
create unlogged table kept_form (
    -- The id, which stands in the redirect of a refused form.
    form_id text not null,
    -- The person: nobody else is shown it.
    owner text not null,
    -- The hash of what only the same browser has; empty for a draft.
    browser text null,
    -- Microseconds since 1970 in UTC: old ones are forgotten.
    created_at bigint not null,
    -- The path of the page.
    page text not null,
    -- The name of the form on the page.
    form text not null,
    -- What was typed, as JSON text.
    typed text not null,
    primary key (form_id)
);

-- Few of each person are kept.
create index kept_form_by_owner on kept_form (owner, created_at);

-- Who signed in at which browser: forms are kept for no other.
create unlogged table form_browser (
    -- The hash of what only the browser has.
    browser text not null,
    -- The person.
    person text not null,
    -- Microseconds since 1970 in UTC: old ones are forgotten.
    seen_at bigint not null,
    primary key (browser, person)
);

create index form_browser_by_age on form_browser (seen_at);
