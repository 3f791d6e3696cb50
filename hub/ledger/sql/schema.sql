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
-- `remarks` and `unread` name fields, never their values.
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
    accepted_at timestamptz not null,
    subject text not null default '',
    event_type text not null default '',
    revision text not null default '',
    remarks text not null default '',
    unread text not null default '',
    translated_at timestamptz
);
create unique index inbox_key on inbox (connection, sender, reference) where reference <> '';
create unique index inbox_place on inbox (topic, partition, log_offset) where reference = '';
create index inbox_zaak on inbox (zaak, event_id);
create index inbox_message on inbox (message_id);
create index inbox_time on inbox (accepted_at, message_id);
create index inbox_connection on inbox (connection, accepted_at, message_id);
create index inbox_sender on inbox (sender, accepted_at, message_id);
create index inbox_kind on inbox (kind, accepted_at, message_id);
create index inbox_reference on inbox (reference) where reference <> '';
create index inbox_document on inbox (subject) where subject <> '' and subject <> zaak;
create index inbox_resends on inbox (accepted_at, message_id) where verdict = 'dubbel';

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
    revision text not null default '',
    primary key (stage, event_id)
);
create index deliveries_dropped on deliveries (ended_at, event_id) where state = 'vervallen';
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
create index parked_item on parked (item_id);
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
    edited_at timestamptz,
    target text not null default '',
    fingerprint text not null default '',
    group_id text not null default ''
);
create index failures_time on failures (last_at, id);
create index failures_state on failures (state, last_at);
create index failures_zaak on failures (zaak);
create index failures_group on failures (group_id, last_at, id);
create index failures_waiting on failures (last_at, id) where state <> 'opgelost';
create index failures_counted on failures (group_id, zaak, stage, state, last_at) where state <> 'opgelost';

-- Failures that look alike: the words are those of the first. Who merges groups changes no failure: where one that is in
-- a merged group is looked at, it is in the other.
create table failure_groups (
    id text primary key,
    stage text not null,
    code text not null,
    reason text not null,
    fault text not null,
    location text not null,
    target text not null,
    revision text not null,
    advice text not null,
    first_at timestamptz not null,
    note text not null,
    owner text not null,
    link text not null,
    merged_into text not null,
    changed_at timestamptz not null
);
create index failure_groups_merged on failure_groups (merged_into);
create index failure_groups_time on failure_groups (first_at, id);
create index failures_item on failures (item_id);
create index failures_reason on failures (substr(reason, 1, 500), last_at, id);

-- How the mapping of the last explained attempt came to each field: values of the message, so personal data. It is kept
-- here and nowhere else.
create table traces (
    failure_id text primary key,
    explained_at timestamptz not null,
    revision text not null,
    content bytea not null
);

-- What was to be sent in the last failed attempt, as the mapping made it or a person corrected it: personal data too.
create table requests (
    failure_id text primary key,
    made_at timestamptz not null,
    revision text not null,
    gives text not null,
    is_json bigint not null,
    content bytea not null
);

-- Corrections of parked records, proposed, judged and carried out: personal data too. `base` is what was parked then.
create table edits (
    id text primary key,
    failure_id text not null,
    stage text not null,
    item_id text not null,
    part text not null,
    state text not null,
    base text not null,
    content_before bytea not null,
    content_after bytea not null,
    made_by text not null,
    made_at timestamptz not null,
    reason text not null,
    approved_by text not null,
    said text not null,
    ended_at timestamptz,
    made_by_id text default '' not null
);
create index edits_failure on edits (failure_id, made_at);
create index edits_waiting on edits (stage, item_id) where ended_at is null;

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
create index refusals_time on refusals (refused_at, message_id);
create index refusals_message on refusals (message_id);
create index refusals_connection on refusals (connection, refused_at, message_id);

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
-- What is wrong with a connection, and who is to be told; one of a kind is open at a time.
create table alerts (
    id text primary key,
    kind text not null,
    connection text not null,
    degree text not null,
    opened_at timestamptz not null,
    detail text not null,
    closed_at timestamptz
);
create unique index alerts_open on alerts (kind, connection, degree) where closed_at is null;
create index alerts_time on alerts (opened_at);

-- That a channel is to be told that an alert opened (`is_over` 0) or is over (1).
create table notices (
    alert_id text not null,
    channel text not null,
    is_over bigint not null,
    attempts bigint not null,
    next_at timestamptz not null,
    told_at timestamptz,
    primary key (alert_id, channel, is_over)
);
create index notices_due on notices (next_at) where told_at is null;

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
    ends_at timestamptz not null,
    person_id text default '' not null
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

-- Whom a message is about, by a keyed hash of each BSN in it (`hub.security.keys`): the BSN itself is not here.
create table subjects (
    subject text not null,
    message_id text not null,
    primary key (subject, message_id)
);

-- Messages that failed before they were in the inbox, so that they too are found. They stay when they go on after all:
-- then it is the row of the inbox that counts.
create table untranslated (
    connection text not null,
    sender text not null,
    reference text not null,
    message_id text primary key,
    kind text not null,
    zaak text not null,
    subject text not null,
    remarks text not null,
    topic text not null,
    partition bigint not null,
    log_offset bigint not null,
    accepted_at timestamptz not null
);
create index untranslated_zaak on untranslated (zaak);
create index untranslated_time on untranslated (accepted_at, message_id);
create index untranslated_connection on untranslated (connection, accepted_at, message_id);
create index untranslated_sender on untranslated (sender, accepted_at, message_id);
create index untranslated_kind on untranslated (kind, accepted_at, message_id);
create index untranslated_reference on untranslated (reference) where reference <> '';
create index untranslated_document on untranslated (subject) where subject <> '' and subject <> zaak;

