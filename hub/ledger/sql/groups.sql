-- Statements about groups of failures. `$1` of those that list is which connections may be seen: `*` stands for all.

-- part: group_columns
g.id, g.stage, g.code, g.reason, g.fault, g.location, g.target, g.revision, g.advice, g.note, g.owner, g.link,
    g.changed_at

-- part: group_text
($2 = '' or lower(g.reason) like $2 escape '\' or lower(g.code) like $2 escape '\' or lower(g.note) like $2 escape '\')

-- name: groups
-- First per group and zaak, straight from the index; then over the groups that people merged.
select {group_columns}, w.opened, w.retrying, w.zaken, w.first_at, w.last_at
from (
    select coalesce(nullif(m.merged_into, ''), p.group_id) as group_id, cast(sum(p.opened) as bigint) as opened,
        cast(sum(p.retrying) as bigint) as retrying, count(distinct p.zaak) as zaken, min(m.first_at) as first_at,
        max(p.last_at) as last_at
    from (
        select f.group_id, f.zaak, count(*) filter (where f.state = 'open') as opened,
            count(*) filter (where f.state = 'probeert-opnieuw') as retrying, max(f.last_at) as last_at
        from failures f where f.state <> 'opgelost' and {failure_of_stages} group by f.group_id, f.zaak
    ) p join failure_groups m on m.id = p.group_id
    group by coalesce(nullif(m.merged_into, ''), p.group_id)
) w join failure_groups g on g.id = w.group_id
where {group_text} and ($3 = '' or ($3 = 'open' and w.opened > 0) or ($3 = 'probeert-opnieuw' and w.retrying > 0))
    and (w.last_at, g.id) < ($4, $5)
order by w.last_at desc, g.id desc limit $6;

-- name: groups_resolved
select {group_columns}, 0, 0, 0, g.first_at, coalesce(
    (select max(f.last_at) from failures f where f.group_id = g.id), g.first_at)
from failure_groups g
where g.merged_into = '' and {group_of_stages} and {group_text}
    and g.id not in (
        select coalesce(nullif(m.merged_into, ''), w.group_id)
        from (select distinct f.group_id from failures f where f.state <> 'opgelost') w
            join failure_groups m on m.id = w.group_id)
    and (g.first_at, g.id) < ($3, $4)
order by g.first_at desc, g.id desc limit $5;

-- name: group_by_id
-- Of one that was merged: the group that it is in.
select {group_columns}, coalesce(w.opened, 0), coalesce(w.retrying, 0), coalesce(w.zaken, 0), g.first_at,
    coalesce(w.last_at, g.first_at)
from failure_groups g left join (
    select count(*) filter (where f.state = 'open') as opened,
        count(*) filter (where f.state = 'probeert-opnieuw') as retrying,
        count(distinct case when f.state <> 'opgelost' then f.zaak end) as zaken, max(f.last_at) as last_at
    from failures f where f.group_id in (
        select m.id from failure_groups m where m.id = (
            select coalesce(nullif(a.merged_into, ''), a.id) from failure_groups a where a.id = $1)
        union all
        select m.id from failure_groups m where m.merged_into = (
            select coalesce(nullif(a.merged_into, ''), a.id) from failure_groups a where a.id = $1))
) w on 1 = 1
where g.id = (select coalesce(nullif(a.merged_into, ''), a.id) from failure_groups a where a.id = $1);

-- name: group_changed
update failure_groups set note = $2, owner = $3, link = $4, changed_at = $5 where id = $1;

-- name: group_merged
update failure_groups set merged_into = $2, changed_at = $3 where id = $1 or merged_into = $1;

-- name: group_split
insert into failure_groups (id, stage, code, reason, fault, location, target, revision, advice, first_at, note, owner,
    link, merged_into, changed_at)
select $1, f.stage, f.code, f.reason, f.fault, f.location, f.target, f.revision, f.advice, f.first_at, '', '', '', '',
    cast($3 as timestamptz)
from failures f where f.id = $2;

-- name: failure_moved
update failures set group_id = $2
where id = $1 and group_id in (select m.id from failure_groups m where m.id = $3 or m.merged_into = $3);
