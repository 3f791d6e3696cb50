-- Statements about alerts; both databases understand them as they stand.

-- name: alerts
select id, kind, connection, degree, opened_at, detail, closed_at from alerts
where (opened_at, id) < ($1, $2) order by opened_at desc, id desc limit $3;

-- name: alerts_open
select id, kind, connection, degree, opened_at, detail, closed_at from alerts
where closed_at is null and (opened_at, id) < ($1, $2) order by opened_at desc, id desc limit $3;

-- name: alert_open
insert into alerts (id, kind, connection, degree, opened_at, detail) values ($1, $2, $3, $4, $5, $6)
on conflict do nothing;

-- name: alert_close
update alerts set closed_at = $2 where id = $1 and closed_at is null;

-- name: notice_add
insert into notices (alert_id, channel, is_over, attempts, next_at) values ($1, $2, $3, 0, $4)
on conflict do nothing;

-- name: notices_due
select a.id, a.kind, a.connection, a.degree, a.opened_at, a.detail, a.closed_at, n.channel, n.is_over, n.attempts
from notices n join alerts a on a.id = n.alert_id
where n.told_at is null and n.next_at <= $1 order by a.opened_at, a.id, n.is_over, n.channel limit $2;

-- name: notice_told
update notices set told_at = $4 where alert_id = $1 and channel = $2 and is_over = $3;

-- name: notice_later
update notices set attempts = attempts + 1, next_at = $4 where alert_id = $1 and channel = $2 and is_over = $3;

-- name: notices_told
select distinct channel from notices where alert_id = $1 and told_at is not null order by channel;

-- name: last_arrival
select accepted_at from inbox where connection = $1 order by accepted_at desc limit 1;
