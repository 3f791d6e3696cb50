-- What a target says later of an event that it had acknowledged long ago.
create index deliveries_event on deliveries (event_id);

create table confirmations (
    stage text not null,
    event_id text not null,
    zaak text not null,
    said text not null,
    said_at timestamptz not null,
    primary key (stage, event_id, said)
);
create index confirmations_zaak on confirmations (zaak);
