-- What a sender is still to be told of its messages, after it was acknowledged.
create table reports (
    connection text not null,
    message_id text not null,
    done bigint not null,
    code text not null,
    reason text not null,
    at timestamptz not null,
    attempts bigint not null,
    next_at timestamptz not null,
    ended_at timestamptz,
    primary key (connection, message_id, done)
);
create index reports_due on reports (connection, next_at) where ended_at is null;
