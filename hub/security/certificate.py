"""A client certificate: whose it is by its OIN, from when until when, and who issued it.

It knows PKIoverheid: the OIN stands in `subject.serialNumber` (PKIo CP 3.1.1, Digikoppeling). It refuses to know whom
the hub trusts: the chain is verified by OpenSSL when the connection is made, or by the proxy that did that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

from hub.errors import ConfigurationWrong

_OIN = re.compile(r"[0-9]{20}").fullmatch


class ClientCertificate:
    """A certificate as it was shown."""

    def __init__(self, certificate: x509.Certificate) -> None:
        self._certificate = certificate
        self.oin = _oin(certificate)
        self.ends = certificate.not_valid_after_utc

    def is_valid_at(self, now: datetime) -> bool:
        """Say whether it has begun and not ended: a connection may live longer than the certificate it began with."""
        return self._certificate.not_valid_before_utc <= now <= self._certificate.not_valid_after_utc

    def is_issued_by(self, issuers: Sequence[x509.Certificate]) -> bool:
        """Say whether one of these signed it."""
        return any(_signed(self._certificate, issuer) for issuer in issuers)


def read_certificate(shown: bytes) -> ClientCertificate | None:
    """Read one certificate in DER or PEM; None when it is none."""
    try:
        if shown.startswith(b"-----BEGIN"):
            return ClientCertificate(x509.load_pem_x509_certificate(shown))
        return ClientCertificate(x509.load_der_x509_certificate(shown))
    except ValueError:
        return None


def read_issuers(file: Path) -> tuple[x509.Certificate, ...]:
    """Read the authorities in a PEM file; raises ConfigurationWrong."""
    try:
        return tuple(x509.load_pem_x509_certificates(file.read_bytes()))
    except OSError as error:
        raise ConfigurationWrong(f"cannot be read: {error.strerror}", file=file) from None
    except ValueError:
        raise ConfigurationWrong("holds no certificates", file=file, advice="PEM, one after another") from None


def ends_at(file: Path) -> datetime:
    """Say when the first certificate in a PEM file ends; raises ConfigurationWrong."""
    return read_issuers(file)[0].not_valid_after_utc


def _oin(certificate: x509.Certificate) -> str:
    """Give the OIN, or nothing: with two of them it would be anybody's choice."""
    try:
        found = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    except ValueError:
        return ""
    values = [each.value for each in found]
    return values[0] if len(values) == 1 and isinstance(values[0], str) and _OIN(values[0]) else ""


def _signed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
