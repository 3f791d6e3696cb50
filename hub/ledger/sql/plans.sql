-- Statements about replay plans that both databases understand as they stand.

-- part: plan_columns
id, state, state_reason, made_by, made_at, reason, approved_by, needs_approval, mode, superseded, redirect, ramp,
    per_minute, stop_at, again_of, step, step_released, step_delivered, step_failed, total, zaken, targets, kinds,
    oldest_at, newest_at, superseded_count, taken_along, expected_s, waiting, released, delivered, failed, skipped,
    gone, not_done, holder, leased_until, paced_at, changed_at, made_by_id, sources

-- part: plan_item_columns
i.number, i.stage, i.lane, i.item_id, i.source, i.entry_id, i.failure_id, i.kind, i.origin, i.state, i.superseded,
    i.taken_along, i.note, i.topic, i.partition, i.log_offset, i.at, i.released_at, i.ended_at

-- part: plan_item_insert
insert into plan_items (plan_id, number, stage, lane, item_id, source, entry_id, failure_id, kind, origin, state,
    superseded, taken_along, note, attempts, topic, partition, log_offset, at)

-- part: plan_sources
select l.plan_id, l.lane, l.first_number, l.last_number, (select i.source from plan_items i
        where i.plan_id = l.plan_id and i.number = l.first_number) as source
    from plan_lanes l where l.plan_id = $1

-- part: plan_beside
-- An event of a zaak (`l`) that went on and that the plan (`p`) does not have. The rest of another plan lacks what that
-- plan sent already: beside it is what came since.
d.zaak = l.lane and d.state = 'afgeleverd' and d.event_id not like '%~%' and (p.again_of = '' or d.ended_at >= p.made_at)
    and not exists (select 1 from plan_items o where o.item_id = d.event_id and o.plan_id || '' = p.id)

-- part: plan_beside_raw
-- The same of a message as it came in. Not what was given up: it did nothing.
x.zaak = l.lane and x.verdict = 'nieuw' and (p.again_of = '' or x.accepted_at >= p.made_at)
    and not exists (select 1 from plan_items o where o.item_id = x.message_id and o.plan_id || '' = p.id)
    and not exists (select 1 from deliveries g where g.event_id = x.event_id and g.state = 'vervallen')

-- part: plan_turn
-- `newest` is the place of what overtook the copies of a zaak since it was frozen; elsewhere than at its own target
-- nothing overtakes.
select l.plan_id, l.stage, l.lane, l.next_number, l.last_number,
        case when p.redirect = '' and p.superseded <> 'herhalen' and exists (select 1 from plan_items k
            where k.plan_id = l.plan_id and k.number = l.last_number and k.origin = 'kopie')
        then (select max(b.log_offset) from (
            select d.log_offset from deliveries d where d.stage = l.stage and {plan_beside}
            union all
            select x.log_offset from inbox x where x.connection = l.stage and {plan_beside_raw}) b) end as newest
    from (select * from plan_lanes where plan_id = $1 and state = 'vrij' order by turn, stage, lane limit $2) l
        join plans p on p.id = l.plan_id

-- part: planned_state
-- What a parked message that is held waited for before: its failure says so; without one it waits for the one before.
-- That it is held is asked here and not in `where`: a database that thinks that few are would read all to find them.
case when p.state not in ('wacht-op-herhaalplan', 'wacht-op-voorganger') then p.state else coalesce((select case f.state when 'open' then 'wacht-op-mens' when 'probeert-opnieuw' then 'wacht-op-poging' end
    from failures f where f.id = p.failure_id), 'wacht-op-voorganger') end

-- name: plan_add
insert into plans ({plan_columns})
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
    $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41);

-- name: plan
select {plan_columns} from plans where id = $1;

-- name: plan_by_beginning
-- Reads all plans: for people, who type it (see failures_by_beginning).
select {plan_columns} from plans where substr(id, 1, length(cast($1 as text))) = $1 limit 2;

-- name: plans
select {plan_columns} from plans where (made_at, id) < ($1, $2) order by made_at desc, id desc limit $3;

-- name: plans_at_work
select {plan_columns} from plans where state = 'loopt' or released > 0 order by made_at limit $1;

-- name: plan_items
select {plan_item_columns} from plan_items i
where i.plan_id = $1 and i.number > $2 and ($3 = '' or i.state = $3) order by i.number limit $4;

