-- Who is at the console. The key is a hash of what the browser holds: who reads this table cannot go in with it.
create table visits (
    visit_key text primary key,
    name text not null,
    way text not null,
    gemeente text not null,
    member_of text not null,
    sealed bytea not null,
    began_at timestamptz not null,
    seen_at timestamptz not null,
    ends_at timestamptz not null
);
create index visits_end on visits (ends_at);

-- Until when a session may see the content of a message.
create table unmaskings (
    session text not null,
    message text not null,
    ends_at timestamptz not null,
    primary key (session, message)
);
create index unmaskings_end on unmaskings (ends_at);

-- What was answered to a request under a key of its sender; no status while it is being answered.
create table answers (
    who text not null,
    answer_key text not null,
    asked text not null,
    began_at timestamptz not null,
    status bigint,
    headers text,
    body bytea,
    primary key (who, answer_key)
);
create index answers_time on answers (began_at);
