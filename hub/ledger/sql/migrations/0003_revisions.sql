-- Which mappings a connection ran, runs and is about to run. What each table is for stands in ../schema.sql.

create table revisions (
    connection text not null,
    number bigint not null,
    revision text not null,
    files bytea not null,
    state text not null,
    restores bigint not null,
    made_at timestamptz not null,
    made_by text not null,
    reason text not null,
    changed_at timestamptz not null,
    note text not null,
    primary key (connection, number)
);
create unique index revisions_one on revisions (connection, state) where state in ('voorbereid', 'actief');

create table workers (
    worker text not null,
    connection text not null,
    running bigint not null,
    seen_at timestamptz not null,
    primary key (worker, connection)
);

create table acknowledgements (
    connection text not null,
    number bigint not null,
    worker text not null,
    answer text not null,
    reason text not null,
    answered_at timestamptz not null,
    primary key (connection, number, worker)
);
