"""A set of XSDs as a standard publishes it, made into one that libxml2 can load; what it has against a message.

libxml2 reads one document for each namespace that is imported; the standards of StUF spread a namespace over several.
So every document loses where its imports and includes lie, and for each document that no other asks for (an entry) one
document per namespace includes all that belongs to it. It knows imports, includes and namespaces; it refuses to know
what a message means, and opens no files. No reason repeats a value of a message.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, NoReturn

from lxml import etree

from hub.errors import ConfigurationWrong
from hub.wire.xml import line_of
from hub.wire.xsd import UNDEFINED, Definition, Finding

_XS = "http://www.w3.org/2001/XMLSchema"
_IMPORT, _INCLUDE, _REDEFINE = (f"{{{_XS}}}{name}" for name in ("import", "include", "redefine"))
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)").search


class SchemaSet(NamedTuple):
    """Documents by name, all beside each other; the names of those to begin with; what was left out, in sentences."""

    documents: Mapping[str, bytes]
    entries: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Definitions:
    """The compiled entries of a set, which may have the same message in two versions: it must fit one of them."""

    def __init__(self, made: SchemaSet) -> None:
        """Compile every entry; raises ConfigurationWrong at the first that libxml2 refuses."""
        self._definitions = tuple(_compiled(made.documents, entry) for entry in made.entries)

    def check(self, element: etree._Element) -> tuple[Finding, ...]:
        """Validate one element as a whole message; empty when it fits, else what the first that has it says."""
        found: tuple[Finding, ...] = ()
        for each in self._definitions:
            said = each.check(element)
            if not said:
                return ()
            if not found or found[0].sentence == UNDEFINED:
                found = said
        return found


def flattened(files: Mapping[str, bytes]) -> SchemaSet:
    """Make a set of the documents of a folder, by their path in it; raises ConfigurationWrong.

    An entry that does not compile is left out with a note, as long as another one does.
    """
    documents = {path: _Document(path, content) for path, content in sorted(files.items())}
    notes = [note for each in documents.values() for note in each.resolve(documents)]
    asked = {path for each in documents.values() for path in each.refers}
    roots = [each for path, each in documents.items() if path not in asked]
    if not roots:
        raise ConfigurationWrong(
            "no document stands at the beginning: each is asked for by another one" if documents else "holds no XSD",
            file="", code="schemas", advice="give the folder or zip as it is published",
        )  # fmt: skip
    flat: dict[str, bytes] = {}
    entries: list[str] = []
    problems: list[ConfigurationWrong] = []
    for root in roots:
        made = dict(_entry(root, documents))
        name = next(iter(made))
        try:
            _compiled(made, name)
        except ConfigurationWrong as wrong:
            problems.append(ConfigurationWrong(wrong.reason, file=root.path, line=wrong.line, code="schemas"))
            continue
        flat |= made
        entries.append(name)
    if not entries:
        raise ConfigurationWrong.several(problems)
    notes += [f"{wrong.file} is left out: {wrong.reason}" for wrong in problems]
    return SchemaSet(flat, tuple(entries), tuple(dict.fromkeys(notes)))


def reached(documents: Mapping[str, bytes], entry: str) -> dict[str, bytes]:
    """Give the documents that one leads to, itself first: of documents that lie beside each other, one definition."""
    found: dict[str, bytes] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = documents[name]
            asked = etree.fromstring(documents[name]).iterchildren(_IMPORT, _INCLUDE)
            waiting += [str(each.get("schemaLocation", "")) for each in asked]
    return found


def with_claims(made: SchemaSet) -> SchemaSet:
    """Give the set in which a text may stand where the standard has base64: there the hub puts a claim."""
    return made._replace(documents={name: _without_base64(content) for name, content in made.documents.items()})


class _Document:
    """One document: what it holds, and which others it refers to."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.root = self._parsed(content)
        self.namespace = self.root.get("targetNamespace", "")
        self.refers: list[str] = []
        self.includes: list[str] = []

    @property
    def flat(self) -> str:
        """Its name beside the others."""
        return self.path.replace("/", "--")

    def resolve(self, documents: Mapping[str, _Document]) -> Iterator[str]:
        """Find what it refers to, and take from it where that lies; give a note for what is not there."""
        for node in list(self.root.iterchildren(_IMPORT, _INCLUDE, _REDEFINE)):
            if node.tag == _REDEFINE:
                self._refuse(node, "`redefine` is not supported")
            location = str(node.attrib.pop("schemaLocation", ""))
            found = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), location)) if location else ""
            if "://" in location:
                self._refuse(node, f"it refers to a document on the network: {location[:200]}")
            elif found in documents:
                self.refers.append(found)
                if node.tag == _INCLUDE:
                    self.includes.append(found)
            elif location:
                yield f"{self.path} asks for {location[:200]}, which is not there"
            if node.tag == _INCLUDE:
                self.root.remove(node)

    def written(self) -> bytes:
        """Give it without the places of its imports."""
        return etree.tostring(self.root, encoding="utf-8", xml_declaration=True)

    def _parsed(self, content: bytes) -> etree._Element:
        if _DOCTYPE(content):
            raise self._wrong("has a DOCTYPE or an entity", "only the documents of a standard itself can be imported")
        parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise self._wrong("is not XML", "see whether the download is complete", line=error.lineno or 0) from None
        if root.tag != f"{{{_XS}}}schema":
            raise self._wrong("is not an XML Schema", "leave it out")
        return root

    def _refuse(self, node: etree._Element, reason: str) -> NoReturn:
        raise self._wrong(reason, "put that document beside the others", line=line_of(node))

    def _wrong(self, reason: str, advice: str, line: int = 0) -> ConfigurationWrong:
        return ConfigurationWrong(reason, file=self.path, line=line, code="schemas", advice=advice)


