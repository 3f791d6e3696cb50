-- Statements that compare whom two connections tell of; both databases understand them as they stand.

-- part: told_of
select subject, max(case when connection = $1 then 1 else 0 end) as here,
    max(case when connection = $2 then 1 else 0 end) as there, max(accepted_at) as last_at
from inbox
where connection in ($1, $2) and verdict = 'nieuw' and subject <> '' and accepted_at >= $3 and accepted_at < $4
group by subject

-- name: shadow_counts
select coalesce(sum(here * there), 0), coalesce(sum(here * (1 - there)), 0), coalesce(sum((1 - here) * there), 0)
from ({told_of}) t;

-- name: shadow_unlike
select subject, here, last_at from ({told_of}) t where here + there = 1 order by last_at desc, subject limit $5;
