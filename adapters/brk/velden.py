"""From the fields of a canonical question to the `fields` of the BRK, and to the calls that they need. Pure.

The canonical names are those of the BRK, but for two things: the number of a person, which the BRK calls identificatie
whatever it is, and the value of a code, which is asked for with its code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from adapters.brk.vraag import NUMBER
from hub.event.kadaster import KadasterPersoon, KadastraalOnroerendeZaak
from hub.event.velden import Velden, velden_of
from hub.net.criteria import existing

DELEN = (
    "zakelijkGerechtigden", "hypotheken", "beslagen", "privaatrechtelijkeBeperkingen", "publiekrechtelijkeBeperkingen",
)  # fmt: skip
"""What is asked for apart, of each perceel."""
_PERSON = frozenset(KadasterPersoon.model_fields)
_NUMBERS = frozenset({"burgerservicenummer", "rsin", "identificatie"})
_ORGANISATION = ("statutaireNaam", "statutaireZetel", "rechtsvorm", "kvkNummer", "rsin")
"""What the BRK says of an organisation that only the Kadaster knows, when it is asked about that."""
_ALL = tuple(velden_of(KadastraalOnroerendeZaak))
PERSONS = tuple(each.removesuffix(".statutaireNaam") for each in _ALL if each.endswith(".statutaireNaam"))
"""Where persons stand."""
_VALUES = frozenset(each.removesuffix(".code") for each in _ALL if each.endswith(".code"))


class Gevraagd(NamedTuple):
    """What is asked for: of the land itself, of each part that is needed, and of organisations. Empty `zaak`: all."""

    zaak: tuple[str, ...]
    delen: Mapping[str, tuple[str, ...]]
    organisatie: tuple[str, ...]
    organisaties: tuple[str, ...]
    """Where organisations stand of which more is wanted."""


def gevraagd(velden: Sequence[str] | None, also: Sequence[str]) -> Gevraagd:
    """Say what to ask for; `also` is what must be known besides. Without `velden` the land itself, and nobody."""
    if velden is None:
        return Gevraagd((), {}, (), ())
    existing(velden, KadastraalOnroerendeZaak, source="BRK")
    wanted = Velden(velden)
    fields = tuple(dict.fromkeys(field for each in (*velden, *also) for field in _fields(each)))
    of_delen = {deel: tuple(_below(fields, deel)) for deel in DELEN if any(_within(each, deel) for each in fields)}
    own = tuple(each for each in fields if each.partition(".")[0] not in DELEN)
    more = tuple(each for each in _ORGANISATION if any(wanted.part_of(f"{place}.{each}") for place in PERSONS))
    places = tuple(place for place in PERSONS if any(wanted.part_of(f"{place}.{each}") for each in _ORGANISATION))
    return Gevraagd(tuple(dict.fromkeys([NUMBER, *own])), of_delen, more, places)


def _fields(veld: str) -> tuple[str, ...]:
    """Give what to ask the BRK for a field: mostly the field."""
    group, _, name = veld.rpartition(".")
    for value in _VALUES:
        if veld.startswith(f"{value}."):
            return _fields(value) if value.rpartition(".")[0] in PERSONS else (value,)
    if group not in PERSONS or name not in _PERSON:
        return (veld,)
    # The type says which number it is, and whether anything is known of an organisation.
    return (f"{group}.identificatie", f"{group}.type") if name in {*_NUMBERS, *_ORGANISATION} else (veld,)


def _below(fields: Sequence[str], deel: str) -> Iterator[str]:
    """Give fields of a part by their names in it; none for all of it."""
    if deel not in fields:
        yield from (each.removeprefix(f"{deel}.") for each in fields if _within(each, deel))


def _within(path: str, group: str) -> bool:
    return path == group or path.startswith(f"{group}.")