-- name: plan_take_again
-- Whole queues in which another plan failed or that it did not come to, as far as that still waits. What is there
-- beside it came later, and waits behind it.
{plan_item_insert}
select $1, row_number() over (order by p.lane, p.stage, p.seq), p.stage, p.lane, p.item_id, p.stage, p.item_id,
    p.failure_id, p.kind, 'geparkeerd', 'wacht', 0, 0, '', p.attempts, p.topic, p.partition, p.log_offset, p.parked_at
from (
    select distinct i.stage, i.lane from plan_items i join parked k on k.stage = i.stage and k.item_id = i.entry_id
    where i.plan_id = $2 and i.state in ('mislukt', 'niet-gedaan')) w
    join parked p on p.lane = w.lane and p.stage = w.stage;

-- name: plan_take_again_copies
-- What failed of the copies of another plan, where it still waits, and what that plan did not come to.
{plan_item_insert}
select $1, row_number() over (order by i.number), i.stage, i.lane,
    case when p.item_id is not null then i.entry_id else i.item_id end,
    case when p.item_id is not null then i.stage else i.source end,
    case when p.item_id is not null then i.entry_id else i.item_id || '~' || $1 end,
    coalesce(p.failure_id, ''), i.kind, case when p.item_id is not null then 'geparkeerd' else 'kopie' end, 'wacht',
    i.superseded, 0, '', coalesce(p.attempts, 0), i.topic, i.partition, i.log_offset, i.at
from plan_items i left join parked p on p.stage = i.stage and p.item_id = i.entry_id
where i.plan_id = $2 and ((i.state = 'mislukt' and p.item_id is not null) or i.state = 'niet-gedaan');

-- name: plan_lanes_add
insert into plan_lanes (plan_id, stage, lane, state, first_number, last_number, next_number, flying_from, flying, turn)
select plan_id, stage, lane, 'bevroren', min(number), max(number), min(number), min(number), 0, 0
from plan_items where plan_id = $1 group by plan_id, stage, lane;

-- name: plan_guard
-- What was sent again as often as it may be is not sent again.
update plan_items set state = 'overgeslagen', note = $5
where plan_id = $1 and number between $2 and $3 and state = 'wacht' and $4 <= (select count(*) from plan_items o
    where o.item_id = plan_items.item_id and o.plan_id <> $1 and o.released_at is not null);

-- name: plan_too_old
-- Of what is not parked: the bus has let go of it by then.
update plan_items set state = 'inhoud-weg', note = $3
where plan_id = $1 and state = 'wacht' and origin = 'kopie' and at < $2
    and not exists (select 1 from parked p where p.stage = plan_items.source and p.item_id = plan_items.item_id);

-- name: plan_raw_too_old
-- Where messages are read again: an event whose message the bus has let go of, or of which no message is known.
update plan_items set state = 'inhoud-weg', note = $3
where plan_id = $1 and state = 'wacht' and source = $4
    and not exists (select 1 from inbox x where x.zaak = plan_items.lane and x.event_id = plan_items.item_id
        and x.accepted_at >= $2);

-- name: plan_newest
-- Per zaak the place of the newest event of it at the same connection that went on and was not chosen itself.
-- `|| ''`: a message is found by its id; no plan of the database reads all of a plan for each.
select b.first_number, b.last_number, (
    select max(d.log_offset) from deliveries d
    where d.zaak = b.lane and d.stage = b.source and d.state = 'afgeleverd' and d.event_id not like '%~%'
        and not exists (select 1 from plan_items o where o.item_id = d.event_id and o.plan_id || '' = b.plan_id
            and o.taken_along = 0))
from ({plan_sources}) b;

-- name: plan_newest_raw
-- The same of messages as they came in.
select b.first_number, b.last_number, (
    select max(x.log_offset) from inbox x
    where x.zaak = b.lane and x.connection = b.source and x.verdict = 'nieuw'
        and not exists (select 1 from plan_items o where o.item_id = x.message_id and o.plan_id || '' = b.plan_id
            and o.taken_along = 0))
from ({plan_sources}) b;

-- name: plan_copies
select 1 from plan_items where plan_id = $1 and origin = 'kopie' limit 1;

-- name: plan_superseded
-- What was overtaken between freezing and starting.
update plans set waiting = waiting - $2, skipped = skipped + $2, superseded_count = superseded_count + $2
where id = $1;

-- name: plan_newer
-- Zaken of which copies are sent and something newer went on that the plan does not have.
select count(*) from plan_lanes l join plans p on p.id = l.plan_id
    join plan_items f on f.plan_id = l.plan_id and f.number = l.first_number
    join plan_items e on e.plan_id = l.plan_id and e.number = l.last_number
