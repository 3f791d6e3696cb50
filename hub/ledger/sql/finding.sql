-- Finding messages: each criterion is looked up by an index of its own, newest first, and no more than so many rows are
-- looked at for one page. What else must hold is asked of those rows only.

-- part: found_in_order
(accepted_at, message_id) < ($3, $4) and accepted_at >= $5 order by accepted_at desc, message_id desc limit $6

-- part: message_columns
connection, sender, reference, message_id, event_id, kind, zaak, subject, verdict, accepted_at

-- part: stands_at
-- Of the two ends of a delivery `max` is the worse one. What ends under the id of the message itself, and well, is only
-- its translation. What was not for a receiver did not end there. (`max` and not `exists`: that PostgreSQL might answer
-- by reading every delivery once.)
case
    when c.verdict = 'dubbel' then 'dubbel'
    when exists (select 1 from failures f where f.item_id in (c.event_id, c.message_id) and f.state <> 'opgelost')
        then 'mislukt'
    else coalesce((
        select max(d.state) from deliveries d
        where d.event_id in (c.event_id, c.message_id) and (d.event_id = c.event_id or d.state = 'vervallen')
            and d.state <> 'niet-verstrekt'
    ), 'geaccepteerd')
end

-- part: fits
($7 = '' or c.zaak = $7) and ($8 = '' or c.subject = $8 and c.subject <> c.zaak) and ($9 = '' or c.reference = $9)
    and ($10 = '' or c.sender = $10) and ($11 = '' or c.connection = $11) and ($12 = '' or c.kind = $12)
    and ($14 = '' or exists (select 1 from subjects s where s.subject = $14 and s.message_id = c.message_id))
    and ($13 = '' or {stands_at} = $13)

-- name: find_messages
-- `$1` says which look-up, `$2` what for: the others come to nothing before they begin. The last row is a mark: how far
-- was looked, when there was more to look at than `$6`.
with candidates as (
    select * from (
        select {message_columns} from messages where $1 = 'zaak' and zaak = $2 and {found_in_order}
    ) as of_zaak
    union all select * from (
        select {message_columns} from messages
        where $1 = 'document' and subject = $2 and subject <> '' and subject <> zaak and {found_in_order}
    ) as of_document
    union all select * from (
        select {message_columns} from messages
        where $1 = 'reference' and reference = $2 and reference <> '' and {found_in_order}
    ) as of_reference
    union all select * from (
        select {message_columns} from messages where $1 = 'sender' and sender = $2 and {found_in_order}
    ) as of_sender
    union all select * from (
        select {message_columns} from messages where $1 = 'connection' and connection = $2 and {found_in_order}
    ) as of_connection
    union all select * from (
        select {message_columns} from messages where $1 = 'kind' and kind = $2 and {found_in_order}
    ) as of_kind
    union all select * from (
        select {message_columns} from inbox where $1 = 'dubbel' and verdict = 'dubbel' and {found_in_order}
    ) as of_resends
    union all select * from (
        select {message_columns} from messages
        where $1 = 'person' and message_id in (select s.message_id from subjects s where s.subject = $2)
            and {found_in_order}
    ) as of_person
    union all select * from (
        select {message_columns} from messages where $1 = 'time' and {found_in_order}
    ) as of_time
)
select c.connection, c.sender, c.reference, c.message_id, c.kind, c.zaak, c.subject, c.accepted_at, {stands_at},
    coalesce((
        select f.id from failures f where f.item_id in (c.event_id, c.message_id) and f.state <> 'opgelost'
        order by case f.state when 'open' then 0 else 1 end, f.last_at desc, f.id desc limit 1
    ), ''), c.accepted_at, c.message_id
from (
    select c.* from candidates c
    where {fits} and ($15 = '' or exists (
        select 1 from failures f where f.item_id in (c.event_id, c.message_id)
            and replace(lower(f.reason), lower($15), '') <> lower(f.reason)
    ))
    order by c.accepted_at desc, c.message_id desc limit $16
) as c
union all select * from (
    select '', '', '', '', '', '', '', accepted_at, '', '', accepted_at, message_id from candidates
    where (select count(*) from candidates) >= $6 order by accepted_at, message_id limit 1
) as mark;

