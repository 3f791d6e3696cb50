-- Statements about how far sources were looked through; both databases understand them as they stand.

-- name: cursor
select looked_until from cursors where connection = $1;

-- name: cursor_begin
insert into cursors (connection, looked_until) values ($1, $2) on conflict do nothing;

-- name: cursor_move
update cursors set looked_until = $3 where connection = $1 and looked_until = $2;
