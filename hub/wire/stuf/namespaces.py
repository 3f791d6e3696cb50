"""The namespaces of StUF. The version of StUF and of a sector model is carried by nothing else (StUF 03.01 §2)."""

from __future__ import annotations

from typing import Final

STUF: Final = "http://www.egem.nl/StUF/StUF0301"
BG: Final = "http://www.egem.nl/StUF/sector/bg/0310"
ZKN: Final = "http://www.egem.nl/StUF/sector/zkn/0310"
ZDS: Final = "http://www.stufstandaarden.nl/koppelvlak/zds0120"
XMIME: Final = "http://www.w3.org/2005/05/xmlmime"

STUF_ANY_VERSION: Final = "http://www.egem.nl/StUF/StUF"
"""What the namespaces of all versions of StUF begin with."""
