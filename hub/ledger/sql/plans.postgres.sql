-- Statements about replay plans that take lists, for PostgreSQL (see core.postgres.sql).

-- part: plan_criteria
f.state <> 'opgelost'
    and ($3 = '' or f.stage in (select jsonb_array_elements_text($3::jsonb)))
    and ($4 = '' or f.id in (select jsonb_array_elements_text($4::jsonb)))
    and ($5 = '' or f.group_id in (select jsonb_array_elements_text($5::jsonb))
        or exists (select 1 from failure_groups g where g.id = f.group_id
            and g.merged_into in (select jsonb_array_elements_text($5::jsonb))))
    and ($6 = '' or f.zaak = $6) and ($7 = '' or f.kind = $7) and ($8 = '' or f.code = $8)
    and f.last_at >= $9 and f.last_at < $10 and ($11 = '' or lower(f.reason) like $11 escape '\')

-- part: plan_ended_criteria
d.stage in (select jsonb_array_elements_text($3::jsonb)) and d.state = $4
    and d.state in ('afgeleverd', 'vervallen') and ($5 = '' or d.zaak = $5)
    and ($6 = '' or d.kind = $6) and d.ended_at >= $7 and d.ended_at < $8

-- part: plan_raw_criteria
x.connection in (select jsonb_array_elements_text($2::jsonb)) and ($3 = '' or x.zaak = $3)
    and ($4 = '' or x.kind = $4) and x.accepted_at >= $5 and x.accepted_at < $6

-- name: plan_planner
-- For this transaction: whole plans are counted and compared, not looked up one by one.
select set_config('enable_hashjoin', 'on', true);

-- name: plan_take_failed
-- Whole queues of the zaken in which something chosen waits: order holds.
{plan_item_insert}
select $1, row_number() over (order by q.lane, q.stage, q.seq), case when $2 = '' then q.stage else $2 end, q.lane,
    q.item_id, q.stage, case when $2 = '' then q.item_id else q.item_id || '~' || $1 end,
    q.failure_id, q.kind, case when $2 = '' then 'geparkeerd' else 'kopie' end, 'wacht', 0,
    case when q.chosen = 0 and q.seq < max(case when q.chosen = 1 then q.seq end) over (partition by q.lane, q.stage)
        then 1 else 0 end,
    '', q.attempts, q.topic, q.partition, q.log_offset, q.parked_at
from (
    select p.stage, p.lane, p.item_id, p.failure_id, p.kind, p.attempts, p.topic, p.partition, p.log_offset,
        p.parked_at, p.seq, case when {plan_criteria} then 1 else 0 end as chosen
    from (
        select distinct k.stage, k.lane from failures f join parked k on k.stage = f.stage and k.item_id = f.item_id
        where {plan_criteria}) w
        join parked p on p.lane = w.lane and p.stage = w.stage left join failures f on f.id = p.failure_id) q
limit $12;

-- name: plan_take_ended
-- Events that ended; with $9 = 1 also those of their zaken that came after them.
{plan_item_insert}
select $1, row_number() over (order by d.zaak, d.stage, d.log_offset, d.event_id),
    case when $2 = '' then d.stage else $2 end, d.zaak, d.event_id, d.stage, d.event_id || '~' || $1, '', d.kind,
    'kopie', 'wacht', 0, case when {plan_ended_criteria} then 0 else 1 end, '', 0, d.topic, d.partition, d.log_offset,
    d.started_at
from (
    select d.stage, d.zaak, min(d.log_offset) as first_offset from deliveries d
    where {plan_ended_criteria} and d.event_id not like '%~%' group by d.stage, d.zaak) w
    join deliveries d on d.zaak = w.zaak and d.stage = w.stage
where d.event_id not like '%~%'
    and ({plan_ended_criteria} or ($9 = 1 and d.state = 'afgeleverd' and d.log_offset > w.first_offset))
limit $10;

-- name: plan_take_raw
-- Messages that became events; with $7 = 1 also those of their zaken that came after them. Not what was given up: its
-- sender was told that it is not done.
{plan_item_insert}
select $1, row_number() over (order by x.zaak, x.connection, x.log_offset, x.message_id), x.connection, x.zaak,
    x.message_id, x.connection, x.message_id || '~' || $1, '', x.kind, 'kopie', 'wacht', 0,
    case when {plan_raw_criteria} then 0 else 1 end, '', 0, x.topic, x.partition, x.log_offset, x.accepted_at
from (
    select x.connection, x.zaak, min(x.log_offset) as first_offset from inbox x
    where {plan_raw_criteria} and x.verdict = 'nieuw' group by x.connection, x.zaak) w
    join inbox x on x.zaak = w.zaak and x.connection = w.connection
where x.verdict = 'nieuw' and ({plan_raw_criteria} or ($7 = 1 and x.log_offset > w.first_offset))
    and not exists (select 1 from deliveries d where d.event_id = x.event_id and d.state = 'vervallen')
limit $8;

-- name: plan_heads
-- Locks the firsts of the queues of a plan, in the order of the queues: whoever takes one of them out at this moment is
-- waited for, and what is behind it is seen by the next statement. Not by `alone`: a plan has more zaken than there are
-- such locks.
select count(*) from (
    select p.seq from (
        select stage, lane from plan_lanes where plan_id = $1 and state in ('vrij', 'onderweg') order by stage, lane) l
        cross join lateral (select q.seq from parked q where q.lane = l.lane and q.stage = l.stage
            order by q.seq limit 1 for update) p) h;

-- name: plan_pick
-- The next of each zaak whose turn it is, and how they stand in the queue by now. Lateral, so that no plan of the
-- database reads all items to find them.
select {plan_item_columns}, p.state, p.attempts, d.state, l.last_number,
    case when i.origin = 'kopie' and i.log_offset < l.newest then 1 else 0 end
from ({plan_turn}) l
    cross join lateral (select * from plan_items k where k.plan_id = l.plan_id and k.number >= l.next_number
        and k.number < l.next_number + $3 and k.number <= l.last_number order by k.number limit $3) i
    left join parked p on p.stage = i.stage and p.item_id = i.entry_id
    left join deliveries d on d.stage = i.stage and d.event_id = i.entry_id
order by i.number;

-- name: plan_claims
-- What is parked and names a document beside it.
select i.number, p.value from plan_items i join parked p on p.stage = i.source and p.item_id = i.item_id
where i.plan_id = $1 and i.state = 'wacht' and i.number > $2 and position($3::bytea in p.value) > 0
order by i.number limit $4;

-- name: plan_supersede
update plan_items i set superseded = 1, state = n.state, note = n.note
from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
    n (plan_id, first_number, last_number, newest, state, note)
where i.plan_id = n.plan_id and i.number between n.first_number and n.last_number and i.log_offset < n.newest
    and i.origin = 'kopie' and i.taken_along = 0 and i.state = 'wacht';

-- name: plan_front
update parked p set seq = n.seq
from unnest($1::text[], $2::text[], $3::bigint[]) n (stage, item_id, seq)
where p.stage = n.stage and p.item_id = n.item_id;

-- name: plan_let_go
update parked p set state = n.state, next_at = n.next_at
from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) n (stage, item_id, state, next_at)
where p.stage = n.stage and p.item_id = n.item_id;

