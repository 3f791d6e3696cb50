"""`python -m tests.benchmarks.questions`: what the hub adds to a question about persons, beside the BRP asked directly.

One question after another, on connections that stay open: npsLv01 over HTTP to a hub in a process of its own, and right
beside it the calls to the same simulator of the BRP that the hub makes for it, in turn first and second. What is added
is the difference of such a pair. Prints, and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from adapters.brp.simulator import KEY, PERSONEN_PAD
from adapters.brp.simulator.records import VADER
from tests.benchmarks.child import ROOT, Child, ChildFailed
from tests.benchmarks.intake import running
from tests.benchmarks.measure import machine

AIM_P95_MS = 15.0
CONNECTION, SOURCE = "vragen-naar-personen", "personen-uit-brp"
PATH = f"/in/{CONNECTION}"
_WARM_UP = 20
_XML, _JSON = "text/xml; charset=utf-8", "application/json; charset=utf-8"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

_NUMBER = f"<BG:inp.bsn>{VADER}</BG:inp.bsn>"
_ADDRESS = (
    "<BG:verblijfsadres><BG:aoa.postcode>2599ZX</BG:aoa.postcode>"
    "<BG:aoa.huisnummer>12</BG:aoa.huisnummer></BG:verblijfsadres>"
)
_NAME = '<BG:inp.bsn xsi:nil="true"/><BG:geslachtsnaam xsi:nil="true"/><BG:voornamen xsi:nil="true"/>'
_FAMILY = "".join(
    f'<BG:{relation} StUF:entiteittype="{kind}"><BG:gerelateerde StUF:entiteittype="NPS">{_NAME}'
    f'<BG:geboortedatum xsi:nil="true"/></BG:gerelateerde></BG:{relation}>'
    for relation, kind in (
        ("inp.heeftAlsEchtgenootPartner", "NPSNPSHUW"),
        ("inp.heeftAlsKinderen", "NPSNPSKND"),
        ("inp.heeftAlsOuders", "NPSNPSOUD"),
    )
)
_ALL = '<BG:scope><BG:object StUF:entiteittype="NPS" StUF:scope="alles"/></BG:scope>'


def _scope(wanted: str) -> str:
    return f'<BG:scope><BG:object StUF:entiteittype="NPS">{wanted}</BG:object></BG:scope>'


QUESTIONS: Mapping[str, tuple[str, str]] = {
    "number; three fields": (_NUMBER, _scope(_NAME)),
    "number; partner, children, parents": (_NUMBER, _scope(_NAME + _FAMILY)),
    "number; everything": (_NUMBER, _ALL),
    "postcode and huisnummer; three fields": (_ADDRESS, _scope(_NAME)),
    "postcode and huisnummer; everything": (_ADDRESS, _ALL),
}
"""Criteria and scope of each kind of question."""

_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<BG:npsLv01 xmlns:BG="http://www.egem.nl/StUF/sector/bg/0310" xmlns:StUF="http://www.egem.nl/StUF/StUF0301"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<BG:stuurgegevens><StUF:berichtcode>Lv01</StUF:berichtcode>
<StUF:zender><StUF:organisatie>1900</StUF:organisatie><StUF:applicatie>BALIE</StUF:applicatie></StUF:zender>
<StUF:ontvanger><StUF:organisatie>1900</StUF:organisatie><StUF:applicatie>ZAAKHUB</StUF:applicatie></StUF:ontvanger>
<StUF:referentienummer>@reference</StUF:referentienummer><StUF:tijdstipBericht>20260312101500</StUF:tijdstipBericht>
<StUF:entiteittype>NPS</StUF:entiteittype></BG:stuurgegevens>
<BG:parameters><StUF:sortering>0</StUF:sortering><StUF:indicatorVervolgvraag>false</StUF:indicatorVervolgvraag>
<StUF:maximumAantal>20</StUF:maximumAantal></BG:parameters>
<BG:gelijk StUF:entiteittype="NPS">@criteria</BG:gelijk>@scope
</BG:npsLv01></soap:Body></soap:Envelope>"""

_CONNECTION = f"""\
connection: {SOURCE}
direction: ask
adapter: brp
target:
  services: {{@services}}
  auth: {{kind: api-key, key: "${{BRP_KEY}}"}}
"""


class Delays(NamedTuple):
    """Milliseconds of one kind of question, pair by pair: by way of the hub, and directly."""

    name: str
    hub: list[float]
    direct: list[float]

    @property
    def added(self) -> list[float]:
        """What the hub adds."""
        return [hub - direct for hub, direct in zip(self.hub, self.direct, strict=True)]