where l.plan_id = $1 and e.origin = 'kopie' and (
    exists (select 1 from deliveries d
        where d.stage = f.source and d.log_offset > f.log_offset and {plan_beside})
    or exists (select 1 from inbox x
        where x.connection = f.source and x.log_offset > f.log_offset and {plan_beside_raw}));

-- name: plan_gone
update plan_items set state = 'inhoud-weg', note = $3 where plan_id = $1 and number = $2 and state = 'wacht';

-- name: plan_blocked
-- From where on nothing of a zaak goes: behind what can't be sent again and stays in its queue.
select (select min(i.number) from plan_items i where i.plan_id = l.plan_id
        and i.number between l.first_number and l.last_number and i.origin = 'geparkeerd'
        and i.state in ('inhoud-weg', 'overgeslagen')), l.last_number
from plan_lanes l where l.plan_id = $1;

-- name: plan_totals
select state, origin, stage, source, kind, count(*), min(at), max(at), sum(superseded), sum(taken_along)
from plan_items where plan_id = $1 group by state, origin, stage, source, kind;

-- name: plan_zaken
select count(*), max(last_number - first_number + 1) from plan_lanes where plan_id = $1;

-- name: plan_count
update plans set total = $2, zaken = $3, targets = $4, kinds = $5, oldest_at = $6, newest_at = $7,
    superseded_count = $8, taken_along = $9, waiting = $10, skipped = $11, gone = $12, not_done = $13, sources = $14
where id = $1;

-- name: plan_ready
update plans set expected_s = $2, needs_approval = $3 where id = $1;

-- name: plan_all
-- Reads all that is parked: for a person who may be about to send everything again.
select count(*) from parked where failure_id <> '';

-- name: plan_chosen
select count(*) from plan_items where plan_id = $1 and taken_along = 0 and failure_id <> '';

-- name: plan_rivals
-- Other plans that have a zaak of this one, and how many.
select o.plan_id, count(*) from plan_lanes l join plan_lanes o on o.stage = l.stage and o.lane = l.lane
    and o.state in ('vrij', 'onderweg')
where l.plan_id = $1 and o.plan_id <> $1 group by o.plan_id order by o.plan_id limit 1;

-- name: plan_lanes_begin
update plan_lanes set state = 'vrij' where plan_id = $1 and 0 < (select count(*) from plan_items i
    where i.plan_id = plan_lanes.plan_id and i.number between plan_lanes.first_number and plan_lanes.last_number
        and i.state = 'wacht');

-- name: plan_copies_add
-- In front of what waits there: it came before it. The content follows when the plan comes to it.
insert into parked (stage, lane, item_id, kind, topic, partition, log_offset, value, headers, state, attempts, next_at,
    receipts, failure_id, seq, parked_at)
select i.stage, i.lane, i.entry_id, i.kind, i.topic, i.partition, i.log_offset, $5, $6, 'wacht-op-herhaalplan', 0,
    cast($4 as timestamptz), '{}', '',
    coalesce((select min(q.seq) from parked q where q.lane = l.lane and q.stage = l.stage), 1)
        - (l.last_number - i.number + 1),
    cast($4 as timestamptz)
from plan_items i join plan_lanes l on l.plan_id = i.plan_id and l.stage = i.stage and l.lane = i.lane
where i.plan_id = $1 and i.number between $2 and $3 and i.state = 'wacht' and i.origin = 'kopie'
on conflict do nothing;

-- name: plan_fronts
-- What is parked already and goes before the copies of its zaak: where it must stand.
select b.stage, b.entry_id, b.seq from (
    select l.stage,
        (select i.entry_id from plan_items i where i.plan_id = l.plan_id and i.number = l.first_number
            and i.origin = 'geparkeerd') as entry_id,
        (select k.origin from plan_items k where k.plan_id = l.plan_id and k.number = l.last_number) as last_origin,
        (select min(q.seq) - 1 from parked q where q.lane = l.lane and q.stage = l.stage) as seq
    from plan_lanes l where l.plan_id = $1) b
where b.entry_id is not null and b.last_origin = 'kopie';

-- name: plan_hold
update parked set state = 'wacht-op-herhaalplan'
from plan_items i
where i.plan_id = $1 and i.number between $2 and $3 and i.state = 'wacht' and i.origin = 'geparkeerd'
    and parked.stage = i.stage and parked.item_id = i.entry_id;

