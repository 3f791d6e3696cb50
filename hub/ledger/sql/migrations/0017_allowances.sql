-- What was taken of the limits of a source, by what it knows us by: tokens of a day, in JSON those of the last slots of a
-- second, and until when it takes nothing because it said so.
create table allowances (
    name text primary key,
    day text not null,
    taken bigint not null,
    slots text not null,
    shut_until timestamptz
);
