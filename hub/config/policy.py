"""Every limit of the hub, with its reason. A limit that is not here does not exist.

The values are defaults; `policy:` in a connection.yaml overrides those of ConnectionPolicy for that connection.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class ConnectionPolicy(BaseModel):
    """Limits that a connection may change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    message_bytes_max: Annotated[int, Field(gt=0)] = 150 * 1024 * 1024
    """A 100 MB document is 134 MB as base64; above that no zaaksysteem we know takes it in one request."""

    envelope_bytes_max: Annotated[int, Field(gt=0)] = 1024 * 1024
    """What is left after documents are cut out. The largest real message without content seen is 60 kB."""

    request_timeout_s: Annotated[float, Field(gt=0)] = 30.0
    """One request to a target. Open Zaak under load answers a POST in 2-8 s; slower is down."""

    inline_attempts: Annotated[int, Field(ge=1)] = 3
    """Attempts before the zaak is parked: a restart of one pod of the target is over by then."""

    inline_wait_s: Annotated[float, Field(ge=0)] = 0.5
    """First wait between inline attempts; doubles, with jitter. Three attempts stay under 3 s."""

    inline_wait_max_s: Annotated[float, Field(ge=0)] = 5.0
    """A target that asks for at most this long is waited for; above it the zaak is parked and its lane is free."""

    retry_wait_s: Annotated[float, Field(gt=0)] = 30.0
    """First wait of a parked zaak; doubles up to `retry_wait_max_s`."""

    retry_wait_max_s: Annotated[float, Field(gt=0)] = 3600.0
    """An hour between attempts is rare enough for a target in trouble and soon enough for a citizen."""

    retry_for_s: Annotated[float, Field(gt=0)] = 24 * 3600.0
    """After a day a person looks at it: a maintenance night is over by then."""

    answer_within_s: Annotated[float, Field(gt=0)] = 8.0
    """How long a sender waits for an outcome or an answer: form engines give up after 10 s, the network takes some."""

    backstop_every_s: Annotated[float, Field(gt=0)] = 900.0
    """How often a source is asked what happened of which no message came. Open Notificaties itself tries for a day."""

    backstop_days: Annotated[int, Field(ge=1, le=60)] = 7
    """How far back is looked: a long weekend in which the hub was away, and less than the bus keeps."""

    connect_timeout_s: Annotated[float, Field(gt=0)] = 5.0
    """A connection inside a data centre takes milliseconds; two lost SYN packets take 3 s."""

    connections_max: Annotated[int, Field(ge=1)] = 50
    """Connections open to one target: what a gateway in front of a zaaksysteem usually grants one client."""

    response_bytes_max: Annotated[int, Field(gt=0)] = 16 * 1024 * 1024
    """A page of 500 zaken is 2 MB; what is larger is not an answer to a question of ours."""

    breaker_failures: Annotated[int, Field(ge=1)] = 10
    """Failures in a row before the target is left alone: more than one zaak can make in its inline attempts."""

    breaker_open_s: Annotated[float, Field(gt=0)] = 15.0
    """How long it is left alone: half the first wait of a parked zaak, so that the probe is ahead of the queue."""

    second_person: bool = False
    """Whether somebody else must approve a corrected message or a replay plan before it does anything."""

    alert_failures: Annotated[int, Field(ge=1)] = 1
    """Failures that wait for a person before somebody is told: one already holds a zaak of a citizen up."""

    alert_waiting_s: Annotated[float, Field(gt=0)] = 900.0
    """How long the oldest message may wait before somebody is told: longer than a restart of a target takes."""

    alert_silent_s: Annotated[float, Field(gt=0)] | None = None
    """How long an inbound connection may be silent before somebody is told. Unset: silence means nothing."""

    pause_after: Annotated[int, Field(ge=1, le=1_000)] = 20
    """Zaken that failed, each at its last try, before the connection pauses itself: a list of 20 tells a person as much
    as one of 20,000."""

    pause_ratio: Annotated[float, Field(ge=0.01, le=1)] = 0.5
    """Part of the zaken tried lately that must have failed for that: what goes wrong now and then stops nothing."""

    pause_window_s: Annotated[float, Field(gt=0)] = 300.0
    """How long ago `lately` begins: what failed longer ago has been seen."""


