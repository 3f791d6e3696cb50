-- The audit: append-only (triggers refuse the rest), each line with the hash of the one before it.

-- part: audit_columns
number, done_at, done_by, act, done_to, failure_id, reason, detail, previous, hash

-- part: audit_criteria
($2 = '' or done_by = $2) and ($3 = '' or act = $3) and done_at >= $4 and done_at < $5

-- name: audit_add
insert into audit ({audit_columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (done_at, done_by, act, done_to, failure_id) do nothing;

-- name: audit_last
select number, hash from audit order by number desc limit 1;

-- name: audit_after
select {audit_columns} from audit where number > $1 and {audit_criteria} order by number limit $6;

-- name: audit_before
select {audit_columns} from audit where number < $1 and {audit_criteria} order by number desc limit $6;

-- name: audit_unmirrored
select {audit_columns} from audit where number > (select number from audit_mirror) order by number limit $1;

-- name: audit_mirrored
update audit_mirror set number = $1 where number < $1;
