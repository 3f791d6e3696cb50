-- The whole schema of the ledger, for reading. The program never runs this file: it runs the migrations, and a test
-- proves that the two come to the same thing.
--
-- One text for both databases. PostgreSQL takes the types as they stand; SQLite takes them as affinities and keeps
-- times as whole microseconds since 1970 (its own date functions are text and lose the microseconds).
-- Lengths are not limited here: hub/config/policy.py limits what comes in.

create table migrations (
    number bigint primary key,
    name text not null,
    applied_at timestamptz not null
);

-- What came in. A row with a reference is known by it for ever (StUF 03.01 §4.3); one without is known by its place.
create table inbox (
    connection text not null,
    sender text not null,
    reference text not null,
    message_id text not null,
    content_hash text not null,
    event_id text not null,
    kind text not null,
    zaak text not null,
    topic text not null,
    partition bigint not null,
    log_offset bigint not null,
    verdict text not null,
    accepted_at timestamptz not null
);
create unique index inbox_key on inbox (connection, sender, reference) where reference <> '';
create unique index inbox_place on inbox (topic, partition, log_offset) where reference = '';
create index inbox_zaak on inbox (zaak);
create index inbox_message on inbox (message_id);

-- The latest effect of everything that has effects: what a resend under a new reference is compared with.
create table effects (
    effect_key text primary key,
    effect_hash text not null,
    event_id text not null,
    topic text not null,
    partition bigint not null,
    log_offset bigint not null
);

-- The highest offset that each stage has handed out, per partition; -1 while nothing was.
create table fences (
    stage text not null,
    topic text not null,
    partition bigint not null,
    fetched bigint not null,
    primary key (stage, topic, partition)
);

create table deliveries (
    stage text not null,
    event_id text not null,
    kind text not null,
    zaak text not null,
    state text not null,
    topic text not null,
    partition bigint not null,
    log_offset bigint not null,
    attempts bigint not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    receipts text not null,
    primary key (stage, event_id)
);
create index deliveries_zaak on deliveries (zaak);
create index deliveries_event on deliveries (event_id);

-- That a target has the whole effect of an event, said after it had acknowledged it: `said` is the message it said it in.
create table confirmations (
    stage text not null,
    event_id text not null,
    zaak text not null,
    said text not null,
    said_at timestamptz not null,
    primary key (stage, event_id, said)
);
create index confirmations_zaak on confirmations (zaak);

-- The queues of parked zaken. `seq` orders a lane: PostgreSQL draws it from its sequence, SQLite (which reads bigserial
-- as a plain number) counts on from the end of the lane.
create table parked (
    stage text not null,
    lane text not null,
    item_id text not null,
    kind text not null,
    topic text not null,
    partition bigint not null,
    log_offset bigint not null,
    value bytea not null,
    headers bytea not null,
    state text not null,
    attempts bigint not null,
    next_at timestamptz not null,
    receipts text not null,
    failure_id text not null,
    seq bigserial not null,
    parked_at timestamptz not null,
    edited_at timestamptz,
    primary key (stage, item_id)
);
create unique index parked_lane on parked (lane, stage, seq);
create index parked_due on parked (stage, next_at) where state = 'wacht-op-poging';

-- Parked records as they were before the first edit.
create table originals (
    stage text not null,
    item_id text not null,
    value bytea not null,
    headers bytea not null,
    edited_at timestamptz not null,
    primary key (stage, item_id)
);

create table failures (
    id text primary key,
    stage text not null,
    item_id text not null,
    kind text not null,
    zaak text not null,
    state text not null,
    code text not null,
    reason text not null,
    fault text not null,
    advice text not null,
    location text not null,
    revision text not null,
    attempts bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    next_at timestamptz,
    edited_at timestamptz
);
create index failures_time on failures (last_at);
create index failures_state on failures (state, last_at);
create index failures_stage on failures (stage, state, last_at);
create index failures_zaak on failures (zaak);

-- How the mapping of the last explained attempt came to each field: values of the message, so personal data. It is kept
-- here and nowhere else.
create table traces (
    failure_id text primary key,
    explained_at timestamptz not null,
    revision text not null,
    content bytea not null
);

create table operator_acts (
    failure_id text not null,
    act text not null,
    done_by text not null,
    reason text not null,
    done_at timestamptz not null,
    primary key (failure_id, done_at, act)
);

create table refusals (
    connection text not null,
    message_id text not null,
    code text not null,
    reason text not null,
    path text not null,
    line bigint not null,
    size_bytes bigint not null,
    refused_at timestamptz not null
);
create index refusals_time on refusals (refused_at);

-- Which mappings a connection ran, runs and is about to run: `files` is everything that a revision is compiled from.
-- At most one of a connection is prepared and at most one is active. `restores` is the number that a rollback brought
-- back, else 0.
create table revisions (
    connection text not null,
    number bigint not null,
    revision text not null,
    files bytea not null,
    state text not null,
    restores bigint not null,
    made_at timestamptz not null,
    made_by text not null,
    reason text not null,
    changed_at timestamptz not null,
    note text not null,
    primary key (connection, number)
);
create unique index revisions_one on revisions (connection, state) where state in ('voorbereid', 'actief');

-- The workers that say they live, per connection that they work on; `running` is the number of the revision they run.
create table workers (
    worker text not null,
    connection text not null,
    running bigint not null,
    seen_at timestamptz not null,
    primary key (worker, connection)
);

-- What each worker says of a revision that is prepared: it has it ready, or it refuses and why.
create table acknowledgements (
    connection text not null,
    number bigint not null,
    worker text not null,
    answer text not null,
    reason text not null,
    answered_at timestamptz not null,
    primary key (connection, number, worker)
);

-- The last value given out per counter: what stands around the number in the template is the counter.
create table numbers (
    counter text primary key,
    value bigint not null
);

-- Numbers that were given out, by the message that asked: who asks again under the same reference gets the same number.
create table reservations (
    connection text not null,
    sender text not null,
    reference text not null,
    soort text not null,
    number text not null,
    reserved_at timestamptz not null,
    primary key (connection, sender, reference, soort)
);

-- What a sender is still to be told of its messages, after it was acknowledged: `done` is 1 when the target has it, 0
-- when it was refused. `ended_at` is when the sender was told, or when that was given up.
-- `sender` to `zaak` are of a message that ended before it was in the inbox; else they stand there.
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
    sender text not null default '',
    reference text not null default '',
    kind text not null default '',
    zaak text not null default '',
    primary key (connection, message_id, done)
);
create index reports_due on reports (connection, next_at) where ended_at is null;

-- What came of the same message in an old system and here, while a municipality moves from the one to the other:
-- `differences` names fields, never their values.
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
