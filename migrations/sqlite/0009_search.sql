-- The terms under which batches and their parts are found. They follow from the entries, as the board does.

create table search_term (
    -- The site's code: a person finds what is at their own sites.
    site text not null,
    -- The term as it is compared: capitals and digits, nothing between them. What begins with a term is one range of it,
    -- so it is sorted by its bytes on both engines.
    term text not null,
    -- A word of the domain's closed list: batch, din, subject, coi, sample, unit, dose, deviation, certificate.
    kind text not null,
    -- The batch.
    batch_id text not null,
    -- The id of the sample, unit, dose or deviation; empty where the batch itself is named.
    target text not null,
    -- The term as it was recorded.
    shown text not null,
    primary key (site, term, kind, batch_id, target)
) strict;

-- A batch's terms are replaced together.
create index search_term_of_batch on search_term (batch_id);