# Intake
XML_DEPTH_MAX = 100
"""The deepest StUF-ZKN message nests 23 levels; libxml2's own limit of 256 is too late for a small stack."""
XML_ELEMENTS_MAX = 50_000
"""A zaak with 500 betrokkenen has 20,000 elements."""
CONTENT_TAG_BYTES_MAX = 8 * 1024
"""The start tag of a document: a bestandsnaam of 255 characters, a content type and namespaces take 1 kB."""
INTAKE_CHUNK_BYTES = 64 * 1024
"""Below this a body is handled in one piece; above it the cutter streams."""
INTAKE_WAITING_MAX = 2_000
"""Requests waiting for the bus before new ones get 503: at 2,000/s that is one second."""
INTAKE_GROUP_MAX = 256
"""Messages in one lookup and one publish; larger groups gain nothing (facts: 64 is where group commit flattens)."""
KEY_BYTES_MAX = 1_000
"""A zaak, a sender, a number or a kind, of which standards allow 40 to 300 characters: PostgreSQL takes 2,700 bytes in
one index, and the longest of ours has two of these."""
HTTP_HEADERS_BYTES_MAX = 32 * 1024
"""HTTP headers kept with a message: those that say what it is. Servers take 8 to 64 kB of all headers."""
EVENT_BYTES_MAX = 64 * 1024
"""CloudEvents 1.0 §5 asks every intermediary to carry 64 KB; what is larger belongs in the payload store."""
EVENT_DEPTH_MAX = 100
"""How deep an event that comes in may nest, as XML may; orjson writes no more than 254 levels of what it reads."""
KEEP_ALIVE_S = 65
"""Above the 60 s of the usual reverse proxies, so that it is they who close an idle connection."""
LISTEN_BACKLOG = 512
"""Connections the kernel may hold while the loop is busy: a burst of every form engine of a municipality."""
INTAKE_RECENT_MAX = 20_000
"""Message keys a gateway remembers itself: what it accepted before the worker wrote it to the inbox (seconds)."""
PAYLOAD_CHUNK_BYTES = 256 * 1024
"""What the payload store reads or writes at once: a hop to a thread costs 50 us, writing this much about 100."""

# Answers
ANSWER_POLL_S = 0.05
"""How often the ledger is asked what became of the messages that senders wait for, all in one question."""
VRAAG_AANTAL = 15
"""Objects in an answer when the question does not say: the default of maximumAantal in StUF-ZKN 03.10."""
VRAAG_AANTAL_MAX = 100
"""Objects in an answer however many are asked for: a zaak with its parts takes a target some 50 ms."""
REMEMBERED_BYTES_MAX = 64 * 1024 * 1024
"""Answers of one source that a process remembers, together: 60,000 addresses of 1 kB."""
REMEMBERED_ANSWER_BYTES_MAX = 1024 * 1024
"""The largest answer that is remembered: one that is a page of results, not an extract."""
QUERY_FIELDS_MAX = 200
"""Parameters in the address of a question: more than there are fields, each of which may stand alone."""
AFNEMERS_KEPT_MAX = 1_000
"""Names of senders, with their `*`, that are remembered as patterns: all that a municipality's connections write."""
MINIMISED_KEPT_MAX = 1_000
"""Scopes of askers for which a process remembers what they come down to: a municipality has some dozens, of 20 kB."""
REMEMBERED_SWEEP_S = 60.0
"""How often answers that are too old are dropped: looking through 10,000 takes a millisecond."""
REPORT_SCAN_S = 1.0
"""How often the ledger is asked what senders are to be told: a sender that was told Bv03 waits for nothing more."""
REPORT_GROUP_MAX = 50
"""Reports taken up in one scan."""
NUMBER_CHARS_MAX = 40
"""ZDS 1.2 §4.2.1: an identificatie has at most 40 characters."""
NUMBER_DIGITS_MAX = 12
"""Digits of a volgnummer: a million numbers a year for a million years."""

# Backstop
BACKSTOP_FIRST_S = 60.0
"""Wait after a start: messages that were under way come by themselves first."""
BACKSTOP_GROUP_MAX = 100
"""Notices that are offered to the door at once: one look in the ledger for all of them."""

# Initial loads
LOAD_LINES_MAX = 2_000_000
"""Lines of one file: more than any municipality has inhabitants, some 20 MB in memory."""
LOAD_UNDER_WAY_MAX = 2_000
"""Messages of a load that are offered and have not ended: what happens today waits behind these, some 10 s."""
LOAD_GROUP_MAX = 250
"""Messages of a load offered at once: one look in the ledger and one publish."""
LOAD_LOOK_S = 1.0
"""How often is counted how far a load is: what people see as following it."""
LOAD_SPEED_S = 60.0
"""Over how long its speed is taken."""
LOAD_WRONG_SHOWN_MAX = 20
"""Lines that hold no number that are named: the first ones show what is wrong with the file."""

# Worker
POLL_RECORDS_MAX = 200
"""Records per poll: where batched commit flattens in measurement."""
POLL_WAIT_S = 0.2
"""How long a poll waits for a first record: bounds the time to notice a stop."""
LANES_IN_FLIGHT_MAX = 64
"""Zaken in delivery at once per worker; a target answers 10-50 requests at once."""
LANE_BACKLOG_MAX = 2_000
"""Records held in memory before the partitions are paused."""
ENDED_RECENT_MAX = 20_000
"""Ended items a stage remembers itself, to catch an event that lies on the bus twice: well above what is in memory."""
LATE_ANSWER_WAITS_S = (0.5, 2.0)
"""What a target says later may overtake our own note that it was delivered, by as long as the ledger takes to write."""

