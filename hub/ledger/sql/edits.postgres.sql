-- Statements about corrections that take lists, for PostgreSQL (see core.postgres.sql).

-- name: edit_overtaken
update edits e set state = 'ingehaald', ended_at = n.ended_at
from unnest($1::text[], $2::text[], $3::timestamptz[]) n (stage, item_id, ended_at)
where e.stage = n.stage and e.item_id = n.item_id and e.ended_at is null;
