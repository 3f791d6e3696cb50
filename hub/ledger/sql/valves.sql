-- Statements about pauses; both databases understand them as they stand.

-- name: pauses
select stage, kind, paused_by, reason, since, until, probe_at, probes from pauses order by stage, kind;

-- name: pause_by_person
insert into pauses (stage, kind, paused_by, reason, since, until, probe_at, probes)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (stage, kind) do update set
    paused_by = excluded.paused_by, reason = excluded.reason, since = excluded.since, until = excluded.until;

-- name: pause_by_hub
insert into pauses (stage, kind, paused_by, reason, since, until, probe_at, probes)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (stage, kind) do nothing;

-- name: pause_ended
delete from pauses where stage = $1 and kind = $2 and since = $3;

-- name: probe_claimed
update pauses set probe_at = $5, probes = probes + 1
where stage = $1 and kind = $2 and since = $3 and probe_at <= $4;

-- name: probe_failed
update pauses set probe_at = $4 where stage = $1 and kind = $2 and since = $3;
