-- Beside a failure stands how the mapping came to what it gave. What the table is for stands in ../schema.sql.

create table traces (
    failure_id text primary key,
    explained_at timestamptz not null,
    revision text not null,
    content bytea not null
);
