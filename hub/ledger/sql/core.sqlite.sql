-- Statements that take many rows at once, for SQLite: a read gets its keys as one JSON list of rows (`json_each`), a
-- write runs once per row from the statement cache, inside the one transaction.

-- name: inbox_known
select i.connection, i.sender, i.reference, i.content_hash, i.topic, i.partition, i.log_offset, i.verdict,
    i.message_id, i.accepted_at
from json_each($1) k cross join inbox i
where i.reference <> '' and i.connection = json_extract(k.value, '$[0]')
    and i.sender = json_extract(k.value, '$[1]') and i.reference = json_extract(k.value, '$[2]');

-- name: inbox_at
select i.topic, i.partition, i.log_offset, i.verdict
from json_each($1) k cross join inbox i
where i.reference = '' and i.topic = json_extract(k.value, '$[0]')
    and i.partition = json_extract(k.value, '$[1]') and i.log_offset = json_extract(k.value, '$[2]');

-- name: inbox_add
insert into inbox (connection, sender, reference, message_id, content_hash, event_id, kind, zaak, topic, partition,
    log_offset, verdict, accepted_at, subject, event_type, revision, remarks, unread, translated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
on conflict do nothing;

-- name: effects_of
select e.effect_key, e.effect_hash, e.event_id, e.topic, e.partition, e.log_offset
from json_each($1) k cross join effects e where e.effect_key = json_extract(k.value, '$[0]');

-- name: effect_add
insert into effects (effect_key, effect_hash, event_id, topic, partition, log_offset)
values ($1, $2, $3, $4, $5, $6)
on conflict do nothing;

-- name: effect_move
update effects set effect_hash = $2, event_id = $3, topic = $4, partition = $5, log_offset = $6 where effect_key = $1;

-- name: fences_of
select f.topic, f.partition, f.fetched
from json_each($1) k cross join fences f
where f.stage = json_extract(k.value, '$[0]') and f.topic = json_extract(k.value, '$[1]')
    and f.partition = json_extract(k.value, '$[2]');

-- name: fence_open
insert into fences (stage, topic, partition, fetched) values ($1, $2, $3, -1) on conflict do nothing;

-- name: fence_raise
update fences set fetched = $4 where stage = $1 and topic = $2 and partition = $3 and fetched < $4;

-- name: deliveries_of
select d.event_id
from json_each($1) k cross join deliveries d
where d.stage = json_extract(k.value, '$[0]') and d.event_id = json_extract(k.value, '$[1]');

-- name: known_at
select distinct d.zaak
from json_each($1) k cross join deliveries d
where d.stage = json_extract(k.value, '$[0]') and d.zaak = json_extract(k.value, '$[1]')
    and d.state = 'afgeleverd' and not exists (
    select 1 from deliveries l
    where l.zaak = d.zaak and l.stage = d.stage and (l.ended_at, l.log_offset) >= (d.ended_at, d.log_offset)
        and l.receipts like $2);

-- name: delivery_add
insert into deliveries (stage, event_id, kind, zaak, state, topic, partition, log_offset, attempts, started_at,
    ended_at, receipts, revision)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict do nothing;

-- name: park
-- A worker that had the item in hand while an operator edited it, or a replay plan took it, undoes neither.
insert into parked (stage, lane, item_id, kind, topic, partition, log_offset, value, headers, state, attempts, next_at,
    receipts, failure_id, parked_at, seq)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
    (select coalesce(max(q.seq), 0) + 1 from parked q where q.lane = $2 and q.stage = $1))
on conflict (stage, item_id) do update set
    value = case when parked.edited_at is null then excluded.value else parked.value end,
    headers = case when parked.edited_at is null then excluded.headers else parked.headers end,
    state = case when parked.state = 'wacht-op-herhaalplan' then parked.state else excluded.state end,
    attempts = excluded.attempts, next_at = excluded.next_at, receipts = excluded.receipts,
    failure_id = excluded.failure_id
where excluded.state <> 'wacht-op-voorganger';