FETCHED_RECENT_MAX = 64
"""Fetched documents a stage keeps until they are translated, to explain one that fails: as many as are in delivery."""
BUS_WAIT_S = 1.0
"""Wait before a bus that is down is polled again."""
LEDGER_WAIT_S = 1.0
"""Wait before a ledger that is down is asked again."""
SCRIBE_GROUP_MAX = 256
"""Outcomes per ledger transaction."""
DUE_SCAN_S = 1.0
"""How often the ledger is asked for parked zaken that are due: the smallest wait is 30 s."""
DUE_GROUP_MAX = 50
"""Parked zaken taken up in one scan."""
DUE_AT_WORK_MAX = 500
"""Parked zaken taken up at once: many more than are in delivery, so that no lane waits for the next scan."""
DRAIN_S = 20.0
"""How long a worker may finish what it does when partitions move or it is told to stop; below the 30 s of systemd."""

# Process
GARBAGE_OBJECTS_MAX = 20_000
"""New objects before the garbage collector looks for cycles: messages leave few; 700 costs 80 us per message."""


# Outgoing HTTP
TARGET_KEEP_ALIVE_S = 4.0
"""Below the 5-75 s after which servers close an idle connection (uvicorn and Node 5): a POST must not meet a closing
one. A GET that does is asked again by aiohttp, once (RFC 9112 §9.3.1)."""
TOKEN_RENEW_S = 600
"""Age at which a ZGW token is made anew: a target counts an hour, so even a clock 45 minutes wrong does no harm."""
TOKEN_BACKDATE_S = 30
"""How far `iat` lies in the past: machines with NTP differ less, and a target refuses an `iat` in its future."""
TOKEN_MARGIN_S = 30.0
"""How long before its end an OAuth2 token is renewed: what leaves with it arrives in time. At most half its life."""
TOKEN_LIFE_S = 300.0
"""Life of an OAuth2 token whose server does not say how long it lives (RFC 6749 §5.1 only recommends to say it)."""
TOKEN_FRESH_S = 60.0
"""A token refused when it is older may have been revoked: a new one is asked for. A younger one lacks rights."""
TOKEN_BYTES_MAX = 64 * 1024
"""The largest token with its claims is a few kB: it must fit in one header."""
ALLOWANCE_SLOTS_PER_S = 4
"""Parts of a second in which a source's limit is counted: what is taken of it in one part is used in that part, so a
process writes to the ledger four times a second at most, and a fifth of the limit stays unused."""
ALLOWANCE_LEASE_MAX = 50
"""Requests that one process takes at once of a limit that is per day only."""
ALLOWANCE_WAIT_S = 1.5
"""How long a request waits for its turn: a burst of one question is over in the next second; askers give up at 8 s."""
ALLOWANCE_LEDGER_S = 1.0
"""How long the ledger may take for it, some 3 ms usually: then the process keeps to its own part of the limit."""
ALLOWANCE_AGAIN_S = 5.0
"""How long a process then keeps to its part before it asks the ledger again."""
ALLOWANCE_PARTS = 8
"""Parts of a limit that processes keep to while the ledger is down: two gateways and six workers is a large hub."""
ALLOWANCE_SHUT_S = 1.0
"""How long a source is left alone after a 429 that does not say so, and at least."""
RETRY_AFTER_S_MAX = 24 * 3600.0
"""The longest a target is left alone because it asks so, for a header may say for ever: a day limit has ended then."""
DOWNLOAD_S_MAX = 900.0
"""One document: 100 MB over a line of 1 Mbit/s. What trickles longer holds a connection that others wait for."""

# Access
WSSE_AGE_MAX_S = 300
"""Age of a WS-Security Timestamp or UsernameToken: UsernameToken Profile 1.1 §3.1 advises these five minutes."""
CLOCK_SKEW_S = 60
"""How far ahead of ours the clock of a sender may be: machines with NTP differ less than a second."""
WSSE_NONCES_MAX = 100_000
"""Nonces remembered per connection, within the age above: 300 messages per second, 20 MB."""
PROXIES_MAX = 10
"""Addresses read in `X-Forwarded-For`: more hops than any network of a municipality has."""
CERTIFICATES_RECENT_MAX = 500
"""Client certificates that need not be read again: senders have a few each, and reading one takes 50 us."""
CERTIFICATE_ENDS_DAYS = 30
"""`zaakhub check` warns this long ahead: ordering a PKIoverheid certificate takes two weeks."""

