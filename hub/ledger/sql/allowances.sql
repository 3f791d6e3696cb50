-- Statements about the limits of sources; both databases understand them as they stand.

-- name: allowance
select day, taken, slots, shut_until from allowances where name = $1;

-- name: allowance_put
insert into allowances (name, day, taken, slots, shut_until) values ($1, $2, $3, $4, $5)
on conflict (name) do update set
    day = excluded.day, taken = excluded.taken, slots = excluded.slots, shut_until = excluded.shut_until;
