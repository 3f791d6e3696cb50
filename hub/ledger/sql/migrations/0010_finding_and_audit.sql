-- Messages are found by what people know of them, and what people do is chained.

alter table inbox add column subject text not null default '';
alter table inbox add column event_type text not null default '';
alter table inbox add column revision text not null default '';
alter table inbox add column remarks text not null default '';
alter table inbox add column unread text not null default '';
alter table inbox add column translated_at timestamptz;

alter table deliveries add column revision text not null default '';

drop index inbox_zaak;
create index inbox_zaak on inbox (zaak, event_id);
create index inbox_time on inbox (accepted_at, message_id);
create index inbox_connection on inbox (connection, accepted_at, message_id);
create index inbox_sender on inbox (sender, accepted_at, message_id);
create index inbox_kind on inbox (kind, accepted_at, message_id);
create index inbox_reference on inbox (reference) where reference <> '';
create index inbox_document on inbox (subject) where subject <> '' and subject <> zaak;
create index inbox_resends on inbox (accepted_at, message_id) where verdict = 'dubbel';
create index deliveries_dropped on deliveries (ended_at, event_id) where state = 'vervallen';
create index parked_item on parked (item_id);
create index failures_item on failures (item_id);
create index failures_reason on failures (substr(reason, 1, 500), last_at, id);
create index refusals_message on refusals (message_id);
create index refusals_connection on refusals (connection, refused_at, message_id);
drop index refusals_time;
create index refusals_time on refusals (refused_at, message_id);

create table subjects (
    subject text not null,
    message_id text not null,
    primary key (subject, message_id)
);

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

-- What was done before there was a chain comes first, without a hash: the first line of the chain seals it.
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

insert into audit (number, done_at, done_by, act, done_to, failure_id, reason, detail, previous, hash)
select row_number() over (order by done_at, failure_id, act), done_at, done_by, act, '', failure_id, reason, '{}', '', ''
from operator_acts;

drop table operator_acts;

create table audit_mirror (
    number bigint primary key
);

insert into audit_mirror (number) values (0);