# ZGW
CATALOGUE_TTL_S = 300.0
"""A new zaaktype is published by day and tried soon after; five minutes is what a functional manager waits."""
CATALOGUE_LISTS_MAX = 2_000
"""Lists of types kept in memory, per target: 300 zaaktypen with five lists each, about 10 MB."""
CATALOGUE_MISS_S = 5.0
"""A list this young is not read again for a type that is not in it: wrong messages must not flood the target."""
PAGES_MAX = 200
"""Pages of one list: 20,000 rows of Open Zaak; more is not the answer to a question of ours."""
LOOKUP_CALLS_MAX = 8
"""Calls of one question at the same time: an Open Zaak has a handful of workers, and others ask too."""
ANSWER_ITEMS_MAX = 2_000
"""Zaken, documents or besluiten in one answer: with all their parts about 10 MB; who wants more asks further."""
LOOKUPS_AT_ONCE_MAX = 8
"""Questions of one message that are out beside each other: a zaak with its roles and objects has some ten."""
LOOKED_UP_RECENT_MAX = 200
"""Messages of which a connection knows what was looked up, until their failure is explained: one for each in flight."""
SOURCE_CALLS_MAX = 8
"""Calls of one question to a national service at the same time: each takes some 100 ms, and others ask too."""
BRP_NUMMERS_MAX = 20
"""Burgerservicenummers in one call: the BRP takes no more (Personen 2.7); who asks about more, makes several calls."""
BRP_SIGNALEN_MAX = 1_000
"""Signals in one request: what a burgerzaken system changes in an hour; of all inhabitants there is `zaakhub load`."""
BRP_SIGNAAL_REDEN_MAX = 200
"""Length of the reason in a signal: the name of an event, or a few words."""
BAG_ZOEKRESULTATEN_MAX = 20
"""Addresses looked up for one zoekterm: each takes a call or two, of the 50 a second that the BAG gives to a key."""
KVK_PROFIELEN_MAX = 100
"""Profiles for one question: the KVK counts each on the bill, and more is an extract and not a question."""
KVK_SIGNALEN_OVERLAP_UREN = 24
"""How much later than its own time a signal of the KVK may appear: it is made in the night after the change."""
KVK_SIGNALEN_BEWAARD_DAGEN = 365
"""How long the KVK is taken to keep signals: it publishes no term, and asking too far back misses nothing."""
KVK_SIGNALEN_PAGINAS_MAX = 2_000
"""Pages of signals in one look: a million, of all companies of the country some months."""
BRK_ZAKEN_MAX = 100
"""Percelen of one question whose rights, mortgages and so on are read: each kind is a call for each of them."""
BRK_ORGANISATIES_MAX = 100
"""Organisations that only the Kadaster knows, read for one question: a call each, and more is an extract."""
ZOEK_UUIDS_MAX = 100
"""Resources asked for by uuid in one call: the page of Open Zaak, and far below what a gateway takes as a body."""
ZAAK_URLS_MAX = 20_000
"""Zaken whose URL is remembered, per target: a busy day of a large municipality, about 8 MB."""
DOCUMENT_PARTS_FROM_BYTES = 30 * 1024 * 1024
"""From here a document goes in bestandsdelen: in one request it is base64 in JSON, which a target holds in memory."""
ABILITY_TTL_S = 3_600.0
"""How long it is remembered that a target lacks an operation: one wasted call an hour, and an upgrade soon noticed."""
REGISTERED_MAX = 1_000
"""Zaken made in one request of which the parts are remembered: many times the number that is being delivered."""
OWN_CHANGE_S = 2.0
"""How far a line in the audit trail may be later than the notification of the same change: both are made in one go."""
STATUS_AHEAD_MAX_S = 300
"""How far ahead of our clock a status may lie and still be taken as set now: clocks without NTP drift minutes."""
STATUS_SHIFT_MAX = 60
"""Seconds a status may move on to find a free moment: more statuses of one zaak at one moment are not meant."""

# Bus
PARTITIONS = 12
"""Partitions of a topic: divides well over 1, 2, 3, 4, 6 workers; can't be lowered later."""
PRODUCER_BATCH_BYTES = 1024 * 1024
"""With 64 concurrent senders 1 MB batches gave 1.5 x the throughput of 16 kB ones."""
BUS_REQUEST_TIMEOUT_S = 15.0
"""An intake client gives up after 10 s; a broker fail-over takes about 6."""
EMBEDDED_POLL_S = 0.02
"""How often a consumer in another process looks for new records in the embedded bus."""
RECORD_BYTES_MAX = 2 * 1024 * 1024
"""Largest record: twice the largest envelope, so that headers and a widened connection fit."""
BUS_RETENTION_S = 14 * 24 * 3600
"""How long a record stays on the bus. Kafka deletes by age alone, so it must outlast the longest stop of a worker."""
EMBEDDED_SWEEP_S = 60.0
"""How often the embedded bus looks for records past retention that every group has read."""
EMBEDDED_SWEEP_RECORDS_MAX = 1_000
"""Records deleted in one transaction: a publish waits some 10 ms for it. After a full sweep comes another."""
ANNOUNCEMENTS_MAX = 1_000
"""Announcements kept in the embedded bus: listeners read within EMBEDDED_POLL_S, so a few would do."""
KAFKA_REPLICAS_MAX = 3
"""Copies of a new topic, as far as there are brokers: one may be down for repair and one may fail."""
GROUP_HEARTBEAT_S = 1.0
"""How soon a member of a group hears that partitions move. A heartbeat is 100 bytes."""
GROUP_SESSION_S = 10.0
"""How long a silent worker keeps its partitions: longer than a pause of the machine, shorter than people's patience."""
CONSUMER_STUCK_S = 30.0
"""Twice this long records wait and none come: the Kafka consumer is built anew (aiokafka gives no signal, #1154)."""
TAIL_RECORDS_MAX = 2_000
"""Newest records read back in one call: to see what a mapping would change, 200 tell enough and 2,000 take a minute."""
TAIL_BYTES_MAX = 64 * 1024 * 1024
"""All of these records together: a screenful of large messages must not fill the memory of whoever looks."""
PREVIEW_EXAMPLES_MAX = 3
"""Examples kept of a field that changes: enough to see what kind of change it is."""
RECALL_RECENT_RECORDS = 500
"""Newest records searched for an id that the ledger does not know yet: what a worker has not taken up is newer."""
TAIL_PAGE_RECORDS = 20
"""Records in memory at once beside those that are kept: at 2 MB each still 40 MB, for a process that only looks."""
HEALTH_WAIT_S = 2.0
"""How long a health question may take: probes ask every 10 s and give up after 3."""