class Line:
    """A connection that stays open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        """Take an open connection."""
        self._reader, self._writer, self._port = reader, writer, port

    @classmethod
    async def to(cls, port: int) -> Line:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port), port)

    def request(self, path: str, body: bytes, **headers: str) -> bytes:
        """Write out a request."""
        lines = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in headers.items())
        length = f"content-length: {len(body)}"
        return f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\n{lines}{length}\r\n\r\n".encode() + body

    async def ask(self, request: bytes) -> tuple[bytes, float]:
        """Send a request and wait for the whole answer; gives its body, and the milliseconds it took."""
        began = time.perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        body = await self._reader.readexactly(int(found[1]) if found else 0)
        took_ms = 1000 * (time.perf_counter() - began)
        if not head.startswith(b"HTTP/1.1 200"):
            raise ChildFailed(f"no answer: {head!r} {body!r}")
        return body, took_ms

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()


def main() -> None:
    """Read the command line and measure."""
    choices = argparse.ArgumentParser(prog="python -m tests.benchmarks.questions", description=__doc__)
    choices.add_argument("--times", type=int, default=300, help="of each kind (default: %(default)s)")
    times = choices.parse_args().times
    with tempfile.TemporaryDirectory(prefix="zaakhub-bench-") as folder:
        for fact in machine(folder):
            _say(fact)
        _say(
            f"{times} questions of each kind, one after another, each beside the calls to the BRP that it comes down to"
        )
        _say("p50 and p95 in ms; what is added is taken of each pair\n")
        _say(f"{'':<40}{'by the hub':^16}{'BRP alone':^16}{'added':^16}")
        _say(f"{'warm question':<40}" + f"{'p50':>8}{'p95':>8}" * 3 + f"{'aim':>8}  reached")
        asyncio.run(_measure(Path(folder), times))


async def _measure(folder: Path, times: int) -> None:
    async with Child.running("tests.benchmarks.brp") as brp:
        brp_port = (await brp.hear())["port"]
        async with running(["-c", "from hub.cli.run import gateway; gateway()"], _environ(folder, brp_port)) as hub:
            lines = await Line.to(hub.port), await Line.to(brp_port)
            gc.freeze()
            all_ = [await _asked(name, brp, *lines, times) for name in QUESTIONS]
            for line in lines:
                await line.close()
    for each in (*all_, Delays("all together", _all("hub", all_), _all("direct", all_))):
        _show(each)


async def _asked(name: str, brp: Child, to_hub: Line, to_brp: Line, times: int) -> Delays:
    criteria, scope = QUESTIONS[name]
    delays = Delays(name, [], [])
    direct = await _direct(brp, to_hub, to_brp, criteria, scope)
    for number in range(_WARM_UP + times):
        message = _message(f"{list(QUESTIONS).index(name)}-{number}", criteria, scope)
        through = [to_hub.request(PATH, message, content_type=_XML)]
        if number % 2:
            hub, beside = await _took(to_hub, through), await _took(to_brp, direct)
        else:
            beside, hub = await _took(to_brp, direct), await _took(to_hub, through)
        if number >= _WARM_UP:
            delays.hub.append(hub)
            delays.direct.append(beside)
    return delays


async def _took(line: Line, requests: Sequence[bytes]) -> float:
    """Ask one after another; gives the milliseconds that all took together."""
    took_ms = 0.0
    for each in requests:
        body, one_ms = await line.ask(each)
        # What goes wrong goes fast: see that somebody is in it.
        if b":antwoord>" not in body and b'"personen":[{' not in body:
            raise ChildFailed(f"nobody was found: {body!r}")
        took_ms += one_ms
    return took_ms


async def _direct(brp: Child, to_hub: Line, to_brp: Line, criteria: str, scope: str) -> list[bytes]:
    """Give the requests that the hub makes of a question, as it made them once."""
    await brp.tell()
    await brp.hear()
    await to_hub.ask(to_hub.request(PATH, _message("direct", criteria, scope), content_type=_XML))
    await brp.tell()
    asked: list[str] = (await brp.hear())["asked"]
    headers = {"content_type": _JSON, "accept": _JSON, "x_api_key": KEY}
    return [to_brp.request(PERSONEN_PAD, each.encode(), **headers) for each in asked]


def _message(reference: str, criteria: str, scope: str) -> bytes:
    made = _ENVELOPE.replace("@reference", reference).replace("@criteria", criteria)
    return made.replace("@scope", scope).encode()


def _environ(folder: Path, brp_port: int) -> dict[str, str]:
    """Make the example connections ask this simulator; gives the environment of a hub with them."""
    examples, mappings = ROOT / "mappings" / "_voorbeelden", folder / "mappings"
    for shared in ("_codes", "_parts"):
        shutil.copytree(ROOT / "mappings" / shared, mappings / shared)
    for name in (CONNECTION, SOURCE):
        shutil.copytree(examples / name, mappings / name)
    asker = mappings / CONNECTION / "connection.yaml"
    asker.write_text(re.sub(r"(?m)^asks: .*$", f"asks: [{SOURCE}]", asker.read_text()))
    url = f"http://127.0.0.1:{brp_port}{PERSONEN_PAD.rpartition('/')[0]}"
    services = ", ".join(f'{service}: "{url}"' for service in ("personen", "bewoning", "historie", "reisdocumenten"))
    (mappings / SOURCE / "connection.yaml").write_text(_CONNECTION.replace("@services", services))
    home = {"ZAAKHUB_HOME": str(folder / "hub"), "ZAAKHUB_MAPPINGS": str(mappings)}
    return {**home, "BRP_KEY": KEY, "ZAAKHUB_LOG_LEVEL": "error"}


def _at(delays: Sequence[float], percent: int) -> float:
    return sorted(delays)[min(len(delays) - 1, len(delays) * percent // 100)]


def _all(side: str, kinds: Iterable[Delays]) -> list[float]:
    return [ms for each in kinds for ms in getattr(each, side)]


def _show(delays: Delays) -> None:
    sides = (delays.hub, delays.direct, delays.added)
    figures = "".join(f"{_at(side, percent):8.1f}" for side in sides for percent in (50, 95))
    reached = "yes" if _at(delays.added, 95) < AIM_P95_MS else "no"
    _say(f"{delays.name:<40}{figures}{AIM_P95_MS:8.0f}  {reached}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