-- name: park_again
-- Only what is still in its queue, and as it stands there: whoever took it out or corrected it meanwhile had his reason.
update parked set state = case when state = 'wacht-op-herhaalplan' then state else $3 end, attempts = $4, next_at = $5,
    receipts = $6, failure_id = $7
where stage = $1 and item_id = $2;

-- name: parked_of
select p.stage, p.item_id
from json_each($1) k cross join parked p
where p.stage = json_extract(k.value, '$[0]') and p.item_id = json_extract(k.value, '$[1]');

-- name: release
delete from parked where stage = $1 and item_id = $2;

-- name: promote
update parked set state = 'wacht-op-poging', next_at = $3
where stage = $1 and lane = $2 and state = 'wacht-op-voorganger'
    and seq = (select min(q.seq) from parked q where q.lane = $2 and q.stage = $1);

-- name: step_aside
-- What waits to be asked about again goes behind what came meanwhile: that is not to wait for it.
update parked set seq = (select max(q.seq) + 1 from parked q where q.lane = $2 and q.stage = $1)
where stage = $1 and lane = $2 and item_id = $3 and state = 'wacht-op-poging' and failure_id = '' and receipts <> '{}'
    and exists (select 1 from parked q where q.lane = $2 and q.stage = $1 and q.seq > parked.seq);

-- name: hasten
-- A head that was to be asked about again, with something behind it: its turn is now, or the rest waits for nothing.
update parked set next_at = $3
where stage = $1 and lane = $2 and state = 'wacht-op-poging' and failure_id = '' and receipts <> '{}' and next_at > $3
    and seq = (select min(q.seq) from parked q where q.lane = $2 and q.stage = $1)
    and exists (select 1 from parked q where q.lane = $2 and q.stage = $1 and q.seq > parked.seq);

-- name: heads
select p.lane, p.topic, p.partition, p.log_offset
from json_each($1) k cross join parked p
where p.stage = $2 and p.lane = json_extract(k.value, '$[0]')
    and p.seq = (select min(q.seq) from parked q where q.lane = json_extract(k.value, '$[0]') and q.stage = $2);

-- name: firsts
select p.stage, p.lane, p.item_id, p.kind, p.topic, p.partition, p.log_offset, p.value, p.headers, p.state, p.attempts,
    p.next_at, p.receipts, p.failure_id, p.seq
from json_each($1) k cross join parked p
where p.stage = $2 and p.lane = json_extract(k.value, '$[0]')
    and p.seq = (select min(q.seq) from parked q where q.lane = json_extract(k.value, '$[0]') and q.stage = $2);

-- name: due
select p.stage, p.lane, p.item_id, p.kind, p.topic, p.partition, p.log_offset, p.value, p.headers, p.state, p.attempts,
    p.next_at, p.receipts, p.failure_id, p.seq
from parked p
where p.stage = $2 and p.state = 'wacht-op-poging' and p.next_at <= $3
    and (p.topic, p.partition) in (select json_extract(k.value, '$[0]'), json_extract(k.value, '$[1]')
        from json_each($1) k)
    and p.seq = (select min(q.seq) from parked q where q.lane = p.lane and q.stage = p.stage)
order by p.next_at, p.seq limit $4;

-- name: beat
insert into workers (worker, connection, running, seen_at) values ($1, $2, $3, $4)
on conflict (worker, connection) do update set running = excluded.running, seen_at = excluded.seen_at;

-- name: refusal_add
insert into refusals (connection, message_id, code, reason, path, line, size_bytes, refused_at)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: fates
select json_extract(k.value, '$[0]'), i.event_id, d.state, t.state, t.failure_id, a.state, a.failure_id, b.state
from json_each($1) k
    left join inbox i on i.message_id = json_extract(k.value, '$[0]')
    left join deliveries d on d.stage = json_extract(k.value, '$[2]') and d.event_id = i.event_id
    left join parked t on t.stage = json_extract(k.value, '$[2]') and t.item_id = i.event_id
    left join parked a on a.stage = json_extract(k.value, '$[1]') and a.item_id = json_extract(k.value, '$[0]')
    left join deliveries b on b.stage = json_extract(k.value, '$[1]') and b.event_id = json_extract(k.value, '$[0]');