# Ledger
LEDGER_BUSY_S = 5.0
"""How long to wait while another process writes to the SQLite file: a group takes 20 ms, a checkpoint of it 200."""
LEDGER_BUSY_POLL_S = 0.003
"""How often it is tried again meanwhile: about the time of one small commit."""
LEDGER_CONNECTIONS_MAX = 4
"""To PostgreSQL, per process: one writes outcomes, one admits, two look things up; a server takes 100 in all."""
LEDGER_CONNECT_TIMEOUT_S = 5.0
"""To get a connection: longer means that PostgreSQL is down or drowning, and the bus keeps what is accepted."""
LEDGER_STATEMENT_TIMEOUT_S = 15.0
"""A statement is a few hundred look-ups by key, some 20 ms; a fail-over of the database takes about 10 s."""
LEDGER_RACES_MAX = 10
"""Times a transaction starts anew because another worker wrote the same keys: each time that other one got further."""

# Revisions of mappings
REVISION_BYTES_MAX = 16 * 1024 * 1024
"""Mapping files, parts and tables of one connection together: the shipped ones are 50 kB, a table of BAG codes 2 MB."""
REVISION_POLL_S = 2.0
"""How often a worker asks the ledger what is prepared or active: one small read. An announcement makes it sooner."""
REVISION_LOOK_S = 0.1
"""How often whoever activates looks what the workers say."""
WORKER_BEAT_S = 5.0
"""How often a worker says that it lives: one row per connection."""
WORKER_LIVES_S = 20.0
"""How long a worker counts after its last word: three beats may be lost. One that was killed blocks this long."""
REVISION_AGREE_S = 60.0
"""How long all workers have to be ready: compiling takes a second, and one that was killed must have been forgotten."""
REVISION_SWITCH_S = 15.0
"""How long to wait for workers to say that they run it; who is later still will, at its next look."""
REVISION_STALE_S = 120.0
"""A revision prepared longer ago was left by a command that was killed: it would have ended by REVISION_AGREE_S."""

# Health
HEALTH_TIMEOUT_S = 2.0
"""Longer than a healthy ledger ever takes, shorter than the 3 s after which a load balancer calls us dead."""

# Mapping
YAML_DEPTH_MAX = 60
"""How deep a file of ours may nest: the deepest rule within rules takes 20, and what is read by recursion must end."""
PART_USES_MAX = 10_000
"""Times that the parts of one mapping are used, parts of parts counted in: the largest shipped mapping has 300."""
TRACE_BYTES_MAX = 256 * 1024
"""The explanation kept with a failure: a plain zaak takes 7 kB, one with seven betrokkenen of all kinds 160."""
TRACE_VALUE_CHARS_MAX = 200
"""What is kept of each value when an explanation is too large: enough to recognise it."""
LAYER_COMBINATIONS_MAX = 200
"""Of layers of one mapping, each a sender's with a zaaktype's: all are checked at the start, at some 50 ms each."""
OUTPUT_ITEMS_MAX = 100_000
"""Items of lists, and parts of objects copied whole, in one result: twice what XML_ELEMENTS_MAX elements can hold. A
list within a list of the same message multiplies; more would fill the memory of a worker, and no event may hold it."""
JSONATA_CHARS_MAX = 2_000
"""Length of one expression: what does not fit on a screen belongs in rules, or in code that is reviewed."""
JSONATA_TIME_MS = 500
"""How long one expression may work: a usual one takes 1 ms, and a worker that waits longer holds up its lane."""
JSONATA_DEPTH_MAX = 100
"""How deep an expression, what it calls and what it reads may nest: StUF-ZKN nests 12 deep."""
JSONATA_SIZE_MAX = 100_000
"""Characters and values that go in, come out, or are made on the way: a message without its documents is smaller."""
JSONATA_WORK_MAX = 300_000
"""Characters and values made in all, ten for each step: reached before the time is, so that a message ends the same."""
UNREAD_PATHS_MAX = 200
"""Unread source paths reported of one message: more fields than any sender of StUF-ZKN uses at once."""