-- name: plan_fill
update parked p set value = n.value, headers = n.headers
from unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[]) n (stage, item_id, value, headers)
where p.stage = n.stage and p.item_id = n.item_id;

-- name: plan_release_items
update plan_items i set state = 'onderweg', attempts = n.attempts, released_at = n.released_at
from unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[]) n (plan_id, number, attempts, released_at)
where i.plan_id = n.plan_id and i.number = n.number;

-- name: plan_settle_items
update plan_items i set state = n.state, note = n.note, ended_at = n.ended_at,
    failure_id = case when n.failure_id = '' then i.failure_id else n.failure_id end
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
    n (plan_id, number, state, note, failure_id, ended_at)
where i.plan_id = n.plan_id and i.number = n.number;

-- name: plan_lanes_fly
update plan_lanes l set next_number = n.next_number, flying_from = n.flying_from, flying = n.flying,
    turn = l.turn + n.turns,
    state = case when n.flying > 0 then 'onderweg' when n.next_number <= l.last_number then 'vrij' else 'klaar' end
from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
    n (plan_id, stage, lane, next_number, flying_from, flying, turns)
where l.plan_id = n.plan_id and l.stage = n.stage and l.lane = n.lane;

-- name: plan_lanes_land
update plan_lanes l set flying = l.flying - n.landed,
    state = case when l.flying > n.landed then l.state when l.next_number <= l.last_number then 'vrij' else 'klaar' end
from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) n (plan_id, stage, lane, landed)
where l.plan_id = n.plan_id and l.stage = n.stage and l.lane = n.lane;

-- name: plan_lanes_stop
update plan_lanes l set flying = 0, state = 'gestopt'
from unnest($1::text[], $2::text[], $3::text[]) n (plan_id, stage, lane)
where l.plan_id = n.plan_id and l.stage = n.stage and l.lane = n.lane;

-- name: plan_give_back
update parked p set state = {planned_state}
from unnest($1::text[], $2::bigint[], $3::bigint[]) n (plan_id, first_number, last_number)
    join plan_items i on i.plan_id = n.plan_id and i.number between n.first_number and n.last_number
where p.stage = i.stage and p.item_id = i.entry_id and i.origin = 'geparkeerd';

-- name: plan_copies_drop
delete from parked p
using unnest($1::text[], $2::bigint[], $3::bigint[]) n (plan_id, first_number, last_number)
    join plan_items i on i.plan_id = n.plan_id and i.number between n.first_number and n.last_number
where p.stage = i.stage and p.item_id = i.entry_id and i.origin = 'kopie'
    and p.state || '' in ('wacht-op-herhaalplan', 'wacht-op-voorganger');

-- name: plan_cancel_copies
delete from parked p using plan_items i
where i.plan_id = $1 and i.number between $2 and $3 and i.state = 'wacht' and i.origin = 'kopie'
    and p.stage = i.stage and p.item_id = i.entry_id and p.state || '' = 'wacht-op-herhaalplan';

-- name: plan_stop_items
update plan_items i set state = 'niet-gedaan', note = n.note, ended_at = n.ended_at
from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::timestamptz[])
    n (plan_id, first_number, last_number, state, note, ended_at)
where i.plan_id = n.plan_id and i.number between n.first_number and n.last_number and i.state = n.state;
