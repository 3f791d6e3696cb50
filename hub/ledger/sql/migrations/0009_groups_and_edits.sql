-- Failures that look alike stand in groups; what was to be sent is kept beside them; corrections are proposed first.
-- A group of its own for every kind of failure so far: what they have in common beside their words is known.
create table failure_groups (
    id text primary key,
    stage text not null,
    code text not null,
    reason text not null,
    fault text not null,
    location text not null,
    target text not null,
    revision text not null,
    advice text not null,
    first_at timestamptz not null,
    note text not null,
    owner text not null,
    link text not null,
    merged_into text not null,
    changed_at timestamptz not null
);
create index failure_groups_merged on failure_groups (merged_into);
create index failure_groups_time on failure_groups (first_at, id);

insert into failure_groups (id, stage, code, reason, fault, location, target, revision, advice, first_at, note, owner,
    link, merged_into, changed_at)
select min(id), stage, code, min(reason), min(fault), location, '', revision, min(advice), min(first_at), '', '', '', '',
    min(first_at)
from failures group by stage, code, location, revision;

alter table failures add column target text not null default '';
alter table failures add column fingerprint text not null default '';
alter table failures add column group_id text not null default '';

update failures set group_id = (select g.id from failure_groups g where g.stage = failures.stage
    and g.code = failures.code and g.location = failures.location and g.revision = failures.revision);

drop index failures_time;
drop index failures_stage;
create index failures_time on failures (last_at, id);
create index failures_group on failures (group_id, last_at, id);
create index failures_waiting on failures (last_at, id) where state <> 'opgelost';
create index failures_counted on failures (group_id, zaak, stage, state, last_at) where state <> 'opgelost';

create table requests (
    failure_id text primary key,
    made_at timestamptz not null,
    revision text not null,
    gives text not null,
    is_json bigint not null,
    content bytea not null
);

create table edits (
    id text primary key,
    failure_id text not null,
    stage text not null,
    item_id text not null,
    part text not null,
    state text not null,
    base text not null,
    content_before bytea not null,
    content_after bytea not null,
    made_by text not null,
    made_at timestamptz not null,
    reason text not null,
    approved_by text not null,
    said text not null,
    ended_at timestamptz
);
create index edits_failure on edits (failure_id, made_at);
create index edits_waiting on edits (stage, item_id) where ended_at is null;
