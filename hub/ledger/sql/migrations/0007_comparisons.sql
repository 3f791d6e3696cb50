-- What came of the same message in an old system and here, while a municipality moves from the one to the other.
create table comparisons (
    connection text not null,
    message_id text not null,
    kind text not null,
    zaaktype text not null,
    zaak text not null,
    verdict text not null,
    code text not null,
    differences text not null,
    compared_at timestamptz not null,
    primary key (connection, message_id)
);
create index comparisons_verdict on comparisons (connection, verdict, compared_at);