create view messages as
select connection, sender, reference, message_id, event_id, kind, zaak, subject, verdict, accepted_at from inbox
union all
select u.connection, u.sender, u.reference, u.message_id, cast('' as text), u.kind, u.zaak, u.subject,
    cast('onvertaald' as text), u.accepted_at
from untranslated u where not exists (select 1 from inbox i where i.message_id = u.message_id);

-- What people did: each line holds the hash of the one before it (`hub.ledger.audit`). Triggers of each database, made
-- by the migration, refuse to change or remove a line. Lines from before the chain have no hash of their own.
create table audit (
    number bigint primary key,
    done_at timestamptz not null,
    done_by text not null,
    act text not null,
    done_to text not null,
    failure_id text not null,
    reason text not null,
    detail text not null,
    previous text not null,
    hash text not null
);
create unique index audit_once on audit (done_at, done_by, act, done_to, failure_id);
create index audit_failure on audit (failure_id) where failure_id <> '';

-- One row: up to which line the audit is on the bus too.
create table audit_mirror (
    number bigint primary key
);

-- Replay plans: what is to be sent again, frozen before anything is sent. `ramp`, `stop_at` (per million), `targets` and
-- `kinds` are as the program wrote them; the counts from `waiting` on are of the items by state. `paced_at` is up to
-- when the rate is used up. Whoever holds the lease runs it.
create table plans (
    id text primary key,
    state text not null,
    state_reason text not null,
    made_by text not null,
    made_at timestamptz not null,
    reason text not null,
    approved_by text not null,
    needs_approval bigint not null,
    mode text not null,
    superseded text not null,
    redirect text not null,
    ramp text not null,
    per_minute bigint not null,
    stop_at bigint not null,
    again_of text not null,
    step bigint not null,
    step_released bigint not null,
    step_delivered bigint not null,
    step_failed bigint not null,
    total bigint not null,
    zaken bigint not null,
    targets text not null,
    kinds text not null,
    oldest_at timestamptz,
    newest_at timestamptz,
    superseded_count bigint not null,
    taken_along bigint not null,
    expected_s bigint not null,
    waiting bigint not null,
    released bigint not null,
    delivered bigint not null,
    failed bigint not null,
    skipped bigint not null,
    gone bigint not null,
    not_done bigint not null,
    holder text not null,
    leased_until timestamptz not null,
    paced_at timestamptz not null,
    changed_at timestamptz not null,
    made_by_id text default '' not null,
    sources text default '[]' not null
);
create index plans_time on plans (made_at, id);
create index plans_at_work on plans (made_at) where state = 'loopt' or released > 0;

-- The zaken of a plan, per stage. Items of a zaak have consecutive numbers; `next_number` is the first that was not come
-- to, those from `flying_from` on may be under way. `turn` lets all zaken have theirs. One plan has a zaak at a time.
create table plan_lanes (
    plan_id text not null,
    stage text not null,
    lane text not null,
    state text not null,
    first_number bigint not null,
    last_number bigint not null,
    next_number bigint not null,
    flying_from bigint not null,
    flying bigint not null,
    turn bigint not null,
    primary key (plan_id, stage, lane)
);
create unique index plan_lanes_taken on plan_lanes (stage, lane) where state in ('vrij', 'onderweg');
create index plan_lanes_turn on plan_lanes (plan_id, state, turn, stage, lane);
create index plan_lanes_lane on plan_lanes (lane);

-- What each plan sends again. `item_id` at `source` is the message; `entry_id` at `stage` is what stands in the queue for
-- it: the message itself where it was parked, else a copy of the plan's own. `attempts` are those before it was released.
create table plan_items (
    plan_id text not null,
    number bigint not null,
    stage text not null,
    lane text not null,
    item_id text not null,
    source text not null,
    entry_id text not null,
    failure_id text not null,
    kind text not null,
    origin text not null,
    state text not null,
    superseded bigint not null,
    taken_along bigint not null,
    note text not null,
    attempts bigint not null,
    topic text not null,
    partition bigint not null,
    log_offset bigint not null,
    at timestamptz not null,
    released_at timestamptz,
    ended_at timestamptz,
    primary key (plan_id, number)
);
create index plan_items_item on plan_items (item_id);
create index plan_items_under_way on plan_items (plan_id, number) where state = 'onderweg';

-- What a connection ended in some time, to send it again. Only a statement that repeats the condition can use it: no
-- look-up by key comes to read all of a connection because the index looked small when it was planned.
create index deliveries_time on deliveries (stage, ended_at) where state in ('afgeleverd', 'vervallen');

-- What was taken of the limits of a source, by what it knows us by: tokens of a day, in JSON those of the last slots of a
-- second, and until when it takes nothing because it said so.
create table allowances (
    name text primary key,
    day text not null,
    taken bigint not null,
    slots text not null,
    shut_until timestamptz
);

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
