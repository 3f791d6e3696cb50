-- What a gateway asks while a sender waits: what became of one message, and a number that nobody else has.
create index inbox_message on inbox (message_id);

create table numbers (
    counter text primary key,
    value bigint not null
);

create table reservations (
    connection text not null,
    sender text not null,
    reference text not null,
    soort text not null,
    number text not null,
    reserved_at timestamptz not null,
    primary key (connection, sender, reference, soort)
);
