"""What a server may lack: the operations that older servers do not have, or that Open Zaak calls experimental.

It knows their names and addresses. Switched off, an address answers 404 and a parameter or method is refused, as a
server does that never heard of it.
"""

from __future__ import annotations

from adapters.zgw.simulator.shapes import DOCUMENTEN, ZAKEN

REGISTREREN = "zaak_registreren"
RESERVEREN = "reserveren"
EXPAND = "expand"
ZOEKEN = "_zoek"
ROLLEN_WIJZIGEN = "rollen-put"
BESTANDSDELEN = "bestandsdelen"

VERMOGENS = frozenset({REGISTREREN, RESERVEREN, EXPAND, ZOEKEN, ROLLEN_WIJZIGEN, BESTANDSDELEN})

ZAAKNUMMER = "/zaken/api/v1/zaaknummer_reserveren"
ZAAK_REGISTREREN = "/zaken/api/v1/zaak_registreren"
DOCUMENTNUMMER = "/documenten/api/v1/documentnummer_reserveren"
ZAKEN_ZOEKEN = f"{ZAKEN}/_zoek"
DOCUMENTEN_ZOEKEN = f"{DOCUMENTEN}/_zoek"

ADDRESSES = {
    ZAAK_REGISTREREN: REGISTREREN,
    ZAAKNUMMER: RESERVEREN,
    DOCUMENTNUMMER: RESERVEREN,
    ZAKEN_ZOEKEN: ZOEKEN,
    DOCUMENTEN_ZOEKEN: ZOEKEN,
}
"""Operations that are no resource, and what a server must be able to for them."""
