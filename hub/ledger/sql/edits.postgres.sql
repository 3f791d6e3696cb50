-- Statements about corrections that take lists, for PostgreSQL (see core.postgres.sql).

-- name: parked_edited
select p.stage, p.item_id, p.value, p.headers
from unnest($1::text[], $2::text[]) k (stage, item_id) join parked p using (stage, item_id)
where p.edited_at is not null;

-- name: edit_overtaken
update edits e set state = 'ingehaald', ended_at = n.ended_at
from unnest($1::text[], $2::text[], $3::timestamptz[]) n (stage, item_id, ended_at)
where e.stage = n.stage and e.item_id = n.item_id and e.ended_at is null;
