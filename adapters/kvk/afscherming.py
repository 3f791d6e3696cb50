"""What of an answer may be passed on: no content of shielded addresses, and no links. Pure.

Source: indAfgeschermd of an address (Basisprofiel, Vestigingsprofiel), indAdresAfgeschermd in the list of branches.
What does not say that it is open is taken as shielded: a source that leaves the indication out gives nothing away here.
"""

from __future__ import annotations

from typing import Any

_OPEN, _SHIELDED = "nee", "Ja"
_LINKS = frozenset({"links", "_links"})


def passed_on(part: Any, *, authorised: bool) -> Any:  # noqa: ANN401 - any part of an answer in JSON
    """Give a part of an answer as it may go on; `authorised` is for shielded addresses."""
    if isinstance(part, list):
        return [passed_on(each, authorised=authorised) for each in part]
    if not isinstance(part, dict):
        return part
    kept = {name: passed_on(each, authorised=authorised) for name, each in part.items() if name not in _LINKS}
    if authorised:
        return kept
    if isinstance(kept.get("adressen"), list):
        kept["adressen"] = [_address(each) for each in kept["adressen"]]
    if "volledigAdres" in kept and "vestigingsnummer" in kept and not _is_open(kept.get("indAdresAfgeschermd")):
        del kept["volledigAdres"]
        kept["indAdresAfgeschermd"] = _SHIELDED
    return kept


def _address(address: Any) -> Any:  # noqa: ANN401 - the same
    if not isinstance(address, dict) or _is_open(address.get("indAfgeschermd")):
        return address
    return {**({"type": address["type"]} if "type" in address else {}), "indAfgeschermd": _SHIELDED}


def _is_open(indication: object) -> bool:
    return isinstance(indication, str) and indication.casefold() == _OPEN
