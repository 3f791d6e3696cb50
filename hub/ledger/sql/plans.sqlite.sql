-- Statements about replay plans that take lists, for SQLite (see core.sqlite.sql).

-- part: plan_criteria
f.state <> 'opgelost'
    and ($3 = '' or f.stage in (select value from json_each($3)))
    and ($4 = '' or f.id in (select value from json_each($4)))
    and ($5 = '' or f.group_id in (select value from json_each($5))
        or exists (select 1 from failure_groups g where g.id = f.group_id
            and g.merged_into in (select value from json_each($5))))
    and ($6 = '' or f.zaak = $6) and ($7 = '' or f.kind = $7) and ($8 = '' or f.code = $8)
    and f.last_at >= $9 and f.last_at < $10 and ($11 = '' or lower(f.reason) like $11 escape '\')

-- part: plan_ended_criteria
d.stage in (select value from json_each($3)) and d.state = $4
    and d.state in ('afgeleverd', 'vervallen') and ($5 = '' or d.zaak = $5)
    and ($6 = '' or d.kind = $6) and d.ended_at >= $7 and d.ended_at < $8

-- part: plan_raw_criteria
x.connection in (select value from json_each($2)) and ($3 = '' or x.zaak = $3)
    and ($4 = '' or x.kind = $4) and x.accepted_at >= $5 and x.accepted_at < $6

-- name: plan_planner
select 1;

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
-- Who writes is alone in the file: nobody takes anything out of a queue at this moment.
select $1;

-- name: plan_pick
-- The next of each zaak whose turn it is, and how they stand in the queue by now.
select {plan_item_columns}, p.state, p.attempts, d.state, l.last_number,
    case when i.origin = 'kopie' and i.log_offset < l.newest then 1 else 0 end
from ({plan_turn}) l
    cross join plan_items i
    left join parked p on p.stage = i.stage and p.item_id = i.entry_id
    left join deliveries d on d.stage = i.stage and d.event_id = i.entry_id
where i.plan_id = l.plan_id and i.number >= l.next_number and i.number < l.next_number + $3
    and i.number <= l.last_number
order by i.number;

-- name: plan_claims
-- What is parked and names a document beside it.
select i.number, p.value from plan_items i join parked p on p.stage = i.source and p.item_id = i.item_id
where i.plan_id = $1 and i.state = 'wacht' and i.number > $2 and instr(p.value, $3) > 0
order by i.number limit $4;

-- name: plan_supersede
update plan_items set superseded = 1, state = $5, note = $6
where plan_id = $1 and number between $2 and $3 and log_offset < $4 and origin = 'kopie' and taken_along = 0
    and state = 'wacht';

-- name: plan_front
update parked set seq = $3 where stage = $1 and item_id = $2;

-- name: plan_let_go
update parked set state = $3, next_at = $4 where stage = $1 and item_id = $2;

-- name: plan_fill
update parked set value = $3, headers = $4 where stage = $1 and item_id = $2;

-- name: plan_release_items
update plan_items set state = 'onderweg', attempts = $3, released_at = $4 where plan_id = $1 and number = $2;

-- name: plan_settle_items
update plan_items set state = $3, note = $4, ended_at = $6,
    failure_id = case when $5 = '' then failure_id else $5 end
where plan_id = $1 and number = $2;

-- name: plan_lanes_fly
update plan_lanes set next_number = $4, flying_from = $5, flying = $6, turn = turn + $7,
    state = case when $6 > 0 then 'onderweg' when $4 <= last_number then 'vrij' else 'klaar' end
where plan_id = $1 and stage = $2 and lane = $3;

-- name: plan_lanes_land
update plan_lanes set flying = flying - $4,
    state = case when flying > $4 then state when next_number <= last_number then 'vrij' else 'klaar' end
where plan_id = $1 and stage = $2 and lane = $3;

-- name: plan_lanes_stop
update plan_lanes set flying = 0, state = 'gestopt' where plan_id = $1 and stage = $2 and lane = $3;

-- name: plan_give_back
update parked as p set state = {planned_state}
from plan_items i
where i.plan_id = $1 and i.number between $2 and $3 and p.stage = i.stage and p.item_id = i.entry_id
    and i.origin = 'geparkeerd';

-- name: plan_copies_drop
delete from parked where state in ('wacht-op-herhaalplan', 'wacht-op-voorganger') and (stage, item_id) in (
    select i.stage, i.entry_id from plan_items i
    where i.plan_id = $1 and i.number between $2 and $3 and i.origin = 'kopie');

-- name: plan_cancel_copies
delete from parked where state = 'wacht-op-herhaalplan' and (stage, item_id) in (
    select i.stage, i.entry_id from plan_items i
    where i.plan_id = $1 and i.number between $2 and $3 and i.state = 'wacht' and i.origin = 'kopie');

-- name: plan_stop_items
update plan_items set state = 'niet-gedaan', note = $5, ended_at = $6
where plan_id = $1 and number between $2 and $3 and state = $4;