# Console and CLI
DEMO_PATIENCE_S = 60.0
"""How long the demo waits for anything: a slow laptop that starts three processes needs about ten seconds."""
DEMO_LOOK_S = 0.05
"""How often the demo looks whether something arrived."""
INDICATIES_GROUP_MAX = 1_000
"""Persons followed in one transaction: each is a line in the audit, and others wait to write theirs."""
LIST_MAX = 100
"""Rows in a list before the reader must filter."""
SHOWN_LINE_CHARS = 400
"""A message in one line that is longer is laid out before it is shown: what does not fit on two lines of a screen."""
SHOWN_LINE_CHARS_MAX = 4_000
"""What is shown of one line: a browser that lays out a line of megabytes stands still."""
SHOWN_CHARS_MAX = 1_000_000
"""What is shown of one message, in all: fifteen times the largest event."""
SHOWN_NAME_CHARS_MAX = 100
"""A longer name of an element or a field is none of a standard: it is hidden as a value is."""
SHOWN_DEPTH_MAX = 100
"""How deep the names of JSON are shown; the values of what nests deeper are hidden with their names."""
RULE_VALUE_CHARS_MAX = 100
"""The longest value that a rule is suggested for: a code, or the name of a type."""
API_BODY_BYTES_MAX = 12 * 1024 * 1024
"""Largest request to the API: a message of 2 million characters of the widest kind, with changed mappings."""
API_DEPTH_MAX = 40
"""How deep the JSON of a request may nest: an event nests 12 deep."""
API_INVALID_PARTS_MAX = 20
"""Mistakes named of one request: who makes more of them reads the description again."""
API_DETAIL_CHARS_MAX = 1_000
"""Length of a sentence in a refusal: several mistakes in one, and no more."""
API_RETRY_AFTER_S = 5
"""When a caller may ask again of a hub that is down or busy: a fail-over of the database takes about 10 s."""
QUEUE_SHOWN_MAX = 50
"""Messages of the queue of a zaak that are shown with a failure; the rest is counted."""
EDITS_OPEN_MAX = 20
"""Corrections of one failure that wait at once: people choose between two, and each holds the message twice."""
EDITS_SHOWN_MAX = 50
"""Corrections that are listed with a failure, newest first: all that wait, and more of what was than anybody reads."""
TRIAL_S_MAX = 60.0
"""How long a trial of a mapping may take on a machine that is busy; one usually takes 2 s."""
TRIAL_CPU_S_MAX = 20
"""Of the processor: what still runs after that repeats itself."""
TRIAL_MEMORY_BYTES_MAX = 1024 * 1024 * 1024
"""Address space of a trial: compiling the largest shipped mapping takes 200 MB of it."""
TRIAL_ANSWER_BYTES_MAX = 8 * 1024 * 1024
"""What a trial gives, and each file it writes: a result of more is for a program, not for a screen."""
TRIAL_TRACE_BYTES_MAX = 2 * 1024 * 1024
"""The explanation of a trial: that of a zaak with every field there is takes 300 kB, and each of them counts."""
TRIAL_LAST_WORDS_BYTES = 4_096
"""How much of the end of a failed trial is searched for why: the last line of a traceback."""
TRIAL_MISTAKES_MAX = 200
"""Mistakes of mappings that are shown: nobody reads more before they correct the first."""
PLAYGROUND_CASES_BYTES_MAX = 4 * 1024 * 1024
"""Messages of cases that come with the files of a mapping: the shipped connections have 1 MB of them."""
TRIALS_AT_ONCE_MAX = 2
"""Trials at the same time: messages go on beside them, and a small municipality has two processors."""
TRIALS_WAITING_MAX = 20
"""Trials that wait for their turn: with 2 s each the last waits 20."""
STREAMS_MAX = 200
"""Streams of events open in one process: everybody on duty with some windows; each looks once a second."""
STREAMS_SESSION_MAX = 10
"""Of one session: more windows than a person looks at."""
STREAM_LOOK_S = 1.0
"""How often a stream looks whether something changed: what a person sees as at once."""
STREAM_HEARTBEAT_S = 15.0
"""How long a stream is silent: a quarter of the 60 s after which the usual proxies close it."""
STREAM_SESSION_CHECK_S = 30.0
"""How often is looked whether the session of a stream still is: who is logged out sees nothing new after this."""
STREAM_RETRY_MS = 3_000
"""How long a browser waits before it connects again: all windows at once, after a restart, is no burst."""
API_PAGE_MAX = 200
"""Items in one page of a list: some 100 kB, and as many rows as anybody reads."""
API_PAGE = 50
"""Items in one page when the request does not say: two screens."""

