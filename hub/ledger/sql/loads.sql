-- Statements about initial loads; both databases understand them as they stand.

-- part: load_columns
id, connection, lines, offered, wrong, begun_at, begun_by, reason

-- part: of_load
-- `$2` is what their references begin with, `$3` how long that is; a number follows. By the index on the reference, so
-- that what came since costs nothing: how texts are ordered differs per database, but digits go before letters in each.
-- The connection is kept out of reach of its own index, which a database without statistics would prefer.
reference <> '' and reference > cast($2 as text) || '0' and reference < cast($2 as text) || 'a'
    and substr(reference, 1, cast($3 as integer)) = cast($2 as text) and connection || '' = $1

-- name: load_add
insert into loads ({load_columns}) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing;

-- name: load
select {load_columns} from loads where id = $1;

-- name: loads
select {load_columns} from loads order by begun_at desc, id limit $1;

-- name: load_offered
-- Never back: two that offer the same file may overtake each other.
update loads set offered = $2, wrong = $3 where id = $1 and offered < $2;

-- name: load_translated
select verdict, count(*), sum(case when translated_at >= $4 then 1 else 0 end) from inbox
where {of_load} group by verdict;

-- name: load_stopped
-- What has no event yet, by what its failure says; what somebody dropped has none either. What has no failure itself
-- waits as the first of its queue does.
select coalesce(d.state, f.state, h.state), count(*)
from (select connection, message_id from untranslated where {of_load}) u
    left join failures f on f.stage = u.connection and f.item_id = u.message_id and f.state <> 'opgelost'
    left join parked p on p.stage = u.connection and p.item_id = u.message_id
    left join parked h on h.stage = p.stage and h.lane = p.lane
        and h.seq = (select min(q.seq) from parked q where q.lane = p.lane and q.stage = p.stage)
    left join deliveries d on d.stage = u.connection and d.event_id = u.message_id
where not exists (select 1 from inbox i where i.message_id = u.message_id)
group by 1;
