-- Statements about whom receivers follow; both databases understand them as they stand.

-- part: indicatie_columns
connection, person, sealed, placed_at, placed_by, reason, ends_at

-- name: indicatie
select {indicatie_columns} from indicaties where connection = $1 and person = $2;

-- name: indicatie_put
insert into indicaties ({indicatie_columns})
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (connection, person) do update set
    placed_at = case when indicaties.ends_at <= excluded.placed_at then excluded.placed_at else indicaties.placed_at end,
    sealed = excluded.sealed, placed_by = excluded.placed_by, reason = excluded.reason, ends_at = excluded.ends_at;

-- name: indicatie_remove
delete from indicaties where connection = $1 and person = $2;

-- name: indicaties
select {indicatie_columns} from indicaties
where connection = $1 and (placed_at, person) > ($2, $3) order by placed_at, person limit $4;

-- name: indicaties_count
select connection, count(*) from indicaties where ends_at is null or ends_at > $1 group by connection;
