-- The board in the order in which it is shown, state by state: a page reads what it shows, however many batches are closed.
create index board_in_order on board (
    site, state, (case when next_due is null then 1 else 0 end), next_due, number, batch_id
);
-- The batches that somebody still has work with: the board that is opened all day.
create index board_open on board (
    site, is_open, (case when next_due is null then 1 else 0 end), next_due, number, batch_id
);