# Who is at the console
SESSION_IDLE_S = 1800.0
"""How long a session lives without a request: a lunch. The desk itself locks sooner than that."""
SESSION_MAX_S = 10 * 3600.0
"""How long it lives at all: a working day. By then also a role that was taken away at the provider is gone."""
SESSION_SEEN_S = 60.0
"""How precisely is remembered when somebody was last seen: a write per minute, not one per request."""
LOGIN_MAX_S = 600.0
"""From the start of a login to its end: somebody has to find a telephone for the second factor."""
UNMASK_S = 900.0
"""How long a message is shown with its content: to read and correct it, not to leave it open."""
TOKEN_SKEW_S = 60.0
"""How far the clocks of the hub and the provider of identities may differ."""
TOKEN_GROUPS_MAX = 1_000
"""Groups read from a token: Entra gives at most 200, and a header has room for some hundreds."""
PROVIDER_KEPT_S = 3600.0
"""How long the provider's description and keys are kept: a key that is withdrawn is trusted no longer than this."""
PROVIDER_AGAIN_S = 30.0
"""How often its keys may be asked for because a token has a new one: anybody can make such a token."""
PROVIDER_TIMEOUT_S = 10.0
"""A person waits for the answer, and sees a page that says so afterwards."""
PROVIDER_BYTES_MAX = 512 * 1024
"""Its largest answer: the description of Keycloak has 7 kB, the keys of Entra 12."""
LOGIN_BURST, LOGIN_PER_S = 8, 1 / 60
"""Tries to log in, of one name or from one address: who mistypes has some, who guesses has one a minute."""
CHANGES_BURST, CHANGES_PER_S = 120, 5.0
"""Changes of one person: clicking through a page of failures is a burst, a program that goes astray is no more."""
RATES_MAX = 10_000
"""Names and addresses whose rate is remembered; the longest silent are forgotten first."""
ACCOUNT_PASSWORD_MIN, ACCOUNT_PASSWORD_MAX = 12, 200
"""Length of a password of a local account. NIST SP 800-63B asks for no other rules than length."""
ACCOUNT_SCRYPT_N, ACCOUNT_SCRYPT_R, ACCOUNT_SCRYPT_P = 1 << 15, 8, 3
"""OWASP's advice: 32 MB and a quarter of a second per guess."""
ANSWERS_KEPT_S = 24 * 3600.0
"""How long a request under the same Idempotency-Key gets the same answer: a program tries again for hours, not days."""
ANSWER_BUSY_S = 120.0
"""How long a request may be at work before another under its key may start anew: longer than any act takes."""
LOGIN_FORM_BYTES_MAX = 8 * 1024
"""The largest form of a login: a name, a password and where to go next."""

# Go-live check
LIVE_EVENTS_MAX = 500
"""The last events on the bus that are looked at: some days of a middle-sized municipality, mapped in a few seconds."""
LIVE_CLOCK_S = 30.0
"""How far the clocks of hub and target may differ: a token of ours must not come from their future (ZGW: `iat`)."""
LIVE_ORIGINS_SHOWN = 3
"""How many of the places where a type shows are named: the first ones lead to the rest."""

# Recording a message as a case
SWEPT_CHARS_MIN = 4
"""A replaced value of at least this length is replaced in other texts too; `van` and `12` stand everywhere."""
MOVED_DAYS_MIN, MOVED_DAYS_MAX = 7, 180
"""How far dates move back: no day stays what it was, and a term of half a year does not begin before its zaaktype."""
NAME_CHARS_MAX = 40
"""A longer name is wrong in a way that the case must keep: it stays as long. Invented names have at most 20."""
FILE_SUFFIX_CHARS_MAX = 5
"""`.docx` says what a document is; what is longer is part of a name."""
INVENT_ATTEMPTS_MAX = 200
"""Tries for a value that nobody in the message has: of 160 surnames the last free one is found in as many."""

# Imported message definitions
SCHEMA_FILES_MAX = 2_000
"""XSDs in one import: every set of StUF that VNG publishes, all sector models with GML together, has 1,400."""
SCHEMA_BYTES_MAX = 64 * 1024 * 1024
"""Of all of them unpacked: the largest set has 9 MB. What a zip says of itself is not believed."""

# Alerts
LOGBOOK_BATCH_MAX = 500
"""Records of the Logboek Dataverwerkingen in one request: some 200 kB."""
LOGBOOK_POLL_S = 2.0
"""How long is waited for the next record: a person who asks for the logbook finds what was done just now."""
LOGBOOK_AGAIN_S = 30.0
"""How long before a logbook that took nothing is tried again; what it misses stays on the bus for two weeks."""

ALERT_EVERY_S = 15.0
"""How often is looked what is wrong: an operator hears of it well within a minute."""
ALERT_CALM_S = 120.0
"""How long something must be right before it is over: what comes and goes is told once."""
ALERT_CERTIFICATE_DAYS = (90, 30, 7)
"""Days before its end at which a certificate is spoken of: ordering a PKIoverheid certificate takes two weeks."""
ALERT_WAIT_S, ALERT_WAIT_MAX_S = 30.0, 3600.0
"""First and longest wait before a channel that could not be reached is tried again."""
ALERT_TRIES_MAX = 48
"""Tries of one notice: two days; who hears of it later has seen it."""
ALERT_NOTICES_MAX = 50
"""Notices told in one round."""
MAIL_TIMEOUT_S = 20.0
"""One step of a mail server; greylisting answers at once that it is to be tried later."""

