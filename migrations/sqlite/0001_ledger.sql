-- The record: entries, their tree, its signed checkpoints, and which command made what.
-- Nothing here is ever changed or deleted; triggers refuse it.

create table entry (
    -- The site's code, or 'org'. Text, because it is part of what is hashed.
    ledger text not null,
    -- 1, 2, 3, ... without gaps in its ledger: given under the writer lock, as a sequence leaves gaps.
    position integer not null,
    -- kind:id of what the entry tells of. Text, because it is part of what is hashed.
    stream text not null,
    -- 1, 2, 3, ... without gaps in its stream: an append at a version that is taken is a conflict.
    version integer not null,
    -- Microseconds since 1970 in UTC. A number: the engines round and print times differently.
    recorded_at integer not null,
    -- The account, as a UUID in text; empty where nobody signed in did it.
    actor_user text null,
    -- The full name as printed then: a later change of name must not change the entry.
    actor_name text not null,
    -- The role in which it was done.
    actor_role text not null,
    -- The session, as a UUID in text; empty where there was none.
    session text null,
    -- The version of the program that wrote the entry.
    app_version text not null,
    -- confirmed, or not-confirmed where the time could not be trusted when it was written. Text: it is part of what is hashed.
    clock text not null,
    -- The command that it answers, as a UUID in text.
    command_id text not null,
    -- What happened.
    kind text not null,
    -- The version of this kind's payload: old ones are read for ever, never rewritten.
    kind_version integer not null,
    -- The exact JSON text that was hashed. Never a JSON type: that puts keys in another order.
    payload text not null,
    -- SHA-256(0x00 || canonical bytes), kept beside the entry so that a change of it can be named.
    leaf_hash blob not null,
    primary key (ledger, position),
    unique (ledger, stream, version),
    check (position > 0 and version > 0 and kind_version > 0)
) strict;

-- What one command made is asked for by its id alone.
create index entry_by_command on entry (command_id);

create table tree_hash (
    -- The ledger whose tree it is.
    ledger text not null,
    -- The place in the order in which the hashes of complete subtrees come (Crosby and Wallach 2009).
    idx integer not null,
    -- The hash of a complete subtree, 32 bytes.
    hash blob not null,
    primary key (ledger, idx),
    check (idx >= 0)
) strict;

create table checkpoint (
    -- The ledger that is signed.
    ledger text not null,
    -- How many entries it counts.
    size integer not null,
    -- The root of their tree, 32 bytes: also in the note, here to be compared without parsing.
    root blob not null,
    -- The whole signed note, as it is printed and exported.
    note text not null,
    -- Microseconds since 1970 in UTC. Beside the note, which holds no time: the same tree signs to the same text.
    made_at integer not null,
    primary key (ledger, size)
) strict;

create table command (
    -- The id that came with the form, as a UUID in text: the same id again records nothing.
    command_id text not null,
    -- The ledger that it was recorded in.
    ledger text not null,
    -- The stream that it was about.
    stream text not null,
    -- SHA-256 of what was sent and by whom: the same id with another content is refused.
    content_hash blob not null,
    -- The position of the first entry that it made.
    first_position integer not null,
    -- How many entries it made.
    entry_count integer not null,
    -- The version of the stream after it.
    version integer not null,
    -- What it was answered with, to be answered again.
    outcome text not null,
    primary key (command_id)
) strict;

-- `insert or replace` deletes without a delete trigger, so an insert over a row is refused as well.
create trigger entry_stays before update on entry
begin select raise(abort, 'entry is append-only'); end;

create trigger entry_is_kept before delete on entry
begin select raise(abort, 'entry is append-only'); end;

create trigger entry_follows before insert on entry
when new.position <> (select coalesce(max(position), 0) + 1 from entry where ledger = new.ledger)
    or exists (select 1 from entry where ledger = new.ledger and stream = new.stream and version = new.version)
begin select raise(abort, 'entry is append-only, without gaps'); end;

create trigger tree_hash_stays before update on tree_hash
begin select raise(abort, 'tree_hash is append-only'); end;

create trigger tree_hash_is_kept before delete on tree_hash
begin select raise(abort, 'tree_hash is append-only'); end;

create trigger tree_hash_follows before insert on tree_hash
when new.idx <> (select coalesce(max(idx), -1) + 1 from tree_hash where ledger = new.ledger)
begin select raise(abort, 'tree_hash is append-only, without gaps'); end;

create trigger checkpoint_stays before update on checkpoint
begin select raise(abort, 'checkpoint is append-only'); end;

create trigger checkpoint_is_kept before delete on checkpoint
begin select raise(abort, 'checkpoint is append-only'); end;

create trigger checkpoint_follows before insert on checkpoint
when exists (select 1 from checkpoint where ledger = new.ledger and size = new.size)
begin select raise(abort, 'checkpoint is append-only'); end;

create trigger command_stays before update on command
begin select raise(abort, 'command is append-only'); end;

create trigger command_is_kept before delete on command
begin select raise(abort, 'command is append-only'); end;

create trigger command_follows before insert on command
when exists (select 1 from command where command_id = new.command_id)
begin select raise(abort, 'command is append-only'); end;
