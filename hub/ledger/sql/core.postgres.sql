-- Statements that take many rows at once, for PostgreSQL: one statement per list, its columns as arrays (`unnest`).
-- Callers sort what two workers might touch at the same time, so that locks are taken in one order.

-- name: inbox_known
select i.connection, i.sender, i.reference, i.content_hash, i.topic, i.partition, i.log_offset, i.verdict,
    i.message_id, i.accepted_at
from unnest($1::text[], $2::text[], $3::text[]) k (connection, sender, reference)
    join inbox i using (connection, sender, reference)
where i.reference <> '';

-- name: inbox_at
select i.topic, i.partition, i.log_offset, i.verdict
from unnest($1::text[], $2::bigint[], $3::bigint[]) k (topic, partition, log_offset)
    join inbox i using (topic, partition, log_offset)
where i.reference = '';

-- name: inbox_add
insert into inbox (connection, sender, reference, message_id, content_hash, event_id, kind, zaak, topic, partition,
    log_offset, verdict, accepted_at, subject, event_type, revision, remarks, unread, translated_at)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::bigint[], $11::bigint[], $12::text[], $13::timestamptz[], $14::text[], $15::text[], $16::text[],
    $17::text[], $18::text[], $19::timestamptz[])
on conflict do nothing;

-- name: effects_of
-- Locked, so that what is judged is still so when it is written.
select e.effect_key, e.effect_hash, e.event_id, e.topic, e.partition, e.log_offset
from effects e where e.effect_key = any ($1::text[]) order by e.effect_key for update;

-- name: effect_add
insert into effects (effect_key, effect_hash, event_id, topic, partition, log_offset)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
on conflict do nothing;

-- name: effect_move
update effects e set effect_hash = n.effect_hash, event_id = n.event_id, topic = n.topic, partition = n.partition,
    log_offset = n.log_offset
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
    n (effect_key, effect_hash, event_id, topic, partition, log_offset)
where e.effect_key = n.effect_key;

-- name: fences_of
select f.topic, f.partition, f.fetched from fences f
where (f.stage, f.topic, f.partition) in (select * from unnest($1::text[], $2::text[], $3::bigint[]))
order by f.stage, f.topic, f.partition for update;

-- name: fence_open
insert into fences (stage, topic, partition, fetched)
select k.stage, k.topic, k.partition, -1
from unnest($1::text[], $2::text[], $3::bigint[]) k (stage, topic, partition)
on conflict do nothing;

-- name: fence_raise
update fences f set fetched = n.fetched
from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) n (stage, topic, partition, fetched)
where f.stage = n.stage and f.topic = n.topic and f.partition = n.partition and f.fetched < n.fetched;

-- name: deliveries_of
select d.event_id
from unnest($1::text[], $2::text[]) k (stage, event_id) join deliveries d using (stage, event_id);

-- name: known_at
select distinct d.zaak
from unnest($1::text[], $2::text[]) k (stage, zaak) join deliveries d using (stage, zaak)
where d.state = 'afgeleverd' and not exists (
    select 1 from deliveries l
    where l.zaak = d.zaak and l.stage = d.stage and (l.ended_at, l.log_offset) >= (d.ended_at, d.log_offset)
        and l.receipts like $3);

-- name: delivery_add
insert into deliveries (stage, event_id, kind, zaak, state, topic, partition, log_offset, attempts, started_at,
    ended_at, receipts, revision)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[])
on conflict do nothing;

-- name: park
-- `seq` comes from the sequence, in the order of the list; a number that a replacement does not use stays a gap.
-- A worker that had the item in hand while an operator edited it, or a replay plan took it, undoes neither.
insert into parked (stage, lane, item_id, kind, topic, partition, log_offset, value, headers, state, attempts, next_at,
    receipts, failure_id, parked_at)
select n.stage, n.lane, n.item_id, n.kind, n.topic, n.partition, n.log_offset, n.value, n.headers, n.state, n.attempts,
    n.next_at, n.receipts, n.failure_id, n.parked_at
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bytea[],
    $9::bytea[], $10::text[], $11::bigint[], $12::timestamptz[], $13::text[], $14::text[], $15::timestamptz[])
    with ordinality n (stage, lane, item_id, kind, topic, partition, log_offset, value, headers, state, attempts,
    next_at, receipts, failure_id, parked_at, place)
order by n.place
on conflict (stage, item_id) do update set
    value = case when parked.edited_at is null then excluded.value else parked.value end,
    headers = case when parked.edited_at is null then excluded.headers else parked.headers end,
    state = case when parked.state = 'wacht-op-herhaalplan' then parked.state else excluded.state end,
    attempts = excluded.attempts, next_at = excluded.next_at, receipts = excluded.receipts,
    failure_id = excluded.failure_id
where excluded.state <> 'wacht-op-voorganger';

-- name: park_again
-- Only what is still in its queue, and as it stands there: whoever took it out or corrected it meanwhile had his reason.
update parked p set state = case when p.state = 'wacht-op-herhaalplan' then p.state else n.state end,
    attempts = n.attempts, next_at = n.next_at, receipts = n.receipts, failure_id = n.failure_id
