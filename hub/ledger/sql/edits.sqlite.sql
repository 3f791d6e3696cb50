-- Statements about corrections that take lists, for SQLite (see core.sqlite.sql).

-- name: parked_edited
select p.stage, p.item_id, p.value, p.headers
from json_each($1) k cross join parked p
where p.stage = json_extract(k.value, '$[0]') and p.item_id = json_extract(k.value, '$[1]')
    and p.edited_at is not null;

-- name: edit_overtaken
update edits set state = 'ingehaald', ended_at = $3 where stage = $1 and item_id = $2 and ended_at is null;
