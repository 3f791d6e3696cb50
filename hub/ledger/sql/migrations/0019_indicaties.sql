-- Whom a receiver follows: a person hashed, to be compared, and sealed, to be told by who has the key.
create table indicaties (
    connection text not null,
    person text not null,
    sealed text not null,
    placed_at timestamptz not null,
    placed_by text not null,
    reason text not null,
    ends_at timestamptz,
    primary key (connection, person)
);
create index indicaties_list on indicaties (connection, placed_at, person);
