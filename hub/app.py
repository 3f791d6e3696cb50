"""The only place that wires settings into running parts.

`Parts` are what the promises rest on (bus, ledger, payload store, clock, clients): opened from settings here, or
given by the testkit. `App` is the hub made of them: the door for a gateway, the stages for a worker, an operator for
the command line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Self

import structlog

from hub.bus.contract import Bus
from hub.bus.open import open_bus
from hub.bus.topics import Topics
from hub.clock import Clock, SystemClock
from hub.config import policy
from hub.config.connection import Connection, Direction
from hub.config.load import load_connections
from hub.config.settings import Settings
from hub.errors import ConfigurationWrong
from hub.flow.accept import Door
from hub.flow.activate import HINT, Activation
from hub.flow.bundle import Bundle, Forms, Mappings, compile_bundle, pack, read_bundle, revision_of
from hub.flow.deliver import Deliverer, Delivery
from hub.flow.follow import Follower, Use
from hub.flow.recall import Recall
from hub.flow.receive import Entrance, Reception
from hub.flow.replay import Operator
from hub.flow.stage import Stage, Work
from hub.flow.translate import Translation, Translator
from hub.ledger.contract import Ledger
from hub.ledger.open import open_ledger
from hub.mapping.run import Mapping as FieldMapping
from hub.net.client import TargetClient
from hub.observe.health import Health
from hub.observe.metrics import Metrics
from hub.payloads.contract import Payloads
from hub.payloads.open import open_payloads
from hub.ports.contracts import Client, Inbound, Outbound
from hub.ports.registry import Registry

log = structlog.get_logger()

ClientFor = Callable[[Connection], Client]


class Exit(NamedTuple):
    """An outbound connection as a stage sees it."""

    connection: Connection
    outbound: Outbound
    client: Client


class Configuration(NamedTuple):
    """All that files say, checked: connections with their adapters and compiled mappings.

    `files` are the packs of what the mappings are made of (where none is given it is read when it is needed), `forms`
    those of the messages of the connections' adapters. `wrong` holds what is wrong with mappings, where
    that was let pass.
    """

    settings: Settings
    connections: dict[str, Connection]
    inbound: dict[str, Inbound]
    outbound: dict[str, Outbound]
    mappings: dict[str, dict[str, FieldMapping]]
    files: Mapping[str, bytes] = MappingProxyType({})
    forms: Mapping[str, Forms] = MappingProxyType({})
    wrong: Mapping[str, ConfigurationWrong] = MappingProxyType({})

    @classmethod
    def load(cls, settings: Settings, environ: Mapping[str, str], *, mappings_right: bool = True) -> Configuration:
        """Read and check everything; raises ConfigurationWrong with every problem found, not just the first.

        Mappings need not be right for who has no use for them, or may get them from the ledger.
        """
        connections = load_connections(settings.mappings, environ)
        registry = Registry()
        inbound: dict[str, Inbound] = {}
        outbound: dict[str, Outbound] = {}
        mappings: dict[str, dict[str, FieldMapping]] = {}
        files: dict[str, bytes] = {}
        forms: dict[str, Forms] = {}
        wrong: dict[str, ConfigurationWrong] = {}
        problems: list[ConfigurationWrong] = []
        for name, connection in connections.items():
            try:
                if connection.direction is Direction.INBOUND:
                    inbound[name] = registry.inbound(connection)
                else:
                    outbound[name] = registry.outbound(connection)
            except ConfigurationWrong as problem:
                problems.append(problem)
            try:
                forms[name] = registry.forms(connection.adapter)
                _, read, files[name] = read_bundle(name, settings.mappings, forms=forms[name])
                mappings[name] = dict(read)
            except ConfigurationWrong as problem:
                mappings[name] = {}
                wrong[name] = problem
        if mappings_right:
            problems += wrong.values()
        if problems:
            raise ConfigurationWrong.several(problems)
        return cls(settings, connections, inbound, outbound, mappings, files, forms, wrong)


class Parts(NamedTuple):
    """What the hub stands on. `client_for` makes the HTTP client of an outbound connection."""

    bus: Bus
    ledger: Ledger
    payloads: Payloads
    clock: Clock
    client_for: ClientFor

    @classmethod
    def open(cls, settings: Settings, *, metrics: Metrics, client_id: str) -> Parts:
        """Open the parts that the settings name; nothing is connected yet."""
        clock = SystemClock()
        for folder in (settings.home, *(_folder_of(url) for url in (settings.bus, settings.ledger))):
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
        return cls(
            bus=open_bus(settings.bus, clock=clock, client_id=client_id),
            ledger=open_ledger(settings.ledger, clock=clock),
            payloads=open_payloads(settings.payloads),
            clock=clock,
            client_for=lambda connection: TargetClient.of(connection, clock=clock, metrics=metrics),
        )


class App:
    """The hub, ready to run one or more of its roles in this process."""

    def __init__(self, configuration: Configuration, parts: Parts, *, metrics: Metrics) -> None:
        self.configuration = configuration
        self.metrics = metrics
        self.health = Health(timeout_s=policy.HEALTH_TIMEOUT_S)
        self.topics = Topics(configuration.settings.omgeving, configuration.settings.gemeente)
        self.bus, self.ledger, self.payloads, self.clock, self._client_for = parts
        self.running: dict[str, Stage] = {}
        self.follower: Follower | None = None
        self._uses: dict[str, Use] = {}
        self.door = Door(bus=self.bus, ledger=self.ledger, clock=self.clock)
        self.reception = Reception(
            door=self.door, payloads=self.payloads, ledger=self.ledger, clock=self.clock, metrics=metrics
        )
        self.entrances = {
            name: Entrance(configuration.connections[name], inbound, self.topics.inbound(name))
            for name, inbound in configuration.inbound.items()
        }
        self.exits = {
            name: Exit(configuration.connections[name], outbound, self._client_for(configuration.connections[name]))
            for name, outbound in configuration.outbound.items()
        }
        self.health.add_ready("bus", self.bus.healthy)

    @classmethod
    def open(
        cls, settings: Settings, environ: Mapping[str, str], *, client_id: str, mappings_right: bool = True
    ) -> Self:
        """Load the configuration and open the parts; raises ConfigurationWrong (see `Configuration.load`)."""
        metrics = Metrics()
        configuration = Configuration.load(settings, environ, mappings_right=mappings_right)
        return cls(configuration, Parts.open(settings, metrics=metrics, client_id=client_id), metrics=metrics)

    async def __aenter__(self) -> Self:
        """Connect to the bus and the ledger and see that all topics exist."""
        async with AsyncExitStack() as stack:
            await self.ledger.start()
            stack.push_async_callback(self.ledger.stop)
            await self.bus.start()
            stack.push_async_callback(self.bus.stop)
            for each in self.exits.values():
                if isinstance(each.client, TargetClient):
                    stack.push_async_callback(each.client.close)
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
        self.follower = Follower(ledger=self.ledger, clock=self.clock, compile_=self.compiled, uses=self._uses)
        await self.follower.begin(self._in_folder(), self.configuration.wrong)

    async def work(self, stop: asyncio.Event) -> None:
        """Be a worker until `stop`: run every stage, follow revisions, wake when an operator acts."""
        if self.follower is None:
            await self.prepare_work()
        assert self.follower is not None
        stages, follower = self.running, self.follower
        # Not for a gateway: accepting goes on while the ledger is down.
        self.health.add_ready("ledger", self.ledger.healthy)
        await self.bus.listen(self.topics.control(), _waker(stages, follower))
        async with asyncio.TaskGroup() as group:
            for stage in stages.values():
                group.create_task(stage.run())
            group.create_task(follower.run(stop))
            await stop.wait()
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
        return Operator(ledger=self.ledger, bus=self.bus, control_topic=self.topics.control(), clock=self.clock)

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

    def _in_folder(self) -> dict[str, Bundle]:
        root = self.configuration.settings.mappings
        return {
            name: Bundle(revision_of(mappings), mappings, self.configuration.files.get(name) or pack(name, root))
            for name, mappings in self.configuration.mappings.items()
            if name not in self.configuration.wrong
        }

    def _stage(self, name: str, topics: list[str], work: Work) -> Stage:
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
        )

    def _translation(self, name: str) -> Translation:
        settings = self.configuration.settings
        translator = Translator(
            connection=name,
            # NL GOV profile for CloudEvents: an URN with the OIN of the organisation and the name of the system.
            source=f"urn:nld:oin:{settings.oin}:systeem:zaakhub",
            inbound=self.entrances[name].inbound,
            mappings=self.configuration.mappings[name],
        )
        self._uses[name] = translator.use
        return Translation(translator, topics=self.topics, bus=self.bus, ledger=self.ledger, metrics=self.metrics)

    def _delivery(self, name: str, each: Exit) -> Delivery:
        deliverer = Deliverer(
            connection=name,
            outbound=each.outbound,
            mappings=self.configuration.mappings[name],
            client=each.client,
            contents=self.payloads,
            clock=self.clock,
            limits=each.connection.policy,
        )
        self._uses[name] = deliverer.use
        return Delivery(deliverer)

    def _partitions(self) -> dict[str, int]:
        domains = {each.connection.domain or "" for each in self.exits.values()}
        return {
            **{entrance.topic: policy.PARTITIONS for entrance in self.entrances.values()},
            **{self.topics.events(domain): policy.PARTITIONS for domain in {"zaken", *domains}},
            **{self.topics.failures(name): 1 for name in self.configuration.connections},
            self.topics.control(): 1,
        }


def _waker(stages: Mapping[str, Stage], follower: Follower) -> Callable[[str, bytes], Awaitable[None]]:
    async def wake(key: str, value: bytes) -> None:
        if key == "wake" and (stage := stages.get(value.decode())) is not None:
            stage.wake()
        elif key == HINT:
            follower.wake()

    return wake


def _folder_of(url: str) -> Path | None:
    scheme, _, rest = url.partition(":")
    return Path(rest).parent if scheme in {"embedded", "sqlite"} and rest != ":memory:" else None
