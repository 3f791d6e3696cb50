"""Which code of StUF says why something did not happen to a zaak, a document or a besluit."""

from __future__ import annotations

from functools import partial

from hub.wire.stuf import weigering

fout_of = partial(
    weigering.fout_of,
    meanings={
        "zaak-onbekend": "StUF064",
        "document-onbekend": "StUF064",
        "besluit-onbekend": "StUF064",
        "zaak-dubbel": "StUF067",
    },
)
