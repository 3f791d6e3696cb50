-- Statements that both databases understand as they stand. Each is named; `$1` is the first value.
-- Statements that take many rows at once differ per database: core.sqlite.sql and core.postgres.sql hold the same names.

-- name: migrations_table
create table if not exists migrations (number bigint primary key, name text not null, applied_at timestamptz not null);

-- name: migrations_applied
select number, name from migrations order by number;

-- name: migration_done
insert into migrations (number, name, applied_at) values ($1, $2, $3);

-- name: parked_lanes
select lane, topic, partition, log_offset from parked p
where stage = $1 and seq = (select min(q.seq) from parked q where q.lane = p.lane and q.stage = p.stage);

-- name: queue
select stage, lane, item_id, kind, topic, partition, log_offset, value, headers, state, attempts, next_at, receipts,
    failure_id, seq
from parked where stage = $1 and lane = $2 order by seq;

-- name: parked_item
select stage, lane, item_id, kind, topic, partition, log_offset, value, headers, state, attempts, next_at, receipts,
    failure_id, seq
from parked where stage = $1 and item_id = $2;

-- name: parked_head
select item_id, failure_id from parked where stage = $1 and lane = $2 order by seq limit 1;

-- name: revision_next
select coalesce(max(number), 0) + 1 from revisions where connection = $1;

-- name: revision_add
insert into revisions (connection, number, revision, state, restores, made_at, made_by, reason, changed_at, note, files)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: revisions
select connection, number, revision, state, restores, made_at, made_by, reason, changed_at, note
from revisions where connection = $1 order by number desc limit $2;

-- name: revisions_current
select connection, number, revision, state, restores, made_at, made_by, reason, changed_at, note
from revisions where state in ('voorbereid', 'actief') order by connection, number;

-- name: revision_files
select files from revisions where connection = $1 and number = $2;

-- name: revision_change
update revisions set state = $4, changed_at = $5, note = $6 where connection = $1 and number = $2 and state = $3;

-- name: revisions_superseded
update revisions set state = 'vervangen', changed_at = $3
where connection = $1 and number <> $2 and state in ('actief', 'uit-map');

-- name: revisions_expired
update revisions set state = 'afgewezen', changed_at = $3, note = 'whoever prepared it did not go on'
where connection = $1 and state = 'voorbereid' and made_at < $2;

-- name: workers
select w.worker, w.connection, w.running, w.seen_at, coalesce(a.answer, ''), coalesce(a.reason, '')
from workers w left join acknowledgements a
    on a.connection = w.connection and a.worker = w.worker and a.number = $2
where w.connection = $1 and w.seen_at >= $3 order by w.worker;

-- name: worker_gone
delete from workers where worker = $1;

-- name: workers_forgotten
delete from workers where seen_at < $1;

-- name: acknowledgements_forgotten
delete from acknowledgements where worker not in (select worker from workers);

-- name: acknowledge
insert into acknowledgements (connection, number, worker, answer, reason, answered_at) values ($1, $2, $3, $4, $5, $6)
on conflict (connection, number, worker) do update set
    answer = excluded.answer, reason = excluded.reason, answered_at = excluded.answered_at;

-- name: parked_replay
update parked set state = 'wacht-op-poging', next_at = $4
where stage = $1 and item_id = $3 and state <> 'wacht-op-herhaalplan'
    and seq = (select min(q.seq) from parked q where q.lane = $2 and q.stage = $1);

-- name: delivered
select stage, event_id, kind, zaak, state, topic, partition, log_offset, attempts, started_at, ended_at, receipts,
    revision
from deliveries where event_id = $1 order by stage;

-- name: confirmation_add
insert into confirmations (stage, event_id, zaak, said, said_at) values ($1, $2, $3, $4, $5)
on conflict do nothing;

-- name: counts
select
    (select count(*) from failures where state = 'open'),
    (select count(*) from failures where state = 'probeert-opnieuw'),
    (select count(*) from parked),
    (select count(*) from (select distinct stage, lane from parked) as lanes),
    (select count(*) from refusals);

-- name: answers
select 1;

-- name: number_next
insert into numbers as n (counter, value) values ($1, $2)
on conflict (counter) do update set value = n.value + 1 returning value;

-- name: reservation
select number from reservations where connection = $1 and sender = $2 and reference = $3 and soort = $4;

-- name: reservation_add
insert into reservations (connection, sender, reference, soort, number, reserved_at) values ($1, $2, $3, $4, $5, $6)
on conflict do nothing;

-- name: effect_withdraw
delete from effects where effect_key = $1 and event_id = $2;

-- name: inbox_withdraw
-- The row stays for the timeline; without its reference nothing is recognised by it.
update inbox set reference = '' where message_id = $1;

-- name: inbox_changed
-- It had nothing new to tell, or something else; now it has this. Of a resend it is the one that was asked about that counts from here on.
update inbox set verdict = 'nieuw', topic = $2, partition = $3, log_offset = $4, event_id = $5, revision = $6,
    unread = $7, translated_at = $8
where message_id = $1 and (verdict = 'dubbel' or topic = $2 and partition = $3 and log_offset = $4);

-- name: report_add
insert into reports (connection, message_id, done, code, reason, at, attempts, next_at, sender, reference, kind, zaak)
values ($1, $2, $3, $4, $5, $6, 0, $6, $7, $8, $9, $10)
on conflict do nothing;

-- name: reports_due
select r.connection, r.message_id, r.done, r.code, r.reason, r.at, coalesce(i.sender, r.sender),
    coalesce(i.reference, r.reference), coalesce(i.kind, r.kind), coalesce(i.zaak, r.zaak), r.attempts
from reports r left join inbox i on i.message_id = r.message_id
where r.connection = $1 and r.ended_at is null and r.next_at <= $2 order by r.next_at, r.message_id limit $3;

-- name: report_later
update reports set attempts = attempts + 1, next_at = $4 where connection = $1 and message_id = $2 and done = $3;

-- name: report_ended
update reports set attempts = attempts + 1, ended_at = $4 where connection = $1 and message_id = $2 and done = $3;

-- name: comparison_add
insert into comparisons (connection, message_id, kind, zaaktype, zaak, verdict, code, differences, compared_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict do nothing;

-- name: comparisons
select connection, message_id, kind, zaaktype, zaak, verdict, code, differences, compared_at
from comparisons where connection = $1 and verdict in ('anders', 'alleen-oud', 'alleen-hub')
order by compared_at desc limit $2;

-- name: likenesses
select kind, zaaktype, verdict, count(*) from comparisons where connection = $1
group by kind, zaaktype, verdict order by kind, zaaktype, verdict;
