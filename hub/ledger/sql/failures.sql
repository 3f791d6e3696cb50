-- Statements about failures. `$1` of those that list or count is which connections may be seen: `*` stands for all.

-- part: failure_columns
f.id, f.stage, f.item_id, f.kind, f.zaak, f.state, f.code, f.reason, f.fault, f.advice, f.location, f.revision,
    f.attempts, f.first_at, f.last_at, f.next_at, f.edited_at, f.target, f.fingerprint,
    coalesce(nullif(g.merged_into, ''), f.group_id)

-- part: failures_grouped
failures f left join failure_groups g on g.id = f.group_id

-- part: failure_criteria
{failure_of_stages} and ($2 = '' or f.state = $2) and ($3 = '' or f.code = $3) and ($4 = '' or f.kind = $4)
    and ($5 = '' or f.zaak = $5) and ($6 = '' or f.group_id = $6 or g.merged_into = $6)
    and f.last_at >= $7 and f.last_at < $8 and ($9 = '' or lower(f.reason) like $9 escape '\')
    and ($10 = 0 or f.state <> 'opgelost')

-- part: failures_in_order
(f.last_at, f.id) < ($11, $12) order by f.last_at desc, f.id desc limit $13

-- part: members_of_group
select m.id from failure_groups m where m.id = $6 or m.merged_into = $6

-- name: failures_all
select {failure_columns} from {failures_grouped} where {failure_criteria} and {failures_in_order};

-- name: failures_waiting
select {failure_columns} from {failures_grouped}
where f.state <> 'opgelost' and {failure_criteria} and {failures_in_order};

-- name: failures_of_group
select {failure_columns} from {failures_grouped}
where f.group_id in ({members_of_group}) and {failure_criteria} and {failures_in_order};

-- name: failures_of_zaak
select {failure_columns} from {failures_grouped} where f.zaak = $5 and {failure_criteria} and {failures_in_order};

-- name: count_all
select count(*) from {failures_grouped} where {failure_criteria};

-- name: count_waiting
select count(*) from {failures_grouped} where f.state <> 'opgelost' and {failure_criteria};

-- name: count_of_group
select count(*) from {failures_grouped} where f.group_id in ({members_of_group}) and {failure_criteria};

-- name: count_of_zaak
select count(*) from {failures_grouped} where f.zaak = $5 and {failure_criteria};

-- name: failure
select {failure_columns} from {failures_grouped} where f.id = $1;

-- name: failures_by_beginning
-- Reads all failures: for people, who type it. substr and not like: an id may hold a wildcard. Two rows are enough to
-- see that it is ambiguous.
select {failure_columns} from {failures_grouped} where substr(f.id, 1, length(cast($1 as text))) = $1 limit 2;

-- name: failure_edited
update failures set edited_at = $2 where id = $1;

-- name: failure_retrying
update failures set state = 'probeert-opnieuw', next_at = $2 where id = $1;

-- name: trace
select failure_id, explained_at, revision, content from traces where failure_id = $1;

-- name: request
select failure_id, made_at, revision, gives, is_json, content from requests where failure_id = $1;
