-- Statements about failures that take lists, for PostgreSQL (see core.postgres.sql).

-- part: failure_of_stages
('*' = any ($1::text[]) or f.stage = any ($1::text[]))

-- name: failures_by_ids
select {failure_columns} from {failures_grouped} where f.id = any ($1::text[]);

-- name: failure_put
-- What a person split off stays there while it looks the same.
insert into failures (id, stage, item_id, kind, zaak, state, code, reason, fault, advice, location, revision, attempts,
    first_at, last_at, next_at, edited_at, target, fingerprint, group_id)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::timestamptz[], $15::timestamptz[],
    $16::timestamptz[], $17::timestamptz[], $18::text[], $19::text[], $20::text[])
on conflict (id) do update set
    stage = excluded.stage, item_id = excluded.item_id, kind = excluded.kind, zaak = excluded.zaak,
    state = excluded.state, code = excluded.code, reason = excluded.reason, fault = excluded.fault,
    advice = excluded.advice, location = excluded.location, revision = excluded.revision,
    attempts = excluded.attempts, last_at = excluded.last_at, next_at = excluded.next_at, target = excluded.target,
    fingerprint = excluded.fingerprint,
    group_id = case when failures.fingerprint = excluded.fingerprint then failures.group_id else excluded.group_id end;

-- name: group_add
insert into failure_groups (id, stage, code, reason, fault, location, target, revision, advice, first_at, note, owner,
    link, merged_into, changed_at)
select n.id, n.stage, n.code, n.reason, n.fault, n.location, n.target, n.revision, n.advice, n.first_at, '', '', '', '',
    n.first_at
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::timestamptz[]) n (id, stage, code, reason, fault, location, target, revision, advice, first_at)
on conflict do nothing;

-- name: trace_put
insert into traces (failure_id, explained_at, revision, content)
select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::bytea[])
on conflict (failure_id) do update set
    explained_at = excluded.explained_at, revision = excluded.revision, content = excluded.content;

-- name: request_put
insert into requests (failure_id, made_at, revision, gives, is_json, content)
select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::bigint[], $6::bytea[])
on conflict (failure_id) do update set made_at = excluded.made_at, revision = excluded.revision,
    gives = excluded.gives, is_json = excluded.is_json, content = excluded.content;
