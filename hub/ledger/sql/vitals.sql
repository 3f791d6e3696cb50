-- Statements about how stages are doing; both databases understand them as they stand.

-- name: vital_put
insert into vitals (worker, stage, at, lag, backlog, oldest_at, went_on, failed, window_ms, breaker,
    certificate_ends_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (stage, worker) do update set
    at = excluded.at, lag = excluded.lag, backlog = excluded.backlog, oldest_at = excluded.oldest_at,
    went_on = excluded.went_on, failed = excluded.failed, window_ms = excluded.window_ms, breaker = excluded.breaker,
    certificate_ends_at = excluded.certificate_ends_at;

-- name: vitals_forgotten
delete from vitals where at < $1;

-- name: vitals_dropped
delete from vitals where worker = $1;

-- name: vitals
select worker, stage, at, lag, backlog, oldest_at, went_on, failed, window_ms, breaker, certificate_ends_at
from vitals where at >= $1 order by stage, worker;

-- name: waiting_failures
select stage, state, count(*) from failures where state in ('open', 'probeert-opnieuw') group by stage, state;

-- name: waiting_parked
-- What has nothing wrong with it and is to be asked about later, waits from then on.
select stage, count(*), count(distinct lane), min(case when failure_id = '' and state = 'wacht-op-poging'
    then next_at else parked_at end) from parked
where not (state = 'wacht-op-poging' and failure_id = '' and next_at > $1) group by stage;
