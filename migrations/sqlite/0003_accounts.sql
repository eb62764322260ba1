-- What is not part of the record and changes in place: passwords, sessions. Forms that are not recorded lie in a file of
-- their own beside this one.

create table credential (
    -- The person.
    user_id text not null,
    -- PHC string: it names algorithm and cost, so that they can be raised later.
    password_hash text not null,
    -- Set by someone else, to be changed at the next sign-in.
    must_change integer not null check (must_change in (0, 1)),
    -- Wrong passwords in a row, by which the account is locked.
    failed_attempts integer not null,
    -- Microseconds since 1970 in UTC; empty while the account is not locked.
    locked_at integer null,
    -- Microseconds since 1970 in UTC.
    changed_at integer not null,
    primary key (user_id)
) strict;

create table session (
    -- A hash: who reads the table can't take over a session.
    token_hash text not null,
    -- The id that entries name.
    session_id text not null,
    -- The person.
    user_id text not null,
    -- Microseconds since 1970 in UTC.
    created_at integer not null,
    -- Microseconds since 1970 in UTC: inactivity is counted from it.
    last_seen_at integer not null,
    -- Microseconds since 1970 in UTC; empty while it lasts. Ended ones stay, for the log of sign-ins.
    ended_at integer null,
    -- Why it ended, in a word.
    ended_because text null,
    primary key (token_hash),
    unique (session_id)
) strict;

-- All sessions of a person end together when the account does.
create index session_by_user on session (user_id, created_at);
