-- Each command asks whether its session lasts, and each sign-in which sessions of its person do; ended ones are forgotten
-- after a while.

create index session_open on session (user_id, last_seen_at) where ended_at is null;
create index session_ended on session (ended_at) where ended_at is not null;