-- name: find_outcomes
-- The same for what went wrong: by when it did, not by when the message came. `recent` looks for a text among the last
-- failures, `text` among all: `reasons` are the different beginnings of reasons that there are, each found by one step in
-- the index, and there are few, however many failures.
with recursive reasons (reason) as (
    select * from (
        select substr(reason, 1, 500) from failures where $1 = 'text' order by substr(reason, 1, 500) limit 1
    ) as first
    union all
    select (
        select substr(f.reason, 1, 500) from failures f where substr(f.reason, 1, 500) > r.reason
        order by substr(f.reason, 1, 500) limit 1
    ) from reasons r where r.reason is not null
), outcomes as (
    select * from (
        select f.last_at as at, f.id, f.item_id, f.zaak, f.stage, f.kind, f.id as failure_id from failures f
        where $1 = 'mislukt' and f.state <> 'opgelost' and (f.last_at, f.id) < ($3, $4) and f.last_at >= $5
        order by f.last_at desc, f.id desc limit $6
    ) as failed
    union all select * from (
        select d.ended_at as at, d.event_id, d.event_id, d.zaak, d.stage, d.kind, '' from deliveries d
        where $1 = 'vervallen' and d.state = 'vervallen' and (d.ended_at, d.event_id) < ($3, $4) and d.ended_at >= $5
        order by d.ended_at desc, d.event_id desc limit $6
    ) as dropped
    union all select r.at, r.id, r.item_id, r.zaak, r.stage, r.kind, r.id from (
        select f.last_at as at, f.id, f.item_id, f.zaak, f.stage, f.kind, f.reason from failures f
        where $1 = 'recent' and (f.last_at, f.id) < ($3, $4) and f.last_at >= $5
        order by f.last_at desc, f.id desc limit $6
    ) as r where replace(lower(r.reason), lower($2), '') <> lower(r.reason)
    union all select * from (
        select f.last_at as at, f.id, f.item_id, f.zaak, f.stage, f.kind, f.id
        from reasons r join failures f on substr(f.reason, 1, 500) = r.reason
        where $1 = 'text' and replace(lower(r.reason), lower($2), '') <> lower(r.reason)
            and (f.last_at, f.id) < ($3, $4) and f.last_at >= $5
        order by f.last_at desc, f.id desc limit $6
    ) as said
), candidates as (
    select o.at, o.id, o.failure_id, o.stage,
        coalesce(i.connection, n.connection, u.connection, o.stage) as connection,
        coalesce(i.sender, n.sender, u.sender, '') as sender,
        coalesce(i.reference, n.reference, u.reference, '') as reference,
        coalesce(i.message_id, n.message_id, u.message_id, o.item_id) as message_id,
        coalesce(i.event_id, n.event_id, '') as event_id,
        coalesce(i.kind, n.kind, u.kind, o.kind) as kind,
        o.zaak,
        coalesce(i.subject, n.subject, u.subject, '') as subject,
        coalesce(i.verdict, n.verdict, '') as verdict,
        coalesce(i.accepted_at, n.accepted_at, u.accepted_at, o.at) as accepted_at
    from outcomes o
        left join inbox i on i.zaak = o.zaak and i.event_id = o.item_id and i.verdict = 'nieuw'
        left join inbox n on n.message_id = o.item_id
        left join untranslated u on u.message_id = o.item_id
)
select c.connection, c.sender, c.reference, c.message_id, c.kind, c.zaak, c.subject, c.accepted_at, {stands_at},
    c.failure_id, c.at, c.id
from (
    select c.* from candidates c
    where {fits} and c.accepted_at < $16
    order by c.at desc, c.id desc limit $15
) as c
union all select * from (
    select '', '', '', '', '', '', '', at, '', '', at, id from outcomes
    where (select count(*) from outcomes) >= $6 order by at, id limit 1
) as mark;

-- name: find_refusals
with candidates as (
    select * from (
        select connection, message_id, code, reason, refused_at from refusals
        where $1 = 'connection' and connection = $2 and (refused_at, message_id) < ($3, $4) and refused_at >= $5
        order by refused_at desc, message_id desc limit $6
    ) as of_connection
    union all select * from (
        select connection, message_id, code, reason, refused_at from refusals
        where $1 = 'time' and (refused_at, message_id) < ($3, $4) and refused_at >= $5
        order by refused_at desc, message_id desc limit $6
    ) as of_time
)
select * from (
    select connection, '', '', message_id, code, '', '', refused_at, 'geweigerd', '', refused_at, message_id
    from candidates where $7 = '' or replace(lower(code || ': ' || reason), lower($7), '') <> lower(code || ': ' || reason)
    order by refused_at desc, message_id desc limit $8
) as found
union all select * from (
    select '', '', '', '', '', '', '', refused_at, '', '', refused_at, message_id from candidates
    where (select count(*) from candidates) >= $6 order by refused_at, message_id limit 1
) as mark;

