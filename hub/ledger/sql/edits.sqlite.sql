-- Statements about corrections that take lists, for SQLite (see core.sqlite.sql).

-- name: edit_overtaken
update edits set state = 'ingehaald', ended_at = $3 where stage = $1 and item_id = $2 and ended_at is null;
