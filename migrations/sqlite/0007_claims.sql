-- What one alone can hold: identifiers and positions. The key decides where two want the same at the same moment.

create table claim (
    -- A word of the domain's closed list: donation, coi, position, ...
    kind text not null,
    -- The site's code, or '*' where it is unique over all sites.
    scope text not null,
    -- What is held, in its comparable form.
    code text not null,
    -- Who holds it, as a refusal names them: a batch number, a subject, a unit.
    holder text not null,
    primary key (kind, scope, code)
) strict;

create table claim_of_batch (
    -- The batch whose entries say so. Several of one subject share a chain-of-identity id.
    batch_id text not null,
    -- As in claim.
    kind text not null,
    -- As in claim.
    scope text not null,
    -- As in claim.
    code text not null,
    primary key (batch_id, kind, scope, code)
) strict;

-- A claim is free when the last batch has given it up.
create index claim_shared on claim_of_batch (kind, scope, code);
