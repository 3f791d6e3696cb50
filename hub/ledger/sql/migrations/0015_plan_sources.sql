-- The connections that the messages of a plan are of: where it is redirected, others than where they go. Whoever may not
-- see those may not see the plan.
alter table plans add column sources text default '[]' not null;
