"""A public key infrastructure that exists only in a test: roots, authorities between, servers, senders with an OIN.

In the shape of PKIoverheid: root, domain, and a certificate with the OIN in `subject.serialNumber`. Files are PEM.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.testkit.clock import BEGIN

OIN = "00000001003214345000"
OTHER_OIN = "00000001821002193000"
DAY = timedelta(days=1)
NOW = datetime.now(UTC)
BEGINS, ENDS = min(NOW, BEGIN) - DAY, max(NOW, BEGIN) + 90 * DAY
"""Valid for OpenSSL, which has the clock of the machine, and for a hub in memory, which has its own."""


class Identity(NamedTuple):
    """A certificate with its key, and the certificates between it and its root, nearest first."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        """The certificate and its chain."""
        return b"".join(each.public_bytes(Encoding.PEM) for each in (self.certificate, *self.chain))

    @property
    def alone(self) -> bytes:
        """The certificate without its chain."""
        return self.certificate.public_bytes(Encoding.PEM)

    def save(self, folder: Path, name: str) -> tuple[Path, Path]:
        """Write certificate and key."""
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        certificate.write_bytes(self.pem)
        key.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return certificate, key


class Authorities(NamedTuple):
    """A root and the authority below it that signs."""

    root: Identity
    domain: Identity

    def server(self, *, ends: datetime = ENDS) -> Identity:
        """Give the hub a certificate for this machine."""
        return self._issue("localhost", serials=(), usage=ExtendedKeyUsageOID.SERVER_AUTH, ends=ends)

    def sender(self, *oins: str, begins: datetime = BEGINS, ends: datetime = ENDS) -> Identity:
        """Give a sender a certificate; without an OIN it has none in its subject."""
        usage = ExtendedKeyUsageOID.CLIENT_AUTH
        return self._issue("formulieren.example", serials=oins, usage=usage, begins=begins, ends=ends)

    def _issue(
        self,
        name: str,
        *,
        serials: tuple[str, ...],
        usage: x509.ObjectIdentifier,
        begins: datetime = BEGINS,
        ends: datetime,
    ) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Gemeente Voorbeeld"),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
                *(x509.NameAttribute(NameOID.SERIAL_NUMBER, each) for each in serials),
            ]
        )
        names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))])
        built = (
            _builder(subject, self.domain.certificate.subject, key, begins, ends)
            .add_extension(names, critical=False)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        )
        chain = (self.domain.certificate,)
        return Identity(built.sign(self.domain.key, hashes.SHA256()), key, chain)


@cache
def authorities(name: str = "Staat van Voorbeeld") -> Authorities:
    """Make a root with an authority below it."""
    root = _authority(f"{name} Root CA", None, path_length=1)
    return Authorities(root, _authority(f"{name} Private Services CA", root, path_length=0))


def _authority(name: str, issuer: Identity | None, *, path_length: int) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issued_by = issuer.certificate.subject if issuer else subject
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    built = (
        _builder(subject, issued_by, key, BEGINS - DAY, ENDS + DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(usage, critical=True)
    )
    return Identity(built.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
