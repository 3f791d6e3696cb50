"""The sheet of a connection: what Dutch tender texts ask of an integration, answered out of what is written down.

The questions are those of EGEM's "Bestekteksten voor op StUF gebaseerde koppelingen" (context, sector model, pattern,
binding, A.1 to A.11), GIBIT and the GEMMA servicebus component, in Dutch as those are. It knows where each answer
stands. It answers nothing of itself: what nobody wrote down is said to be so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from hub.config import policy
from hub.config.connection import Connection, Direction
from hub.config.target import NoAuth, Target
from hub.configuration import Configuration
from hub.console.models.connections import ConnectionSheet, ConnectionSummary, SheetRow
from hub.console.services.connections import Connections
from hub.console.services.sheet_words import ACCESS, AUTH, UNKNOWN, duration, host, listed, row, seconds, sentence
from hub.event.catalogue import EVENT_TYPES
from hub.event.vragen import QUESTION_TYPES
from hub.mapping.cases import find_cases
from hub.ports.manifest import Manifest
from hub.ports.registry import Registry
from hub.security.roles import Actor

_MB = 1024 * 1024


class Sheets:
    """Fills in sheets."""

    def __init__(self, configuration: Configuration, connections: Connections) -> None:
        self._configuration = configuration
        self._connections = connections
        self._registry = Registry()

    async def sheet(self, actor: Actor, name: str) -> ConnectionSheet:
        """Fill in the sheet of one connection; raises ActRefused when there is none that the person may see."""
        summary = await self._connections.summary(actor, name)
        connection = self._configuration.connections[name]
        manifest = self._registry.manifest(connection.adapter)
        mappings = self._configuration.mappings.get(name, {})
        filling = _Filling(connection, manifest, self._configuration, summary)
        rows = await asyncio.to_thread(lambda: list(filling.rows()))
        return ConnectionSheet(summary=summary, rows=rows, messages=sorted(mappings))


class _Filling:
    def __init__(
        self,
        connection: Connection,
        manifest: Manifest,
        configuration: Configuration,
        summary: ConnectionSummary,
    ) -> None:
        self._connection = connection
        self._manifest = manifest
        self._configuration = configuration
        self._summary = summary
        self._inbound = connection.direction is Direction.INBOUND

    def rows(self) -> Iterator[SheetRow]:
        """Answer every question."""
        yield from self._context()
        yield from self._standard()
        yield from self._security()
        yield from self._personal_data()
        yield from self._guarantees()
        yield from self._volume()
        yield from self._testing()
        yield from self._errors()
        yield from self._operation()

    # What it is

    def _context(self) -> Iterator[SheetRow]:
        each, topic = self._connection, "Context"
        yield row(topic, "Waar dient de koppeling voor?", each.description or UNKNOWN, self._at("description"))
        direction = "van het systeem naar de hub" if self._inbound else "van de hub naar het systeem"
        yield row(topic, "In welke richting gaan de berichten?", sentence(direction), self._at("direction"))
        if each.target is not None:
            services = ", ".join(f"{name}: {host(url)}" for name, url in each.target.services.items())
            yield row(topic, "Welk systeem staat aan de andere kant?", services, self._at("target"))
        else:
            known = "Elk systeem dat wordt toegelaten; de afzender staat in elk bericht."
            yield row(topic, "Welk systeem staat aan de andere kant?", known, self._at("access"))
        if each.answerers:
            who = "de koppeling" if len(each.answerers) == 1 else "de koppelingen"
            answers = f"Vragen worden beantwoord door {who} {' en '.join(each.answerers)}."
            yield row(topic, "Met welke koppeling werkt zij samen?", answers, self._at("asks"))
        if each.crossing is not None:
            routes = f"{len(each.crossing.routes)} routes verdelen de berichten over het oude systeem en de hub."
            yield row(topic, "Hoe gaat de overgang van het oude systeem?", routes, self._at("crossing"))

    def _standard(self) -> Iterator[SheetRow]:
        topic, manifest = "Standaard en patroon", self._manifest
        standard = f"{manifest.title} (versie {manifest.version})."
        yield row(topic, "Welke standaard en versie, welk sectormodel?", standard, self._manifest_file())
        mappings = self._configuration.mappings.get(self._connection.connection, {})
        kinds = sorted(mappings)
        yield row(topic, "Welke berichten?", listed(kinds), f"mappings/{self._connection.connection}/*.map.yaml")
        yield row(topic, "Welke gebeurtenissen en vragen?", self._events(), "docs/reference/events.md")
        yield row(topic, "Synchroon of asynchroon?", self._pattern(), self._at("acknowledge", "asks"))
        dialects = self._connection.dialects
        if dialects:
            names = (
                dialects
                if isinstance(dialects, tuple)
                else tuple(f"{name}: {', '.join(of)}" for name, of in dialects.items())
            )
            yield row(
                topic, "Welke afwijkingen van de standaard worden opgevangen?", listed(names), self._at("dialects")
            )

    def _events(self) -> str:
        mappings = self._configuration.mappings.get(self._connection.connection, {})
        found = {mapping.gives for mapping in mappings.values()} if self._inbound else set(mappings)
        events = sorted(found & EVENT_TYPES.keys())
        questions = sorted(found & QUESTION_TYPES.keys())
        return (
            " ".join(
                part
                for part in (
                    f"Gebeurtenissen: {listed(events)}" if events else "",
                    f"Vragen: {listed(questions)}" if questions else "",
                )
                if part
            )
            or "Geen."
        )

    def _pattern(self) -> str:
        limits = self._connection.policy
        if not self._inbound:
            return "Asynchroon: wat is geaccepteerd wordt afgeleverd zodra het systeem het aanneemt."
        when = (
            f"Kennisgevingen worden bevestigd als het doelsysteem ze heeft, of na {seconds(limits.answer_within_s)}."
            if self._connection.acknowledge == "delivered"
            else "Kennisgevingen zijn asynchroon: ze worden bevestigd zodra ze veilig zijn opgeslagen."
        )
        asks = self._connection.asks
        answered = f" Vragen zijn synchroon: binnen {seconds(limits.answer_within_s)} een antwoord." if asks else ""
        return when + answered

    # How it is protected

    def _security(self) -> Iterator[SheetRow]:
        topic, each = "Beveiliging (EGEM A.1)", self._connection
        if self._inbound:
            checks = [ACCESS[check.kind] for check in each.access or ()]
            yield row(topic, "Hoe wordt de afzender vastgesteld?", sentence(" en ".join(checks)), self._at("access"))
            tls = self._configuration.settings.tls_certificate is not None
            said = "HTTPS met een certificaat van de hub." if tls else "HTTP; TLS eindigt bij wat ervoor staat."
            yield row(topic, "Hoe is het transport beveiligd?", said, "ZAAKHUB_TLS_CERTIFICATE")
        if each.target is not None:
            yield from self._to_target(topic, each.target)
        ends = self._summary.certificate_ends_at
        if ends is not None:
            yield row(topic, "Tot wanneer geldt het certificaat?", f"{ends:%Y-%m-%d}", self._at("target"))

    def _to_target(self, topic: str, target: Target) -> Iterator[SheetRow]:
        auth = sentence(AUTH[target.auth.kind])
        yield row(topic, "Hoe maakt de hub zich bekend bij het systeem?", auth, self._at("target"))
        plain = sorted(name for name, url in target.services.items() if url.startswith("http:"))
        transport = "HTTPS." if not plain else f"HTTP zonder TLS voor {', '.join(plain)}."
        if target.tls is not None:
            transport = f"{transport} Tweezijdig TLS met een clientcertificaat."
        elif isinstance(target.auth, NoAuth):
            transport = f"{transport} Geen clientcertificaat."
        yield row(topic, "Hoe is het transport naar het systeem beveiligd?", transport, self._at("target"))

    def _personal_data(self) -> Iterator[SheetRow]:
        topic = "Persoonsgegevens (AVG art. 30)"
        yield row(topic, "Welke persoonsgegevens?", self._manifest.personal_data, self._manifest_file())
        yield row(topic, "Met welk doel en op welke grond?", self._verwerking(), self._at("verwerking", "afnemers"))
        if self._connection.velden:
            seen = "; ".join(f"{name}: {', '.join(fields)}" for name, fields in self._connection.velden.items())
            yield row(topic, "Welke gegevens mag de afnemer zien?", f"{seen}.", self._at("velden"))
            yield row(topic, "Welke wijzigingen krijgt de afnemer?", self._distributed(), self._at("distribution"))
        seen = (
            "Niemand ziet de inhoud vanzelf: wie het recht `inhoud` heeft vraagt het per bericht, met een reden, voor "
            f"{duration(policy.UNMASK_S)}; dat staat in de audit."
        )
        yield row(topic, "Wie kan de inhoud inzien?", seen, "hub/security/roles.py")
        kept = (
            f"Berichten op de bus: {duration(policy.BUS_RETENTION_S)}. Van wat mislukte blijven bericht, uitleg, "
            "verzoek en correcties in de ledger, en documenten in de opslag: de hub verwijdert die niet zelf."
        )
        yield row(topic, "Hoe lang worden gegevens bewaard?", kept, "policy: BUS_RETENTION_S")
        logged = (
            "Wat er gebeurt, zonder inhoud: geen BSN, naam of adres in logs, metrieken, sleutels of URL's. Handelingen "
            "van beheerders staan met reden in een audit waarvan elke regel aan de vorige is geketend."
        )
        yield row(topic, "Wat wordt gelogd?", logged, "docs/reference/metrics.md")

    def _verwerking(self) -> str:
        said = [self._connection.verwerking, *(each.verwerking for each in self._connection.afnemers)]
        found = {f"{each.grondslag} ({each.activiteit})": None for each in said if each is not None}
        return f"{'; '.join(found)}." if found else f"{UNKNOWN} Vul `verwerking` in."

    def _distributed(self) -> str:
        rules = self._connection.distribution
        said = [
            *(["alleen van personen met een afnemersindicatie"] if rules.followed else []),
            *([f"alleen bij een wijziging van {', '.join(rules.changed)}"] if rules.changed else []),
            *([f"alleen in gemeente {', '.join(rules.gemeenten)}"] if rules.gemeenten else []),
        ]
        return sentence("; ".join(said)) if said else "Elke wijziging waarvan iets zichtbaar is voor de afnemer."

    # What it promises

    def _guarantees(self) -> Iterator[SheetRow]:
        topic = "Kwaliteit (EGEM A.2)"
        kept = "Een bevestigd bericht staat op schijf: uitval van een proces verliest niets."
        yield row(topic, "Gaat er niets verloren?", kept, "docs/explanation/guarantees.md")
        twice = (
            "Herkend aan afzender en referentienummer, en aan de inhoud: het effect komt een keer."
            if self._inbound
            else "Elke stap heeft een natuurlijke sleutel: na een onzekere afloop wordt eerst gevraagd, dan gestuurd."
        )
        yield row(topic, "Wat gebeurt er met dubbele berichten?", twice, "docs/explanation/guarantees.md")
        order = "Per zaak in de volgorde van ontvangst, ook na herhalen en corrigeren; zaken wachten niet op elkaar."
        yield row(topic, "Blijft de volgorde behouden?", order, "docs/explanation/guarantees.md")

    def _volume(self) -> Iterator[SheetRow]:
        topic, limits = "Volume en beschikbaarheid (EGEM A.3)", self._connection.policy
        whole, envelope = limits.message_bytes_max // _MB, limits.envelope_bytes_max // 1024
        size = f"Bericht tot {whole} MB, zonder documenten tot {envelope} kB."
        yield row(
            topic, "Hoe groot mag een bericht zijn?", size, self._policy("message_bytes_max", "envelope_bytes_max")
        )
        if not self._inbound or self._connection.target is not None:
            load = (
                f"Hoogstens {limits.connections_max} verbindingen; een verzoek duurt ten hoogste "
                f"{seconds(limits.request_timeout_s)}."
            )
            yield row(
                topic, "Hoe wordt het systeem ontzien?", load, self._policy("connections_max", "request_timeout_s")
            )
        windows = [
            f"{' '.join(each.days or ())} {each.begins} - {each.until}".strip() for each in self._connection.windows
        ]
        said = f"Onderhoud: {'; '.join(windows)}." if windows else "Geen onderhoudsvensters vastgelegd."
        yield row(topic, "Wanneer is het systeem niet beschikbaar?", said, self._at("windows"))

    def _testing(self) -> Iterator[SheetRow]:
        topic, name = "Testbaarheid (EGEM A.4)", self._connection.connection
        cases = len(find_cases(self._configuration.settings.mappings, name))
        said = f"{cases} testgevallen, een simulator van de andere kant, en een proefruimte die niets verstuurt."
        yield row(topic, "Welke testvoorzieningen zijn er?", said, f"mappings/{name}/cases")

    def _errors(self) -> Iterator[SheetRow]:
        topic, limits = "Foutafhandeling (EGEM A.5)", self._connection.policy
        if self._inbound:
            refused = "De afzender krijgt het foutbericht van de standaard; niets ervan bereikt de bus."
            yield row(topic, "Wat als een bericht niet deugt?", refused, self._manifest_file())
            report = {None: "Niets.", "failures": "Dat het is geweigerd.", "all": "Dat het is gedaan of geweigerd."}
            yield row(topic, "Wat hoort de afzender later nog?", report[self._connection.report], self._at("report"))
        retry = (
            f"{limits.inline_attempts} pogingen meteen, daarna wacht alleen deze zaak: eerst "
            f"{duration(limits.retry_wait_s)}, dan langer tot {duration(limits.retry_wait_max_s)}, in totaal "
            f"{duration(limits.retry_for_s)}. Daarna beslist een mens."
        )
        yield row(
            topic,
            "Wat als het niet lukt?",
            retry,
            self._policy("inline_attempts", "retry_wait_s", "retry_wait_max_s", "retry_for_s"),
        )
        stops = (
            f"Als {limits.pause_after} zaken mislukken, {limits.pause_ratio:.0%} van wat is geprobeerd, stopt "
            "de koppeling zichzelf en probeert daarna met een enkel bericht of het weer gaat."
        )
        yield row(topic, "Wat als bijna alles mislukt?", stops, self._policy("pause_after", "pause_ratio"))
        repair = "Door herhalen, corrigeren of laten vervallen, met een reden; het origineel blijft bewaard."
        if limits.second_person:
            repair += " Een correctie en een herhaalplan gaan pas door na goedkeuring door een tweede persoon."
        yield row(topic, "Hoe wordt een fout hersteld?", repair, self._policy("second_person"))

    def _operation(self) -> Iterator[SheetRow]:
        topic, limits = "Beheer en nazorg (EGEM A.6 - A.11)", self._connection.policy
        silent = f" Stilte na {duration(limits.alert_silent_s)}." if limits.alert_silent_s is not None else ""
        watch = (
            f"Melding bij {limits.alert_failures} of meer fouten, bij een achterstand van "
            f"{duration(limits.alert_waiting_s)} en {', '.join(map(str, policy.ALERT_CERTIFICATE_DAYS))} dagen voor "
            f"het einde van een certificaat.{silent}"
        )
        yield row(
            topic,
            "Hoe wordt de koppeling bewaakt?",
            watch,
            self._policy("alert_failures", "alert_waiting_s", "alert_silent_s"),
        )
        revision = f"Revisie {self._summary.revision}; een vorige revisie kan worden teruggezet zonder stilstand."
        yield row(topic, "Welke versie van de mappings draait?", revision, "docs/how-to/change-a-mapping.md")
        contact = self._connection.contact or f"{UNKNOWN} Vul `contact` in."
        yield row(topic, "Wie is het aanspreekpunt?", contact, self._at("contact"))
        docs = f"Beschrijving van het protocol en de opties: adapters/{self._connection.adapter}/README.md."
        yield row(topic, "Waar staat de documentatie?", docs, f"adapters/{self._connection.adapter}/README.md")

    # Where it stands

    def _at(self, *keys: str) -> str:
        """Name the line of connection.yaml that says it; the file where none does."""
        file = f"mappings/{self._connection.connection}/connection.yaml"
        lines = (self._connection.place_of(key).line for key in keys if key in self._connection.model_fields_set)
        line = next(lines, 0)
        return f"{file}:{line}" if line else file

    def _policy(self, *names: str) -> str:
        if self._connection.policy.model_fields_set & set(names):
            return self._at("policy")
        return f"policy: {', '.join(names)}"

    def _manifest_file(self) -> str:
        return f"adapters/{self._connection.adapter}/manifest.yaml"
