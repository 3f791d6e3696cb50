"""The only place that wires settings into running parts.

`Parts` are what the promises rest on (bus, ledger, payload store, clock, clients): opened from settings here, or
given by the testkit. `App` is the hub made of them: the door for a gateway, the stages for a worker, an operator for
the command line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import structlog
from pydantic import SecretStr

from hub.bus.contract import Bus
from hub.bus.open import open_bus
from hub.bus.topics import Topics
from hub.clock import Clock, SystemClock
from hub.config import policy
from hub.config.connection import Connection, Direction
from hub.config.likely import did_you_mean
from hub.config.policy import ConnectionPolicy
from hub.config.settings import DEVELOPMENT, Settings
from hub.config.target import Target
from hub.configuration import Configuration, Need
from hub.desk.activate import HINT, Activation
from hub.desk.case import CaseOf
from hub.desk.content import Contents
from hub.desk.edit import Editor
from hub.desk.find import Finder
from hub.desk.indicaties import Indicaties
from hub.desk.load import Loader
from hub.desk.mirror import Mirror
from hub.desk.origin import Origins
from hub.desk.pause import Pauser
from hub.desk.plan.plans import Plans
from hub.desk.plan.redirect import REPLAYS
from hub.desk.plan.refill import Refill
from hub.desk.plan.runner import Runner
from hub.desk.recall import Recall
from hub.desk.replay import Operator
from hub.desk.suggest import Rules
from hub.desk.tell import SERVICE, Teller, channels_of
from hub.desk.watch import Watched, Watcher, watched
from hub.errors import ActRefused, ConfigurationWrong, HubUnavailable
from hub.event.catalogue import EVENT_TYPES
from hub.flow.accept import Door
from hub.flow.answerer import Answerer
from hub.flow.ask import Asker, kinds_asked
from hub.flow.backstop import Backstop
from hub.flow.bundle import Bundle, Mappings, compile_bundle, pack, revision_of
from hub.flow.deliver import Deliverer, Delivery
from hub.flow.enrich import Enricher, Lookups
from hub.flow.entrance import Entrance
from hub.flow.fetch import Fetcher
from hub.flow.follow import Follower, Use
from hub.flow.forward import Forwarder
from hub.flow.gate import Gate
from hub.flow.late import Late
from hub.flow.receive import Reception
from hub.flow.remembered import Remembered
from hub.flow.report import Duties, Reporter
from hub.flow.stage import Stage, Work
from hub.flow.standing import Flow
from hub.flow.token import Replays
from hub.flow.translate import Translation, Translator
from hub.flow.valve import Valve
from hub.flow.valves import HINT as VALVE_HINT
from hub.flow.valves import Valves
from hub.flow.valves import tell as tell_valves
from hub.flow.verstrekking import Verstrekking
from hub.flow.vitals import Condition, Vitals, overview
from hub.flow.volgen import Volger
from hub.ledger.contract import Ledger
from hub.ledger.open import open_ledger
from hub.net import otlp
from hub.net.allowance import Allowance
from hub.net.client import TargetClient
from hub.observe.health import Health
from hub.observe.metrics import Level, Metrics
from hub.payloads.contract import Payloads
from hub.payloads.open import open_payloads
from hub.ports.contracts import Client, Fetching, Inbound, Lookup, Outbound
from hub.ports.registry import Registry
from hub.security.certificate import ends_at
from hub.security.keys import Keys

log = structlog.get_logger()

T = TypeVar("T")
ClientFor = Callable[[Connection], Client]


class Exit(NamedTuple):
    """An outbound connection as a stage sees it."""

    connection: Connection
    outbound: Outbound
    client: Client


class Parts(NamedTuple):
    """What the hub stands on. `client_for` makes the HTTP client of an outbound connection."""

    bus: Bus
    ledger: Ledger
    payloads: Payloads
    clock: Clock
    client_for: ClientFor
    keys: Keys

    @classmethod
    def open(cls, settings: Settings, *, metrics: Metrics, client_id: str) -> Parts:
        """Open the parts that the settings name; nothing is connected yet."""
        clock = SystemClock()
        for folder in (settings.home, *(_folder_of(url) for url in (settings.bus, settings.ledger))):
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
        ledger = open_ledger(settings.ledger, clock=clock)
        keys = Keys.at(settings.key_file, made_at=settings.home / "key" if settings.omgeving == DEVELOPMENT else None)

        def client_for(connection: Connection) -> Client:
            allowances = _allowances(connection.target, ledger=ledger, keys=keys, clock=clock)
            return TargetClient.of(connection, clock=clock, metrics=metrics, allowances=allowances)

        return cls(
            bus=open_bus(settings.bus, clock=clock, client_id=client_id),
            ledger=ledger,
            payloads=open_payloads(settings.payloads),
            clock=clock,
            client_for=client_for,
            keys=keys,
        )


class App:
    """The hub, ready to run one or more of its roles in this process."""

    def __init__(self, configuration: Configuration, parts: Parts, *, metrics: Metrics) -> None:
        self.configuration = configuration
        self.metrics = metrics
        self.health = Health(timeout_s=policy.HEALTH_TIMEOUT_S)
        self.topics = Topics(configuration.settings.omgeving, configuration.settings.gemeente)
        self.bus, self.ledger, self.payloads, self.clock, self._client_for, self.keys = parts
        self.running: dict[str, Stage] = {}
        self.follower: Follower | None = None
        self._duties = Duties(configuration.connections)
        self._current: dict[str, Mappings] = dict(configuration.mappings)
        self._users: dict[str, list[Use]] = {name: [] for name in configuration.connections}
        self._translators: dict[str, Translator] = {}
        self._replays = Replays(lambda: self.keys.of("replay"), self.ledger)
        self.door = Door(bus=self.bus, ledger=self.ledger, clock=self.clock, pseudonym=self.keys.subject)
        self.reception = Reception(
            door=self.door, payloads=self.payloads, ledger=self.ledger, clock=self.clock, metrics=metrics
        )
        self._olds = {
            name: self._client_for(_old_of(each)) for name, each in configuration.connections.items() if each.crossing
        }
        self.exits = {
            name: Exit(configuration.connections[name], outbound, self._client_for(configuration.connections[name]))
            for name, outbound in configuration.outbound.items()
        }
        self.answerers = {name: self._answerer(name, lookup) for name, lookup in configuration.lookups.items()}
        self.lookups = Lookups(self.answerers, payloads=self.payloads, clock=self.clock)
        self.entrances = {name: self._entrance(name, inbound) for name, inbound in configuration.inbound.items()}
        self._webhook = self._webhook_client()
        self._logbook = self._logbook_client()
        self.channels = channels_of(
            configuration.alerts,
            webhook=self._webhook,
            installation=f"{configuration.settings.gemeente} {configuration.settings.omgeving}",
            console=configuration.settings.console_origin,
        )
        self.sources = {
            name: self._client_for(configuration.connections[name])
            for name in configuration.inbound
            if configuration.connections[name].target is not None
        }
        self.health.add_ready("bus", self.bus.healthy)

    @classmethod
    def open(
        cls, settings: Settings, environ: Mapping[str, str], *, client_id: str, mappings: Need = Need.RIGHT
    ) -> Self:
        """Load the configuration and open the parts; raises ConfigurationWrong (see `Configuration.load`)."""
        metrics = Metrics()
        configuration = Configuration.load(settings, environ, mappings=mappings)
        return cls(configuration, Parts.open(settings, metrics=metrics, client_id=client_id), metrics=metrics)

    async def __aenter__(self) -> Self:
        """Connect to the bus and the ledger and see that all topics exist."""
        async with AsyncExitStack() as stack:
            await self.ledger.start()
            stack.push_async_callback(self.ledger.stop)
            await self.bus.start()
            stack.push_async_callback(self.bus.stop)
            for client in (
                *{each.client for each in self.exits.values()}.union(each.client for each in self.answerers.values()),
                *self.sources.values(),
                *self._olds.values(),
                self._webhook,
                self._logbook,
            ):
                if isinstance(client, TargetClient):
                    stack.push_async_callback(client.close)
            await self.bus.ensure_topics(self._partitions())
            self._open = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def prepare_work(self) -> None:
        """Make the stages, with the mappings that are active: those of the ledger, else those in the folder.

        Raises ConfigurationWrong when a connection has neither.
        """
        self.running = self.stages()
        # Before the first try: a stage that was shut when the worker stopped is shut when it starts.
        await self._valves().look()
        self.follower = self._follower(self.configuration.connections)
        await self.follower.begin(self._in_folder(), self.configuration.wrong)

    async def attend(self, stop: asyncio.Event) -> None:
        """Be the doors only, until `stop`: follow the revisions of the mappings that questions and answers pass.

        While the ledger is down, questions are answered by what lies in the folder; accepting needs no mapping.
        """
        asking = self._asking()
        if not asking:
            await stop.wait()
            return
        follower = self._follower(asking)
        await self.bus.listen(self.topics.control(), _waker({}, follower))
        while not stop.is_set():
            try:
                await follower.begin(self._in_folder(), self.configuration.wrong)
                await follower.run(stop)
            except HubUnavailable as error:
                log.warning("revisions_unknown", code=error.code)
            except ConfigurationWrong as wrong:
                log.warning("questions_without_mapping", reason=str(wrong))
            await self.clock.sleep(policy.REVISION_POLL_S)

    async def work(self, stop: asyncio.Event) -> None:
        """Be a worker until `stop`: run every stage, follow revisions, wake when an operator acts."""
        if self.follower is None:
            await self.prepare_work()
        assert self.follower is not None
        stages, follower, valves = self.running, self.follower, self._valves()
        # Not for a gateway: accepting goes on while the ledger is down.
        self.health.add_ready("ledger", self.ledger.healthy)
        await self.bus.listen(self.topics.control(), _waker(stages, follower, valves))
        async with asyncio.TaskGroup() as group:
            for stage in stages.values():
                group.create_task(stage.run())
            group.create_task(follower.run(stop))
            group.create_task(valves.run(stop))
            group.create_task(self._vitals(follower.worker).run(stop))
            rounds = [
                *(group.create_task(self._backstop(name).run()) for name in self.configuration.polling),
                *(group.create_task(self._reporter(name).run()) for name in self.configuration.reporting),
                group.create_task(self._watcher().run()),
                group.create_task(self._teller().run()),
                group.create_task(self._plan_runner().run()),
                group.create_task(self.mirror().run()),
            ]
            if (forwarder := self._forwarder()) is not None:
                rounds.append(group.create_task(forwarder.run()))
            await stop.wait()
            for each in rounds:
                each.cancel()
            for stage in stages.values():
                stage.stop()

    def stages(self) -> dict[str, Stage]:
        """Make the stages of all connections, by name."""
        return {
            **{
                name: self._stage(name, [self.topics.inbound(name)], self._translation(name)) for name in self.entrances
            },
            **{
                name: self._stage(name, [self.topics.events(each.connection.domain or "")], self._delivery(name, each))
                for name, each in self.exits.items()
            },
        }

    def operator(self) -> Operator:
        """Give what an operator may do."""
        return Operator(
            ledger=self.ledger,
            bus=self.bus,
            control_topic=self.topics.control(),
            clock=self.clock,
            duties=self._duties,
        )

    def plans(self) -> Plans:
        """Give what people do with replay plans."""
        return Plans(
            self.configuration.connections,
            ledger=self.ledger,
            bus=self.bus,
            payloads=self.payloads,
            control_topic=self.topics.control(),
            clock=self.clock,
        )

    def contents(self) -> Contents:
        """Give what puts the shapes of a message together."""
        return Contents(
            recall=self.recall(), ledger=self.ledger, configuration=self.configuration, mappings=self.mappings_of
        )

    def editor(self) -> Editor:
        """Give what corrects messages."""
        return Editor(
            operator=self.operator(),
            contents=self.contents(),
            ledger=self.ledger,
            clock=self.clock,
            connections=self.configuration.connections,
            adapters=self.configuration,
            mappings=self.mappings_of,
            pseudonym=self.keys.subject,
        )

    def rules(self) -> Rules:
        """Give what makes rules of edits."""
        settings, forms = self.configuration.settings, self.configuration.forms
        return Rules(
            origins=self._origins(), root=settings.mappings, home=settings.home, forms=forms, mappings=self.mappings_of
        )

    def cases(self) -> CaseOf:
        """Give what makes test cases of edits."""
        return CaseOf(
            origins=self._origins(),
            configuration=self.configuration,
            mappings=self.mappings_of,
            home=self.configuration.settings.home,
        )

    async def learn(self, connections: Iterable[str]) -> None:
        """Know the mappings that run at these connections: for who opened the hub without any.

        Raises ConfigurationWrong when they cannot be compiled.
        """
        for name in sorted(set(connections) & self.configuration.connections.keys()):
            running = await self.activation().running(name)
            files = await self.activation().files(running) if running is not None else None
            self._use(name, await self.compiled(name, files or pack(name, self.configuration.settings.mappings)))

    def mappings_of(self, connection: str) -> Mappings:
        """Give the mappings that run at a connection now."""
        return self._current.get(connection, {})

    def pauser(self) -> Pauser:
        """Give what pauses connections and lets them go on."""
        return Pauser(
            self.configuration.connections,
            ledger=self.ledger,
            bus=self.bus,
            control_topic=self.topics.control(),
            clock=self.clock,
        )

    async def measure(self) -> None:
        """Bring the levels among the metrics up to date."""
        try:
            counts = await self.ledger.counts()
        except HubUnavailable:
            log.warning("metrics_without_ledger")
        else:
            self.metrics.level(Level.PARKED_ITEMS, counts["parked_items"])
            self.metrics.level(Level.FAILURES_OPEN, counts["failures_open"])
        for stage in self.running.values():
            self.metrics.level(Level.LAG, await stage.lag(), stage.name)
            for flow in (Flow.PAUSED, Flow.HELD, Flow.WINDOW):
                self.metrics.level(Level.SHUT, stage.valve.standing.flow is flow, stage.name, flow.value)
            is_open = stage.breaker is not None and stage.breaker.is_open
            self.metrics.level(Level.BREAKER_OPEN, is_open, stage.name)

    async def overview(self) -> dict[str, Condition]:
        """Say how every connection is doing; raises HubUnavailable."""
        return await overview(self.ledger, self.configuration.connections, self.clock.now())

    def finder(self) -> Finder:
        """Give what finds messages for a person."""
        return Finder(ledger=self.ledger, clock=self.clock, subject=self.keys.subject)

    def indicaties(self) -> Indicaties:
        """Give what follows persons on behalf of receivers."""
        return Indicaties(
            self.configuration.connections,
            ledger=self.ledger,
            clock=self.clock,
            subject=self.keys.subject,
            seal=self.keys.sealed,
            unseal=self.keys.unsealed,
        )

    def loader(self, connection: str) -> Loader:
        """Give what loads an inbound connection; raises ActRefused where nothing can be loaded."""
        known = self.configuration.connections.get(connection)
        if known is None or connection not in self.entrances:
            raise ActRefused(
                f"there is no inbound connection {connection}",
                code="onbekend",
                advice=did_you_mean(connection, self.entrances),
            )
        loading = Registry().loading(known)
        if loading is None:
            raise ActRefused(
                f"adapter {known.adapter} has no message for an initial load", code="koppeling", advice="see its README"
            )
        return Loader(
            self.entrances[connection],
            loading=loading,
            key=partial(self.keys.of, "vulling"),
            door=self.door,
            ledger=self.ledger,
            clock=self.clock,
        )

    def mirror(self) -> Mirror:
        """Give what copies the audit to the bus."""
        return Mirror(ledger=self.ledger, bus=self.bus, topic=self.topics.audit(), clock=self.clock)

    def recall(self) -> Recall:
        """Give what finds recorded messages back."""
        return Recall(bus=self.bus, ledger=self.ledger, topics=self.topics, configuration=self.configuration)

    def activation(self) -> Activation:
        """Give what brings a connection from one revision of its mappings to the next."""
        return Activation(ledger=self.ledger, bus=self.bus, control_topic=self.topics.control(), clock=self.clock)

    async def compiled(self, connection: str, files: bytes) -> Mappings:
        """Compile a pack of mappings, beside the loop: it takes a second in which messages go on."""
        settings = self.configuration.settings
        return await asyncio.to_thread(
            compile_bundle,
            connection,
            files,
            root_name=settings.mappings.name,
            home=settings.home,
            forms=self.configuration.forms.get(connection, {}),
        )

    def _origins(self) -> Origins:
        return Origins(
            ledger=self.ledger,
            recall=self.recall(),
            contents=self.contents(),
            configuration=self.configuration,
            mappings=self.mappings_of,
        )

    def _answerer(self, name: str, lookup: Lookup) -> Answerer:
        """Give who answers; a system that also takes events is reached by one client."""
        known, connection = self.exits.get(name), self.configuration.connections[name]
        client = known.client if known is not None else self._client_for(connection)
        remembered = None
        if connection.cache is not None:
            remembered = Remembered(name, connection.cache, clock=self.clock, metrics=self.metrics)
        return Answerer(name, lookup, client, lambda: self._current[name], remembered)

    def _entrance(self, name: str, inbound: Inbound) -> Entrance:
        connection = self.configuration.connections[name]

        def delivers(kind: str) -> bool:
            mapping = self._current[name].get(kind)
            return mapping is not None and mapping.gives in self._current.get(connection.delivers_to, {})

        asker = Asker(
            connection,
            inbound=inbound,
            mappings=lambda: self._current[name],
            enricher=Enricher(connection, self.lookups),
            volger=Volger(
                connection,
                ledger=self.ledger,
                clock=self.clock,
                subject=self.keys.subject,
                seal=self.keys.sealed,
            ),
            answerers=[self.answerers[asks] for asks in connection.answerers if asks in self.answerers],
            gemeente=self.topics.gemeente,
            audit_topic=self.topics.audit(),
            log_topic=self.topics.verwerkingen(),
            seal=self.keys.sealed,
            bus=self.bus,
            ledger=self.ledger,
            payloads=self.payloads,
            clock=self.clock,
            metrics=self.metrics,
        )
        return Entrance(
            connection=connection,
            inbound=inbound,
            topic=self.topics.inbound(name),
            asker=asker,
            gate=Gate(connection),
            old=self._olds.get(name),
            delivers=delivers,
        )

    def _asking(self) -> set[str]:
        """Name the connections whose mappings the doors need themselves."""
        connections = self.configuration.connections
        asking = {name for name, mappings in self._current.items() if any(kinds_asked(mappings))}
        # Whether the target takes a change whose sender waits is for the door to say.
        asking |= {name for name, each in connections.items() if each.answerers}
        looked_up = {
            group.lookup.asks
            for name in asking
            for mapping in self._current[name].values()
            for group in mapping.lookups
            if group.lookup is not None
        }
        asking |= looked_up & connections.keys()
        return asking | {asks for name in asking for asks in connections[name].answerers}

    def _follower(self, names: Iterable[str]) -> Follower:
        uses = {name: partial(self._use, name) for name in names}
        return Follower(ledger=self.ledger, clock=self.clock, compile_=self.compiled, uses=uses)

    def _use(self, name: str, mappings: Mappings) -> None:
        self._current[name] = mappings
        for use in self._users[name]:
            use(mappings)

    def _in_folder(self) -> dict[str, Bundle]:
        root = self.configuration.settings.mappings
        return {
            name: Bundle(revision_of(mappings), mappings, self.configuration.files.get(name) or pack(name, root))
            for name, mappings in self.configuration.mappings.items()
            if name not in self.configuration.wrong
        }

    def _stage(self, name: str, topics: list[str], work: Work) -> Stage:
        client = self.exits[name].client if name in self.exits else None
        return Stage(
            name=name,
            group=self.topics.group(name),
            topics=topics,
            failures_topic=self.topics.failures(name),
            work=work,
            bus=self.bus,
            ledger=self.ledger,
            clock=self.clock,
            metrics=self.metrics,
            limits=self.configuration.connections[name].policy,
            duties=self._duties,
            valve=Valve(
                name,
                windows=self.configuration.connections[name].windows,
                limits=self.configuration.connections[name].policy,
                ledger=self.ledger,
                clock=self.clock,
                tell=partial(tell_valves, self.bus, self.topics.control()),
            ),
            breaker=client.breaker if isinstance(client, TargetClient) else None,
            target=target.name if (target := self.configuration.connections[name].target) else "",
        )

    def _translation(self, name: str) -> Translation:
        settings = self.configuration.settings
        translator = Translator(
            connection=self.configuration.connections[name],
            # NL GOV profile for CloudEvents: an URN with the OIN of the organisation and the name of the system.
            source=f"urn:nld:oin:{settings.oin}:systeem:zaakhub",
            inbound=self.entrances[name].inbound,
            mappings=self.configuration.mappings[name],
            subject=self.keys.subject,
        )
        self._users[name].append(translator.use)
        self._translators[name] = translator
        fetching = self.configuration.fetching.get(name)
        return Translation(
            translator,
            topics=self.topics,
            bus=self.bus,
            ledger=self.ledger,
            payloads=self.payloads,
            clock=self.clock,
            metrics=self.metrics,
            replays=self._replays,
            source=self._fetcher(name, fetching, translator) if fetching is not None else None,
            recheck=self.configuration.connections[name].recheck,
            shadow=self.configuration.connections[name].shadow,
            late=Late(
                name,
                _delivering(self.configuration.connections[name], self.configuration.connections),
                ledger=self.ledger,
                clock=self.clock,
                metrics=self.metrics,
            ),
        )

    def _fetcher(self, name: str, fetching: Fetching, translator: Translator) -> Fetcher:
        return Fetcher(
            self.configuration.connections[name],
            fetching=fetching,
            client=self.sources[name],
            reads=translator.reads,
            bus=self.bus,
            log_topic=self.topics.verwerkingen(),
            seal=self.keys.sealed,
            clock=self.clock,
        )

    def _reporter(self, name: str) -> Reporter:
        return Reporter(
            self.configuration.connections[name],
            reporting=self.configuration.reporting[name],
            client=self.sources[name],
            mine=lambda: self.running[name].leads,
            ledger=self.ledger,
            clock=self.clock,
        )

    def _watcher(self) -> Watcher:
        async def look() -> Sequence[Watched]:
            return await watched(self.ledger, self.configuration.connections, self.clock.now())

        return Watcher(
            look=look, channels=sorted(self.channels), mine=self._leads, ledger=self.ledger, clock=self.clock
        )

    def _teller(self) -> Teller:
        return Teller(channels=self.channels, mine=self._leads, ledger=self.ledger, clock=self.clock)

    def _leads(self) -> bool:
        """Say whether what one worker does for all connections is for this one."""
        return bool(self.running) and self.running[min(self.running)].leads

    def _webhook_client(self) -> TargetClient | None:
        webhook = self.configuration.alerts.webhook
        if webhook is None:
            return None
        target = Target(services={SERVICE: webhook.parts.base})
        limits = ConnectionPolicy()
        return TargetClient(target, name=SERVICE, limits=limits, clock=self.clock, metrics=self.metrics)

    def _forwarder(self) -> Forwarder | None:
        """Give what keeps the Logboek Dataverwerkingen elsewhere; None where nobody said where."""
        settings, client = self.configuration.settings, self._logbook
        if client is None:
            return None
        resource = {"service.name": "zaakhub", "deployment.environment.name": settings.omgeving}
        return Forwarder(
            bus=self.bus,
            topic=self.topics.verwerkingen(),
            refused_topic=self.topics.verwerkingen_geweigerd(),
            group=self.topics.group("logboek"),
            send=partial(otlp.send, client, resource=resource),
            clock=self.clock,
            metrics=self.metrics,
        )

    def _logbook_client(self) -> TargetClient | None:
        url = self.configuration.settings.logbook_url
        if not url:
            return None
        target = Target(services={otlp.SERVICE: url})
        return TargetClient(
            target, name=otlp.SERVICE, limits=ConnectionPolicy(), clock=self.clock, metrics=self.metrics
        )

    def _valves(self) -> Valves:
        valves = {name: stage.valve for name, stage in self.running.items()}
        return Valves(valves, ledger=self.ledger, clock=self.clock)

    def _vitals(self, worker: str) -> Vitals:
        return Vitals(
            worker, self.running, certificate_ends=self._certificate_ends, ledger=self.ledger, clock=self.clock
        )

    def _certificate_ends(self, name: str) -> datetime | None:
        """Say until when a connection can show who the hub is: to its target, and to its senders."""
        connection = self.configuration.connections[name]
        to_senders = self.configuration.settings.tls_certificate if name in self.entrances else None
        to_target = connection.target.tls.certificate if connection.target and connection.target.tls else None
        ends = []
        for file in (to_senders, to_target):
            with suppress(ConfigurationWrong):  # `zaakhub check` says what is wrong with it
                ends += [ends_at(file)] if file is not None else []
        return min(ends, default=None)

    def _backstop(self, name: str) -> Backstop:
        return Backstop(
            self.entrances[name],
            polling=self.configuration.polling[name],
            client=self.sources[name],
            mine=lambda: self.running[name].leads,
            door=self.door,
            ledger=self.ledger,
            clock=self.clock,
            metrics=self.metrics,
        )

    def _delivery(self, name: str, each: Exit) -> Delivery:
        deliverer = Deliverer(
            connection=name,
            outbound=each.outbound,
            verstrekking=Verstrekking(
                each.connection,
                topic=self.topics.verwerkingen(),
                bus=self.bus,
                ledger=self.ledger,
                clock=self.clock,
                subject=self.keys.subject,
                seal=self.keys.sealed,
            ),
            enricher=Enricher(each.connection, self.lookups),
            mappings=self.configuration.mappings[name],
            client=each.client,
            contents=self.payloads,
            clock=self.clock,
            limits=each.connection.policy,
        )
        self._users[name].append(deliverer.use)
        return Delivery(
            deliverer,
            replays=self._replays,
            heard_from_target=heard_from(each.connection, self.configuration.connections),
            only_replays=each.connection.takes == REPLAYS,
        )

    def _plan_runner(self) -> Runner:
        refill = Refill(
            ledger=self.ledger,
            bus=self.bus,
            replays=self._replays,
            translators=self._translators,
            fetching=frozenset(self.configuration.fetching),
            connections=self.configuration.connections,
            mappings=self.mappings_of,
            compiled=self.compiled,
        )
        return Runner(
            ledger=self.ledger, bus=self.bus, control_topic=self.topics.control(), clock=self.clock, refill=refill
        )

    def _partitions(self) -> dict[str, int]:
        # What messages become is for mappings to say, and these change under running workers.
        domains = {each.domain for each in EVENT_TYPES.values()}
        return {
            **{entrance.topic: policy.PARTITIONS for entrance in self.entrances.values()},
            **{self.topics.events(domain): policy.PARTITIONS for domain in domains},
            **{self.topics.failures(name): 1 for name in (*self.entrances, *self.exits)},
            self.topics.control(): 1,
            self.topics.audit(): 1,
            self.topics.verwerkingen(): 1,
            self.topics.verwerkingen_geweigerd(): 1,
        }


def _old_of(connection: Connection) -> Connection:
    """Give the connection as one to its old system: an answer may be as large as a message."""
    assert connection.crossing is not None, "only a connection with a crossing has an old system"
    limits = connection.policy.model_copy(update={"response_bytes_max": connection.policy.message_bytes_max})
    return connection.model_copy(update={"target": connection.crossing.old, "policy": limits})


def _allowances(target: Target | None, *, ledger: Ledger, keys: Keys, clock: Clock) -> dict[str, Allowance]:
    """Give what keeps a client to the limits of each service, with all others that have the same key at that host."""
    if target is None or target.limits is None:
        return {}

    def name(host: str, known_by: SecretStr) -> str:
        return f"{host} {keys.alias(known_by)}"

    by_host = {
        target.host_of(service): Allowance(
            ledger,
            name=partial(name, target.host_of(service), target.counted_at(service)),
            limits=target.limits,
            clock=clock,
        )
        for service in target.services
    }
    return {service: by_host[target.host_of(service)] for service in target.services}


def heard_from(delivering: Connection, connections: Mapping[str, Connection]) -> frozenset[str]:
    """Name the inbound connections whose source is the system that this one delivers to: by a URL that both have."""
    assert delivering.target is not None, "an outbound connection has a target"
    urls = set(delivering.target.services.values())
    return frozenset(
        name
        for name, each in connections.items()
        if each.direction is Direction.INBOUND
        and each.adapter == delivering.adapter
        and each.target is not None
        and urls & set(each.target.services.values())
    )


def _delivering(receiving: Connection, connections: Mapping[str, Connection]) -> frozenset[str]:
    """Name the outbound connections to the system that an inbound one receives from: it may speak up later."""
    if receiving.answerers:
        return frozenset({receiving.delivers_to})
    return frozenset(
        name
        for name, each in connections.items()
        if each.direction is Direction.OUTBOUND and each.adapter == receiving.adapter
    )


def _waker(
    stages: Mapping[str, Stage], follower: Follower, valves: Valves | None = None
) -> Callable[[str, bytes], Awaitable[None]]:
    async def wake(key: str, value: bytes) -> None:
        if key == "wake" and (stage := stages.get(value.decode())) is not None:
            stage.wake()
        elif key == HINT:
            follower.wake()
        elif key == VALVE_HINT and valves is not None:
            valves.wake()

    return wake


def _folder_of(url: str) -> Path | None:
    scheme, _, rest = url.partition(":")
    return Path(rest).parent if scheme in {"embedded", "sqlite"} and rest != ":memory:" else None
