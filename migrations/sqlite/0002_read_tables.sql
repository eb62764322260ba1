-- Rows that follow from the entries: written with them, emptied and made again by `autolog rebuild`.

create table board (
    -- One row a batch.
    batch_id text not null,
    -- The site's code: a person sees the batches of their own sites.
    site text not null,
    -- The batch number as printed.
    number text not null,
    -- The subject's code.
    subject text not null,
    -- The donation identification number, 13 characters.
    din text not null,
    -- The chain-of-identity id, where one was given.
    coi text null,
    -- A word of the domain's closed list.
    state text not null,
    -- What is open beside the state: words of the domain's closed list with a space between; empty for nothing.
    flags text not null,
    -- 1 while somebody still has work with the batch.
    is_open integer not null,
    -- Microseconds since 1970 in UTC: when fresh marrow was collected; empty from the culture on.
    fresh_since integer null,
    -- The passage in culture; empty before the first culture.
    passage integer null,
    -- Microseconds since 1970 in UTC: the day of culture is counted from it.
    culture_started integer null,
    -- What is to be done next, in words.
    next_step text null,
    -- Microseconds since 1970 in UTC: the board shows what is overdue first.
    next_due integer null,
    -- Whom it waits for.
    needs text null,
    -- The version of the stream that the row follows from.
    version integer not null,
    -- Microseconds since 1970 in UTC.
    registered_at integer not null,
    primary key (batch_id),
    unique (site, number)
) strict;

create table person (
    -- One row a person.
    user_id text not null,
    -- Unique for ever: a user name is never given again, so no row is taken out.
    user_name text not null,
    -- The full name as printed now.
    printed_name text not null,
    -- A word of the domain's closed list.
    state text not null,
    -- 1 once the person accepted that their signature binds; nothing is signed before.
    accountable integer not null,
    -- The version of the stream that the row follows from.
    version integer not null,
    -- Microseconds since 1970 in UTC.
    added_at integer not null,
    primary key (user_id),
    unique (user_name)
) strict;

create table person_role (
    -- The person.
    user_id text not null,
    -- The site where the role holds, or 'org'.
    site text not null,
    -- A word of the domain's closed list.
    role text not null,
    -- Microseconds since 1970 in UTC: the access review shows since when.
    since integer not null,
    -- Who gave it, as printed: the access review shows by whom.
    given_by text not null,
    primary key (user_id, site, role)
) strict;

create table site (
    -- The site's code, which is also the name of its ledger.
    code text not null,
    -- Its name as printed.
    name text not null,
    -- Its address as printed.
    address text not null,
    -- How its donations are numbered: isbt-128 with its facilities, or own with a pattern.
    scheme text not null,
    -- IANA name: papers and pages show times with their zone.
    time_zone text not null,
    -- The key of the master record that new batches run under.
    master_record text not null,
    -- The key of the specification that new batches are judged by.
    specification text not null,
    primary key (code)
) strict;

create table document (
    -- specification or master-record.
    kind text not null,
    -- What all its versions share.
    doc_key text not null,
    -- 1, 2, 3, ...: a batch names the version that it runs under.
    version integer not null,
    -- Its title.
    title text not null,
    -- SHA-256 of the text in hexadecimal digits, as papers print it.
    sha256 text not null,
    -- The exact text that the hash is of.
    body text not null,
    -- Microseconds since 1970 in UTC; empty while it is not approved.
    approved_at integer null,
    -- Who approved it, as printed.
    approved_by text null,
    primary key (kind, doc_key, version)
) strict;

create table register (
    -- The number of the certificate, never given again.
    certificate_number text not null,
    -- The site whose QP signed.
    site text not null,
    -- The batch.
    batch_id text not null,
    -- Its number as printed.
    batch_number text not null,
    -- The product as printed.
    product text not null,
    -- Who signed.
    signer text not null,
    -- Their full name as printed then.
    signer_name text not null,
    -- Microseconds since 1970 in UTC.
    signed_at integer not null,
    -- certified or rejected.
    decision text not null,
    primary key (certificate_number)
) strict;
