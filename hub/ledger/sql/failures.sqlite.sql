-- Statements about failures that take lists, for SQLite (see core.sqlite.sql).

-- part: failure_of_stages
exists (select 1 from json_each($1) s where json_extract(s.value, '$[0]') in ('*', f.stage))

-- name: failures_by_ids
select {failure_columns} from json_each($1) k cross join {failures_grouped} where f.id = json_extract(k.value, '$[0]');

-- name: failure_put
-- What a person split off stays there while it looks the same.
insert into failures (id, stage, item_id, kind, zaak, state, code, reason, fault, advice, location, revision, attempts,
    first_at, last_at, next_at, edited_at, target, fingerprint, group_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
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
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', '', '', $10)
on conflict do nothing;

-- name: trace_put
insert into traces (failure_id, explained_at, revision, content) values ($1, $2, $3, $4)
on conflict (failure_id) do update set
    explained_at = excluded.explained_at, revision = excluded.revision, content = excluded.content;

-- name: request_put
insert into requests (failure_id, made_at, revision, gives, is_json, content) values ($1, $2, $3, $4, $5, $6)
on conflict (failure_id) do update set made_at = excluded.made_at, revision = excluded.revision,
    gives = excluded.gives, is_json = excluded.is_json, content = excluded.content;
