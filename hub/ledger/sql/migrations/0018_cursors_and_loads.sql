-- Up to when a source was looked through wholly, by the connection that looks.
create table cursors (
    connection text primary key,
    looked_until timestamptz not null
);

-- Initial loads: a file of which every line becomes a message. `offered` lines of it are at the door, of which `wrong`
-- could not be read; what became of the others stands where it stands for every message.
create table loads (
    id text primary key,
    connection text not null,
    lines bigint not null,
    offered bigint not null,
    wrong bigint not null,
    begun_at timestamptz not null,
    begun_by text not null,
    reason text not null
);
create index loads_time on loads (begun_at, id);