-- name: plan_overtaken
-- Whether the copy (`l`) that a plan made would undo something newer; elsewhere than at its own target nothing does.
select 1 from plans p join plan_items l on l.plan_id || '' = p.id and l.item_id = $2
where p.id = $1 and l.stage = $3 and l.entry_id = $4 and l.origin = 'kopie' and p.redirect = ''
    and p.superseded <> 'herhalen' and (
        exists (select 1 from deliveries d where d.stage = l.stage and d.log_offset > l.log_offset and {plan_beside})
        or exists (select 1 from inbox x
            where x.connection = l.stage and x.log_offset > l.log_offset and {plan_beside_raw}));

-- name: plan_landed
-- What was released and has an outcome: it left the queue, or it was tried and is there still.
select {plan_item_columns}, p.state, d.state, p.failure_id, f.code, l.last_number
from plan_items i join plan_lanes l on l.plan_id = i.plan_id and l.stage = i.stage and l.lane = i.lane
    left join parked p on p.stage = i.stage and p.item_id = i.entry_id
    left join deliveries d on d.stage = i.stage and d.event_id = i.entry_id
    left join failures f on f.id = p.failure_id
where i.plan_id = $1 and i.state = 'onderweg' and (p.item_id is null or p.attempts > i.attempts)
order by i.number limit $2;

-- name: plan_has_lane
select 1 from plan_lanes where plan_id = $1 and state = $2 limit 1;

-- name: plan_lease
update plans set holder = $2, leased_until = $4
where id = $1 and (state = 'loopt' or released > 0) and (holder = $2 or leased_until < $3);

-- name: plan_holds
-- Renews the lease; no row when another has it, or the plan does not stand as `$3` says (any more).
update plans set leased_until = $5 where id = $1 and holder = $2 and (state = $3 or $3 = '') and leased_until >= $4;

-- name: plan_moved
-- Of a step that goes on differences: whoever let the plan go on meanwhile began to count anew.
update plans set step = step + $2, step_released = case when $2 > 0 then 0 else step_released end + $3,
    step_delivered = case when $2 > 0 then 0 else step_delivered end + $4,
    step_failed = case when $2 > 0 then 0 else step_failed end + $5,
    waiting = waiting + $6, released = released + $7, delivered = delivered + $8, failed = failed + $9,
    skipped = skipped + $10, gone = gone + $11, not_done = not_done + $12, paced_at = $13, changed_at = $14
where id = $1;

-- name: plan_state
update plans set state = $3, state_reason = $4, changed_at = $5 where id = $1 and state = $2;

-- name: plan_fresh
-- Who lets a plan go on has seen what failed: the step counts anew.
update plans set step_delivered = 0, step_failed = 0, paced_at = $2 where id = $1;

-- name: plan_approve
update plans set approved_by = $2, changed_at = $3 where id = $1 and approved_by = '' and state = 'bevroren';

-- name: plan_cancel_give_back
update parked as p set state = {planned_state}
from plan_items i
where i.plan_id = $1 and i.number between $2 and $3 and i.state = 'wacht' and i.origin = 'geparkeerd'
    and p.stage = i.stage and p.item_id = i.entry_id;

-- name: plan_cancel_promote
-- What waits behind a message that went on meanwhile is the first now.
update parked as p set state = 'wacht-op-poging', next_at = $2
where p.state = 'wacht-op-voorganger'
    and (p.stage, p.lane) in (select l.stage, l.lane from plan_lanes l where l.plan_id = $1 and l.state in ('vrij', 'onderweg'))
    and p.seq = (select min(q.seq) from parked q where q.lane = p.lane and q.stage = p.stage);

-- name: plan_cancel_items
update plan_items set state = 'niet-gedaan', note = $4, ended_at = cast($5 as timestamptz)
where plan_id = $1 and number between $2 and $3 and state = 'wacht';

-- name: plan_cancel_lanes
update plan_lanes set state = case when state = 'onderweg' then state else 'gestopt' end,
    last_number = case when state = 'onderweg' then next_number - 1 else last_number end
where plan_id = $1 and state in ('vrij', 'onderweg', 'bevroren');

-- name: plan_cancelled
update plans set not_done = not_done + waiting, waiting = 0 where id = $1;

-- name: plan_of_lane
select plan_id from plan_lanes where stage = $1 and lane = $2 and state in ('vrij', 'onderweg');

-- name: plan_message
-- Where the message lies of which an event was made.
select connection, kind, topic, partition, log_offset from inbox where message_id = $1 and verdict = 'nieuw'
order by accepted_at limit 1;
