"""One look at a TLS server: does its certificate prove who it is, and until when.

It trusts whom the connection trusts, and shows what the connection shows. It sends nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from hub.config.target import Target
from hub.errors import TargetMisconfigured, TargetUnavailable
from hub.security.certificate import read_certificate
from hub.security.tls import ClientTls

_HTTPS = 443


def secured(target: Target) -> dict[tuple[str, int], str]:
    """Give the servers of a target that speak TLS, by host and port, each with one of its services."""
    found: dict[tuple[str, int], str] = {}
    for service, url in target.services.items():
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname:
            found.setdefault((parts.hostname, parts.port or _HTTPS), service)
    return found


async def certificate_ends(target: Target, host: str, port: int, *, timeout_s: float) -> datetime:
    """Say until when the certificate of a server is valid.

    Raises TargetMisconfigured when it proves nothing, TargetUnavailable when nobody answers.
    """
    tls = target.tls
    context = ClientTls(tls.certificate, tls.key, tls.ca).context if tls else ssl.create_default_context()
    try:
        async with asyncio.timeout(timeout_s):
            _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    except ssl.SSLCertVerificationError as wrong:
        raise TargetMisconfigured(
            f"the certificate of {host} is not trusted: {wrong.verify_message}",
            code="tls",
            advice="see target.tls.ca, the chain that the server sends, and the clock of this machine",
        ) from None
    except ssl.SSLError as wrong:
        raise TargetMisconfigured(f"no TLS with {host}: {wrong.reason or 'refused'}", code="tls") from None
    except (OSError, TimeoutError):
        raise TargetUnavailable(f"{host}:{port} does not answer", code="verbinding") from None
    try:
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        certificate = read_certificate(shown)
        assert certificate is not None, "a certificate that was verified can be read"
        return certificate.ends
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
