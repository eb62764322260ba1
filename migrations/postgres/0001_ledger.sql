-- The record: entries, their tree, its signed checkpoints, and which command made what.
-- Nothing here is ever changed or deleted; triggers refuse it, and the right to it is revoked from everyone, the owner included.

create table entry (
    -- The site's code, or 'org'. Text, because it is part of what is hashed.
    ledger text not null,
    -- 1, 2, 3, ... without gaps in its ledger: given under the writer lock, as a sequence leaves gaps.
    position bigint not null,
    -- kind:id of what the entry tells of. Text, because it is part of what is hashed.
    stream text not null,
    -- 1, 2, 3, ... without gaps in its stream: an append at a version that is taken is a conflict.
    version bigint not null,
    -- Microseconds since 1970 in UTC. A number: the engines round and print times differently.
    recorded_at bigint not null,
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
    kind_version bigint not null,
    -- The exact JSON text that was hashed. Never a JSON type: that puts keys in another order.
    payload text not null,
    -- SHA-256(0x00 || canonical bytes), kept beside the entry so that a change of it can be named.
    leaf_hash bytea not null,
    primary key (ledger, position),
    unique (ledger, stream, version),
    check (position > 0 and version > 0 and kind_version > 0)
);

-- What one command made is asked for by its id alone.
create index entry_by_command on entry (command_id);

create table tree_hash (
    -- The ledger whose tree it is.
    ledger text not null,
    -- The place in the order in which the hashes of complete subtrees come (Crosby and Wallach 2009).
    idx bigint not null,
    -- The hash of a complete subtree, 32 bytes.
    hash bytea not null,
    primary key (ledger, idx),
    check (idx >= 0)
);

create table checkpoint (
    -- The ledger that is signed.
    ledger text not null,
    -- How many entries it counts.
    size bigint not null,
    -- The root of their tree, 32 bytes: also in the note, here to be compared without parsing.
    root bytea not null,
    -- The whole signed note, as it is printed and exported.
    note text not null,
    -- Microseconds since 1970 in UTC. Beside the note, which holds no time: the same tree signs to the same text.
    made_at bigint not null,
    primary key (ledger, size)
);

create table command (
    -- The id that came with the form, as a UUID in text: the same id again records nothing.
    command_id text not null,
    -- The ledger that it was recorded in.
    ledger text not null,
    -- The stream that it was about.
    stream text not null,
    -- SHA-256 of what was sent and by whom: the same id with another content is refused.
    content_hash bytea not null,
    -- The position of the first entry that it made.
    first_position bigint not null,
    -- How many entries it made.
    entry_count bigint not null,
    -- The version of the stream after it.
    version bigint not null,
    -- What it was answered with, to be answered again.
    outcome text not null,
    primary key (command_id)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end
$$;

-- A gap in the record would have to be explained to an inspector: the next position, or none.
create function refuse_gap() returns trigger language plpgsql as $$
begin
    if new.position > 1 and not exists (
        select 1 from entry where ledger = new.ledger and position = new.position - 1
    ) then
        raise exception 'entry is append-only, without gaps';
    end if;
    return new;
end
$$;

create trigger entry_follows before insert on entry
for each row execute function refuse_gap();

create trigger entry_stays before update or delete or truncate on entry
for each statement execute function refuse_change();
revoke update, delete, truncate on entry from public, current_user;

create trigger tree_hash_stays before update or delete or truncate on tree_hash
for each statement execute function refuse_change();
revoke update, delete, truncate on tree_hash from public, current_user;

create trigger checkpoint_stays before update or delete or truncate on checkpoint
for each statement execute function refuse_change();
revoke update, delete, truncate on checkpoint from public, current_user;

create trigger command_stays before update or delete or truncate on command
for each statement execute function refuse_change();
revoke update, delete, truncate on command from public, current_user;
