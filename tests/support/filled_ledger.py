"""A ledger in PostgreSQL with as many messages as one likes, made by the server itself: for plans and for times.

Half a year of messages of six connections: eight per zaak, and one zaak and one person with very many. One in fifty
was sent twice, one in fifty failed once, one in five hundred fails now. Nobody in it exists.
"""

from __future__ import annotations

from typing import NamedTuple

import asyncpg

from hub.ledger.finding import Criteria, MessageState
from tests.support.ledger_entries import later

_INBOX = """
insert into inbox (connection, sender, reference, message_id, content_hash, event_id, kind, zaak, topic, partition,
    log_offset, verdict, accepted_at, subject, event_type, revision, translated_at)
select 'koppeling-' || n % 6, 'afzender-' || n % 15, 'ref-' || md5('r' || n), md5('m' || n)::uuid::text, md5('c' || n),
    md5('e' || n)::uuid::text, 'soort-' || n % 20, case when n % 400 = 7 then 'zaak-druk' else 'zaak-' || n / 8 end,
    'test.in', n % 12, n, case when n % 50 = 1 then 'dubbel' else 'nieuw' end,
    $1::timestamptz + n * make_interval(secs => 15552000.0 / $2::bigint),
    case when n % 4 = 0 then 'zaak-' || n / 8 else 'document-' || n end, 'nl.zaken.zaak-aangemaakt.v1', 'revisie',
    $1::timestamptz + n * make_interval(secs => 15552000.0 / $2::bigint)
from generate_series(1, $2::bigint) n
"""

_DELIVERIES = """
insert into deliveries (stage, event_id, kind, zaak, state, topic, partition, log_offset, attempts, started_at,
    ended_at, receipts, revision)
select 'zaken-naar-zgw', event_id, event_type, zaak,
    case when log_offset % 2000 = 3 then 'vervallen' else 'afgeleverd' end, 'test.ev', partition, log_offset, 1,
    accepted_at, accepted_at, '{}', 'revisie'
from inbox where log_offset % 500 <> 2 and verdict = 'nieuw'
"""

_FAILURES = """
insert into failures (id, stage, item_id, kind, zaak, state, code, reason, fault, advice, location, revision, attempts,
    first_at, last_at)
select md5('f' || log_offset)::uuid::text, 'zaken-naar-zgw', event_id, event_type, zaak,
    case when log_offset % 500 = 2 then 'open' else 'opgelost' end, 'mapping',
    'no rule for zaaktype B' || log_offset / 50 % 300, 'mapping', 'mend the rule', 'zaak.map.yaml:7', 'revisie', 1,
    accepted_at, accepted_at
from inbox where log_offset % 50 = 2
"""

_SUBJECTS = """
insert into subjects (subject, message_id)
select case when log_offset % 4000 = 5 then repeat('ab', 16) else md5('p' || log_offset / 3) end, message_id
from inbox where log_offset % 5 < 2
"""

_REFUSALS = """
insert into refusals (connection, message_id, code, reason, path, line, size_bytes, refused_at)
select 'koppeling-' || n % 6, md5('x' || n)::uuid::text, 'StUF055', 'not valid', 'object', 1, 1,
    $1::timestamptz + n * make_interval(secs => 15552000.0 / $2::bigint)
from generate_series(1, $2::bigint) n
"""

BEGIN = later(-15_552_000)


class Known(NamedTuple):
    """What is known of a message in the middle of such a ledger."""

    name: str
    criteria: Criteria


def asked(messages: int) -> list[Known]:
    """Give every criterion, each of something that is there, and the hard combinations of them."""
    middle = messages // 16 * 8
    day = 15_552_000 // 180
    return [
        Known("zaak", Criteria(zaak=f"zaak-{middle // 8}")),
        Known("zaak with very many messages", Criteria(zaak="zaak-druk")),
        Known("document", Criteria(document=f"document-{middle + 1}")),
        Known("reference, not there", Criteria(reference="ref-onbekend")),
        Known("sender", Criteria(sender="afzender-3")),
        Known("connection", Criteria(connection="koppeling-2")),
        Known("kind", Criteria(kind="soort-11")),
        Known("person", Criteria(person="ab" * 16)),
        Known("a day, half a year ago", Criteria(since=later(-170 * day), until=later(-169 * day))),
        Known("text of a failure", Criteria(text="zaaktype B12")),
        Known("text that every failure has", Criteria(text="no rule")),
        *(Known(f"state {state.value}", Criteria(state=state)) for state in MessageState),
        Known("failed, of a sender", Criteria(state=MessageState.FAILED, sender="afzender-3")),
        Known("sender and kind that never meet", Criteria(sender="afzender-3", kind="soort-11")),
        Known("dropped, of a kind that never is", Criteria(state=MessageState.DROPPED, kind="soort-19")),
    ]


async def fill(connection: asyncpg.Connection, messages: int) -> int:
    """Fill an empty ledger; give how many rows it has. Indexes are made afterwards: that takes a fifth of the time."""
    indexes = [
        row[0]
        for row in await connection.fetch(
            "select indexdef from pg_indexes where schemaname = 'public' and indexdef like 'CREATE INDEX%'"
        )
    ]
    for index in indexes:
        await connection.execute(f"drop index {index.split()[2]}")
    await connection.execute(_INBOX, BEGIN, messages)
    for statement in (_DELIVERIES, _FAILURES, _SUBJECTS):
        await connection.execute(statement)
    await connection.execute(_REFUSALS, BEGIN, messages // 100)
    for index in indexes:
        await connection.execute(index)
    await connection.execute("vacuum analyze")
    tables = ("inbox", "deliveries", "failures", "subjects", "refusals")
    return sum([await connection.fetchval(f"select count(*) from {table}") for table in tables])