def _entry(root: _Document, documents: Mapping[str, _Document]) -> Iterator[tuple[str, bytes]]:
    """Give the document to begin with, one per namespace, and all that they include."""
    groups = _groups(root, documents)
    name = root.flat
    aggregates = {space: f"entry-{number}--{name}" for number, space in enumerate(groups, 1)}
    imports = [(space, file) for space, file in aggregates.items() if space]
    includes = [file for space, file in aggregates.items() if not space]
    yield f"entry--{name}", _schema("", imports, includes)
    for space, members in groups.items():
        yield aggregates[space], _schema(space, [], [each.flat for each in members])
    for members in groups.values():
        for each in members:
            yield each.flat, each.written()


def _groups(root: _Document, documents: Mapping[str, _Document]) -> dict[str, list[_Document]]:
    """Give all that an entry leads to, by namespace; what is there twice, byte for byte, once.

    A document without a namespace takes that of the one that includes it.
    """
    groups: dict[str, dict[bytes, _Document]] = {}
    waiting = [(root, root.namespace)]
    done: set[tuple[str, str]] = set()
    while waiting:
        document, space = waiting.pop()
        if (document.path, space) in done:
            continue
        done.add((document.path, space))
        groups.setdefault(space, {}).setdefault(document.written(), document)
        for path in document.refers:
            found = documents[path]
            chameleon = path in document.includes and not found.namespace
            waiting.append((found, space if chameleon else found.namespace))
    return {space: list(members.values()) for space, members in sorted(groups.items())}


def _schema(space: str, imports: Sequence[tuple[str, str]], includes: Sequence[str]) -> bytes:
    made = etree.Element(f"{{{_XS}}}schema", {"targetNamespace": space} if space else {})
    for file in includes:
        etree.SubElement(made, _INCLUDE, {"schemaLocation": file})
    for namespace, file in imports:
        etree.SubElement(made, _IMPORT, {"namespace": namespace, "schemaLocation": file})
    return etree.tostring(made, encoding="utf-8", xml_declaration=True)


def _compiled(documents: Mapping[str, bytes], entry: str) -> Definition:
    try:
        return Definition(documents, entry)
    except etree.XMLSchemaParseError as error:
        raise ConfigurationWrong(
            f"libxml2 cannot compile it: {str(error)[:300]}", file=entry, code="schemas",
            advice="give the folder or zip as it is published, with all that it refers to",
        ) from None  # fmt: skip


def _without_base64(content: bytes) -> bytes:
    root = etree.fromstring(content)
    for node in root.iter(f"{{{_XS}}}*"):
        for name in ("base", "type"):
            prefix, _, local = node.get(name, "").rpartition(":")
            if local == "base64Binary" and node.nsmap.get(prefix or None) == _XS:
                node.set(name, f"{prefix}:string" if prefix else "string")
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
