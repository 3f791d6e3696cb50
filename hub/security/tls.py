"""TLS on both sides, from PEM files that may be replaced while the hub runs.

It knows certificates, keys and trusted authorities as files. New connections use what lies there now; a file that is
replaced by something unusable changes nothing. It refuses to know who may come in (`hub.flow.gate`).
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

import structlog

from hub.errors import ConfigurationWrong

log = structlog.get_logger()

_Stamp = tuple[tuple[int, int, int], ...]


class ClientTls:
    """What the hub shows to a target and whom it trusts there."""

    def __init__(self, certificate: Path | None, key: Path | None, ca: Path | None) -> None:
        """Read the files; raises ConfigurationWrong naming the one that is wrong."""
        self._files = _Files(*filter(None, (certificate, key, ca)))
        self._certificate, self._key, self._ca = certificate, key, ca
        self.context = self._made()

    def refresh(self) -> ssl.SSLContext:
        """Give the context to use now: another one after the files were replaced."""
        self.context = self._files.changed(self._made) or self.context
        return self.context

    def _made(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._ca is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            _trust(context, self._ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self._certificate is not None and self._key is not None:
            _show(context, self._certificate, self._key)
        return context


class ServerTls:
    """What the hub shows to senders, and the authorities whose client certificates it takes.

    A sender that shows a certificate of another authority, or one that is not valid now, gets no connection at all; one
    that shows none does: whether it may send is the connection's to say.
    """

    def __init__(self, certificate: Path, key: Path, client_ca: Path | None) -> None:
        """Read the files; raises ConfigurationWrong naming the one that is wrong."""
        self._files = _Files(certificate, key, *([client_ca] if client_ca else []))
        self._certificate, self._key, self._client_ca = certificate, key, client_ca
        self.context = self._current = self._made()
        self.context.sni_callback = self._choose

    def _choose(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        """Let a new connection go on with the files of now: OpenSSL asks at every ClientHello, also without SNI."""
        self._current = self._files.changed(self._made) or self._current
        if self._current is not self.context:
            connection.context = self._current

    def _made(self) -> ssl.SSLContext:
        # NCSC TLS guidelines 2025: 1.2 and 1.3, and of 1.2 only what has forward secrecy and AEAD.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL")
        context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_NO_RENEGOTIATION
        # A resumed session would carry what was true when it began: every connection proves itself anew.
        context.options |= ssl.OP_NO_TICKET
        context.num_tickets = 0
        context.set_alpn_protocols(["http/1.1"])
        _show(context, self._certificate, self._key)
        if self._client_ca is not None:
            _trust(context, self._client_ca)
            context.verify_mode = ssl.CERT_OPTIONAL
        return context


class _Files:
    """Files that are looked at again: a look costs some microseconds, a handshake a thousand times that."""

    def __init__(self, *files: Path) -> None:
        self._paths = files
        self._seen = self._stamp()

    def changed(self, made: Callable[[], ssl.SSLContext]) -> ssl.SSLContext | None:
        """Give what is made of the files when they are others than before, and can be used; else None."""
        now = self._stamp()
        if now == self._seen:
            return None
        self._seen = now
        try:
            context = made()
        except ConfigurationWrong as problem:
            # Perhaps one of two files is still to come: then the next look sees that one change.
            log.warning("certificate_not_replaced", file=problem.file, reason=problem.reason)
            return None
        log.info("certificate_replaced", file=str(self._paths[0]))
        return context

    def _stamp(self) -> _Stamp:
        found = []
        for path in self._paths:
            try:
                status = path.stat()
            except OSError:
                found.append((0, 0, 0))
            else:
                found.append((status.st_mtime_ns, status.st_size, status.st_ino))
        return tuple(found)


def _show(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    for path in (certificate, key):
        _readable(path)
    try:
        # A key with a passphrase would stop the start with a question.
        context.load_cert_chain(certificate, key, password=_no_passphrase)
    except (ssl.SSLError, OSError, ValueError) as error:
        raise ConfigurationWrong(
            _reason(error), file=key, advice=f"PEM, without a passphrase, and the key of {certificate}"
        ) from None


def _trust(context: ssl.SSLContext, ca: Path) -> None:
    _readable(ca)
    try:
        context.load_verify_locations(ca)
    except (ssl.SSLError, OSError):
        raise ConfigurationWrong("holds no certificates", file=ca, advice="PEM, one after another") from None


def _readable(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise ConfigurationWrong(f"cannot be read: {error.strerror}", file=path) from None


def _no_passphrase() -> str:
    raise ValueError


def _reason(error: Exception) -> str:
    if isinstance(error, ValueError):
        return "has a passphrase"
    if getattr(error, "reason", "") == "KEY_VALUES_MISMATCH":
        return "is not the key of the certificate"
    return "cannot be used as a certificate with its key"