# Finding messages, and the audit
FIND_EXAMINED_MAX = 5_000
"""Messages looked at for one page: 0.2 s in PostgreSQL. Criteria that hardly ever meet are looked for from there on."""
FIND_PAGE = 50
"""Messages on one page of what was found."""
REMARKS_CHARS_MAX = 1_000
"""What is kept with a message of what was wrong with it, or was not read of it: some twenty paths; the log has all."""
TIMELINE_PAGE = 500
"""Lines of the life of a zaak in one page: an ordinary one has thirty, one with a hundred documents a thousand."""
AUDIT_PAGE = 1_000
"""Lines of the audit in memory at once, where it is followed, mirrored or exported: some 500 kB."""
AUDIT_MIRROR_S = 5.0
"""How long an act may stand in the ledger only: a small look. Who would remove it has to be quicker."""
AUDIT_FOLLOW_S = 1.0
"""How often an export that goes on looks for new lines."""

# Pauses
PAUSE_LOOK_S = 1.0
"""How often a worker asks the ledger which stages are shut: one small read. An announcement makes it sooner."""
PAUSE_PROBE_S, PAUSE_PROBE_MAX_S = 30.0, 900.0
"""First and longest wait before one message is tried through a stage that shut itself; the wait doubles each time."""
PAUSE_PROBE_LEASE_S = 300.0
"""How long a probe may take before another worker sends one: its worker was killed. The longest try takes 180 s."""
PAUSE_REASON_CHARS_MAX = 500
"""Length of a reason: what a person writes in a few sentences."""

# Vitals
VITALS_EVERY_S = 5.0
"""How often a worker says how its stages are doing: one row per stage."""
VITALS_LIVE_S = 20.0
"""How long that counts: three times in a row may be lost."""
VITALS_WINDOW_S = 300.0
"""Over how long messages are counted: a minute jumps up and down at a small municipality, an hour hides a stop."""

# Replay plans
PLAN_ITEMS_MAX = 250_000
"""Messages in one plan: frozen within the time of a statement; a week of a large municipality has fewer."""
PLAN_STATEMENT_ITEMS = 20_000
"""Messages that one statement changes: a second on a busy server, where a statement may take fifteen."""
PLAN_EVERYTHING_FROM = 20
"""From here a plan of everything that failed must be meant: below it a person sees at a glance what it is."""
PLAN_REPLAYS_MAX = 5
"""Times that one message is sent again by plans: what five plans did not mend needs another cure than a sixth."""
PLAN_RAMP_MAX = 10
"""Steps of a ramp: at ten times the size each, three lead from one message to a thousand."""
PLAN_PER_MINUTE_MAX = 600_000
"""Messages per minute: ten times what one worker and a target with 50 connections do."""
PLAN_JUDGED_MIN = 20
"""Messages of a step that must have ended before a ratio says something: one failure of three says nothing."""
PLAN_UNDER_WAY_MAX = 2_000
"""Messages of a plan that are let go and have not ended: two seconds of work of a worker, so a pause works at once."""
PLAN_LANES_MAX = 500
"""Zaken of which messages are let go in one turn."""
PLAN_CHUNK_MAX = 50
"""Messages of one zaak that are let go together: they follow each other in its queue without waiting for a turn."""
PLAN_BURST_S = 1.0
"""What may go at once of a rate that was not used: the turns of a runner are never exactly on time."""
PLAN_ITEM_S = 0.1
"""What one message takes a usual target: how long the zaak with the most messages is expected to take."""
PLAN_TURN_S = 0.2
"""Between two turns of a plan at work: a few small statements, and what people see as at once."""
PLAN_LOOK_S = 1.0
"""How often is looked for a plan that runs when this worker has none: one small read."""
PLAN_LEASE_S = 5.0
"""How long a worker keeps a plan that it says nothing of: many turns, and not much of a wait when it was killed."""
PLANS_AT_WORK_MAX = 20
"""Plans that are run side by side: more than there are people on duty."""
PLAN_READ_MAX = 100
"""Contents read at once: with events of 64 kB at most a few MB."""
PLAN_READ_S = 2.0
"""How long one turn begins reading more contents: other plans wait for it. Where it is slow a turn takes fewer."""
PLAN_COMPILED_MAX = 60
"""Earlier revisions, and mappings of them, that a worker keeps compiled: three connections searched to the end."""
PLAN_DOCUMENTS_MAX = 5_000
"""Messages with documents of which is looked whether these are still there: on a disk some seconds."""
PLAN_REVISIONS_MAX = 20
"""Revisions of a connection searched for the mapping of an earlier attempt: compiling one takes a second."""
PLAN_WATCH_S = 0.25
"""How often the command line looks how far a plan is."""
