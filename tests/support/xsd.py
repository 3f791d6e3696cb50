"""A small standard in the way StUF publishes one: two documents in one namespace, each imported by itself."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

_XS = 'xmlns="http://www.w3.org/2001/XMLSchema"'

MESSAGES = f"""<schema {_XS} xmlns:s="urn:sector" targetNamespace="urn:koppelvlak" elementFormDefault="qualified">
  <import namespace="urn:sector" schemaLocation="../sector/zaak.xsd"/>
  <import namespace="urn:sector" schemaLocation="../sector/document.xsd"/>
  <element name="bericht"><complexType><sequence>
    <element name="zaak" type="s:Zaak"/>
    <element name="document" type="s:Document"/>
  </sequence></complexType></element>
</schema>""".encode()
ZAAK = f"""<schema {_XS} xmlns:s="urn:sector" targetNamespace="urn:sector">
  <include schemaLocation="waarden.xsd"/>
  <simpleType name="Zaak"><restriction base="s:Nummer"><maxLength value="5"/></restriction></simpleType>
</schema>""".encode()
DOCUMENT = f"""<schema {_XS} xmlns:s="urn:sector" targetNamespace="urn:sector">
  <include schemaLocation="waarden.xsd"/>
  <complexType name="Document"><simpleContent><extension base="base64Binary"/></simpleContent></complexType>
</schema>""".encode()
VALUES = f"""<schema {_XS}>
  <simpleType name="Nummer"><restriction base="string"><minLength value="2"/></restriction></simpleType>
</schema>""".encode()

STANDARD: Mapping[str, bytes] = {
    "berichten/berichten.xsd": MESSAGES,
    "sector/zaak.xsd": ZAAK,
    "sector/document.xsd": DOCUMENT,
    "sector/waarden.xsd": VALUES,
}


def message(zaak: str = "Z1", document: str = "QQ==") -> bytes:
    """Give a message of the standard."""
    return (
        f'<k:bericht xmlns:k="urn:koppelvlak"><k:zaak>{zaak}</k:zaak><k:document>{document}</k:document></k:bericht>'
    ).encode()


def folder_with(place: Path, files: Mapping[str, bytes]) -> Path:
    """Write documents into a folder."""
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    return place


def zip_with(file: Path, files: Mapping[str, bytes]) -> Path:
    """Write documents into a zip, at exactly the paths given."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return file
