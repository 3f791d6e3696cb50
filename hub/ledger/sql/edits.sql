-- Statements about corrections.

-- part: edit_columns
id, failure_id, stage, item_id, part, state, base, content_before, content_after, made_by, made_at, reason, approved_by,
    said, ended_at, made_by_id

-- name: edit_add
insert into edits (id, failure_id, stage, item_id, part, state, base, content_before, content_after, made_by, made_at,
    reason, approved_by, said, ended_at, made_by_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
on conflict do nothing;

-- name: edit_by_id
select {edit_columns} from edits where id = $1;

-- name: edits_by_beginning
-- Reads all edits: for people, who type it (see failures_by_beginning).
select {edit_columns} from edits where substr(id, 1, length(cast($1 as text))) = $1 limit 2;

-- name: edits_of_failure
select {edit_columns} from edits where failure_id = $1 order by made_at desc, id;

-- name: edit_lines_of_failure
select id, part, state, made_by, made_at, reason, approved_by
from edits where failure_id = $1 order by made_at desc, id limit $2;

-- name: edits_open_of_failure
select count(*) from edits where failure_id = $1 and ended_at is null;

-- name: edit_approved
update edits set state = 'goedgekeurd', approved_by = $2, said = $3 where id = $1 and state = 'voorgesteld';

-- name: edit_ended
update edits set state = $2, said = $3, ended_at = $4 where id = $1 and ended_at is null;

-- name: original
select value from originals where stage = $1 and item_id = $2;

-- name: original_keep
insert into originals (stage, item_id, value, headers, edited_at)
select stage, item_id, value, headers, cast($3 as timestamptz) from parked where stage = $1 and item_id = $2
on conflict do nothing;

-- name: parked_edit
update parked set value = $3, headers = $4, edited_at = $5 where stage = $1 and item_id = $2;

-- name: edits_applied
select id, base from edits where failure_id = $1 and state = 'toegepast' order by ended_at desc, id;

-- name: edit_lost
update edits set state = 'ingehaald', ended_at = $2 where id = $1 and state = 'toegepast';