-- name: whereabouts
-- A range of the index, and `substr`, because not every collation orders ids by their characters.
select known, id, stage, item_id, kind, topic, partition, log_offset from (
    select 'message' as known, message_id as id, connection as stage, message_id as item_id, kind, topic, partition,
        log_offset
    from inbox where message_id >= $1 and message_id < $2
    union all
    select 'event', event_id, stage, event_id, kind, topic, partition, log_offset
    from deliveries where event_id >= $1 and event_id < $2
    union all
    select 'parked', item_id, stage, item_id, kind, topic, partition, log_offset
    from parked where item_id >= $1 and item_id < $2
    union all
    select 'failure', id, stage, item_id, kind, '', 0, 0 from failures where id >= $1 and id < $2
    union all
    select 'refusal', message_id, connection, message_id, code, '', 0, 0
    from refusals where message_id >= $1 and message_id < $2
) as everything
where substr(id, 1, length(cast($1 as text))) = $1 order by id, stage, known limit $3;

-- name: untranslated_add
insert into untranslated (connection, sender, reference, message_id, kind, zaak, subject, remarks, topic, partition,
    log_offset, accepted_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict do nothing;

-- name: timeline
-- `rank` orders what has the same time: a message is accepted before it is translated, fails before it is parked, and
-- so on. An event lies where it was delivered from or waits; one that nobody took up has no place here.
select at, what, stage, item_id, detail, said, receipts, topic, partition, log_offset, revision, done_by, rank from (
    select accepted_at as at, 0 as rank, case when verdict = 'nieuw' then 'geaccepteerd' else 'dubbel' end as what,
        connection as stage, message_id as item_id, kind as detail, remarks as said, '{}' as receipts, topic, partition,
        log_offset, '' as revision, '' as done_by
    from inbox where zaak = $1
    union all
    select u.accepted_at, 0, 'geaccepteerd', u.connection, u.message_id, u.kind, u.remarks, '{}', u.topic, u.partition,
        u.log_offset, '', ''
    from untranslated u where u.zaak = $1 and not exists (select 1 from inbox i where i.message_id = u.message_id)
    union all
    select translated_at, 1, 'vertaald', connection, event_id, event_type,
        case when unread = '' then '' else 'not read: ' || unread end, '{}', '', 0, 0, revision, ''
    from inbox where zaak = $1 and verdict = 'nieuw' and translated_at is not null
    union all
    select * from (
        select i.translated_at, 2, 'gepubliceerd', i.connection, i.event_id, i.event_type, '', '{}', d.topic,
            d.partition, d.log_offset, '', ''
        from inbox i join deliveries d on d.event_id = i.event_id
        where i.zaak = $1 and i.verdict = 'nieuw' and i.translated_at is not null
        union
        select i.translated_at, 2, 'gepubliceerd', i.connection, i.event_id, i.event_type, '', '{}', p.topic,
            p.partition, p.log_offset, '', ''
        from inbox i join parked p on p.item_id = i.event_id
        where i.zaak = $1 and i.verdict = 'nieuw' and i.translated_at is not null
    ) as published
    union all
    select first_at, 3, 'mislukt', stage, item_id, code || ': ' || reason, '', '{}', '', 0, 0, revision, ''
    from failures where zaak = $1
    union all
    select parked_at, 4, 'geparkeerd', stage, item_id, state, '', '{}', topic, partition, log_offset, '', ''
    from parked where lane = $1
    union all
    select a.done_at, 5, a.act, f.stage, f.item_id, a.reason, '', '{}', '', 0, 0, '', a.done_by
    from failures f join audit a on a.failure_id = f.id and a.failure_id <> '' where f.zaak = $1
    union all
    select i.released_at, 5, 'herhaald', i.stage, i.item_id, 'plan ' || n.id || ': ' || n.reason, '', '{}', '', 0, 0, '',
        n.made_by
    from plan_lanes l join plan_items i on i.plan_id = l.plan_id and i.number between l.first_number and l.last_number
        join plans n on n.id = l.plan_id
    where l.lane = $1 and i.released_at is not null
    union all
    select ended_at, 6, state, stage, event_id, kind, '', receipts, topic, partition, log_offset, revision, ''
    from deliveries where zaak = $1
    union all
    select said_at, 7, 'bevestigd', stage, event_id, said, '', '{}', '', 0, 0, '', ''
    from confirmations where zaak = $1
) as life
where (at, rank, stage, item_id, what) > ($2, $3, $4, $5, $6)
order by at, rank, stage, item_id, what limit $7;
