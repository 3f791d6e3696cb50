-- Who somebody is, beside what they are called: two people may share a name, and a name may pass to another. Empty in
-- what was made before this was kept.
alter table visits add column person_id text default '' not null;
alter table edits add column made_by_id text default '' not null;
alter table plans add column made_by_id text default '' not null;
