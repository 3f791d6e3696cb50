-- What is wrong with a connection, and who is to be told; one of a kind is open at a time.
create table alerts (
    id text primary key,
    kind text not null,
    connection text not null,
    degree text not null,
    opened_at timestamptz not null,
    detail text not null,
    closed_at timestamptz
);
create unique index alerts_open on alerts (kind, connection, degree) where closed_at is null;
create index alerts_time on alerts (opened_at);

-- That a channel is to be told that an alert opened (`is_over` 0) or is over (1).
create table notices (
    alert_id text not null,
    channel text not null,
    is_over bigint not null,
    attempts bigint not null,
    next_at timestamptz not null,
    told_at timestamptz,
    primary key (alert_id, channel, is_over)
);
create index notices_due on notices (next_at) where told_at is null;
