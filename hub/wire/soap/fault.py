"""The SOAP fault, in version 1.1 or 1.2, with one element of detail.

Sources: SOAP 1.1 §4.4; SOAP 1.2 part 1 §5.4. It knows whose fault it was (client or server), not what went wrong.
"""

from __future__ import annotations

from typing import Literal

from hub.wire.soap.envelope import MUST_UNDERSTAND, VERSION_MISMATCH, Version, write
from hub.wire.xml import escape

Side = Literal["client", "server"]

_CODE_12 = {"client": "Sender", "server": "Receiver"}


def fault(version: Version, side: Side, reason: str, detail: str) -> bytes:
    """Write an envelope with a fault; `detail` is one serialised element, `reason` a sentence without values."""
    if version is Version.SOAP11:
        return write(version, _fault_11(side.capitalize(), reason, f"<detail>{detail}</detail>"))
    return write(
        version,
        f"<soap:Fault><soap:Code><soap:Value>soap:{_CODE_12[side]}</soap:Value></soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="nl">{escape(reason)}</soap:Text></soap:Reason>'
        f"<soap:Detail>{detail}</soap:Detail></soap:Fault>",
    )


def version_mismatch() -> bytes:
    """Write the fault for an envelope of an unknown version: in SOAP 1.1, as SOAP 1.2 part 1 appendix A asks."""
    return write(Version.SOAP11, _fault_11(VERSION_MISMATCH, "SOAP version not supported: send 1.1 or 1.2", ""))


def must_understand(version: Version) -> bytes:
    """Write the fault for a header block that must be understood and is not."""
    reason = "A header that must be understood is not known here"
    if version is Version.SOAP11:
        return write(version, _fault_11(MUST_UNDERSTAND, reason, ""))
    return write(
        version,
        f"<soap:Fault><soap:Code><soap:Value>soap:{MUST_UNDERSTAND}</soap:Value></soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="en">{reason}</soap:Text></soap:Reason></soap:Fault>',
    )


def _fault_11(code: str, reason: str, detail: str) -> str:
    return (
        f"<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>{escape(reason)}</faultstring>"
        f"{detail}</soap:Fault>"
    )
