-- Stages that are shut: by a person, or by the hub itself because too much failed. A stage has one of each kind at most.
create table pauses (
    stage text not null,
    kind text not null,
    paused_by text not null,
    reason text not null,
    since timestamptz not null,
    until timestamptz,
    probe_at timestamptz,
    probes bigint not null,
    primary key (stage, kind)
);

-- How a stage is doing, in the last words of each worker on it.
create table vitals (
    worker text not null,
    stage text not null,
    at timestamptz not null,
    lag bigint not null,
    backlog bigint not null,
    oldest_at timestamptz,
    went_on bigint not null,
    failed bigint not null,
    window_ms bigint not null,
    breaker text not null,
    certificate_ends_at timestamptz,
    primary key (stage, worker)
);