from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::text[], $7::text[])
    n (stage, item_id, state, attempts, next_at, receipts, failure_id)
where p.stage = n.stage and p.item_id = n.item_id;

-- name: parked_of
select p.stage, p.item_id from unnest($1::text[], $2::text[]) k (stage, item_id) join parked p using (stage, item_id);

-- name: release
delete from parked p using unnest($1::text[], $2::text[]) r (stage, item_id)
where p.stage = r.stage and p.item_id = r.item_id;

-- name: promote
update parked p set state = 'wacht-op-poging', next_at = n.next_at
from unnest($1::text[], $2::text[], $3::timestamptz[]) n (stage, lane, next_at)
where p.stage = n.stage and p.lane = n.lane and p.state = 'wacht-op-voorganger'
    and p.seq = (select min(q.seq) from parked q where q.lane = n.lane and q.stage = n.stage);

-- name: step_aside
-- What waits to be asked about again goes behind what came meanwhile: that is not to wait for it.
update parked p set seq = nextval(pg_get_serial_sequence('parked', 'seq'))
from unnest($1::text[], $2::text[], $3::text[]) n (stage, lane, item_id)
where p.stage = n.stage and p.lane = n.lane and p.item_id = n.item_id and p.state = 'wacht-op-poging'
    and p.failure_id = '' and p.receipts <> '{}'
    and exists (select 1 from parked q where q.lane = n.lane and q.stage = n.stage and q.seq > p.seq);

-- name: hasten
-- A head that was to be asked about again, with something behind it: its turn is now, or the rest waits for nothing.
update parked p set next_at = n.now
from unnest($1::text[], $2::text[], $3::timestamptz[]) n (stage, lane, now)
where p.stage = n.stage and p.lane = n.lane and p.state = 'wacht-op-poging' and p.failure_id = '' and p.receipts <> '{}'
    and p.next_at > n.now
    and p.seq = (select min(q.seq) from parked q where q.lane = n.lane and q.stage = n.stage)
    and exists (select 1 from parked q where q.lane = n.lane and q.stage = n.stage and q.seq > p.seq);

-- name: heads
select p.lane, p.topic, p.partition, p.log_offset
from unnest($1::text[]) k (lane)
    cross join lateral (select q.lane, q.topic, q.partition, q.log_offset from parked q
        where q.lane = k.lane and q.stage = $2 order by q.seq limit 1) p;

-- name: firsts
select p.stage, p.lane, p.item_id, p.kind, p.topic, p.partition, p.log_offset, p.value, p.headers, p.state, p.attempts,
    p.next_at, p.receipts, p.failure_id, p.seq
from unnest($1::text[]) k (lane)
    cross join lateral (select * from parked q where q.lane = k.lane and q.stage = $2 order by q.seq limit 1) p;

-- name: due
select p.stage, p.lane, p.item_id, p.kind, p.topic, p.partition, p.log_offset, p.value, p.headers, p.state, p.attempts,
    p.next_at, p.receipts, p.failure_id, p.seq
from parked p
where p.stage = $3 and p.state = 'wacht-op-poging' and p.next_at <= $4
    and (p.topic, p.partition) in (select * from unnest($1::text[], $2::bigint[]))
    and p.seq = (select min(q.seq) from parked q where q.lane = p.lane and q.stage = p.stage)
order by p.next_at, p.seq limit $5;

-- name: beat
insert into workers (worker, connection, running, seen_at)
select * from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[])
on conflict (worker, connection) do update set running = excluded.running, seen_at = excluded.seen_at;

-- name: refusal_add
insert into refusals (connection, message_id, code, reason, path, line, size_bytes, refused_at)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
    $8::timestamptz[]);

-- name: alone
-- The seed keeps these locks apart from those of others that use the same database.
select pg_advisory_xact_lock(hashtextextended(k.name, 7316112028)) from unnest($1::text[]) k (name);

-- name: session
-- The promise of the ledger is that what a method returned from is on disk, whatever the server's default; and lz4
-- takes 0.4 of the time of pglz on these payloads (measured), where the server has it.
select
    (select set_config('synchronous_commit', 'on', false)
     where current_setting('synchronous_commit') in ('off', 'local')),
    (select set_config('default_toast_compression', 'lz4', false)
     from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals));

-- name: fates
select k.message_id, i.event_id, d.state, t.state, t.failure_id, a.state, a.failure_id, b.state
from unnest($1::text[], $2::text[], $3::text[]) k (message_id, connection, stage)
    left join inbox i on i.message_id = k.message_id
    left join deliveries d on d.stage = k.stage and d.event_id = i.event_id
    left join parked t on t.stage = k.stage and t.item_id = i.event_id
    left join parked a on a.stage = k.connection and a.item_id = k.message_id
    left join deliveries b on b.stage = k.connection and b.event_id = k.message_id;
