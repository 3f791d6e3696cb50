"""A WSDL as zeep reads it: arguments to an envelope, and an answer back to plain data.

Read once, when the connection is made, from files only: no document is fetched, whatever a WSDL refers to, and no DTD
or entity is taken. zeep is not used for StUF: it loses attributes of extended types (zeep #653). It refuses to know
what an operation means.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree
from zeep import Client as Zeep
from zeep import Settings
from zeep.exceptions import Error, Fault
from zeep.helpers import serialize_object
from zeep.transports import Transport
from zeep.wsdl.bindings.soap import Soap12Binding, SoapBinding

from adapters.soap.options import Options
from hub.errors import ConfigurationWrong, MessageRefused, TargetRefused, TargetUncertain
from hub.ports.contracts import Response
from hub.wire import xml


class Envelope(NamedTuple):
    """A request: the envelope, and the HTTP headers that go with it."""

    body: bytes
    headers: dict[str, str]


class Failed(Exception):
    """The service answered with a fault; `code` is its faultcode, the one thing of it that is repeated."""

    def __init__(self, code: str) -> None:
        """Take the faultcode without its prefix."""
        super().__init__(code)
        self.code = code


class Description:
    """One port of one WSDL."""

    def __init__(self, options: Options) -> None:
        """Read the WSDL; raises ConfigurationWrong."""
        self._options = options
        settings = Settings(strict=True, forbid_dtd=True, forbid_entities=True)
        try:
            transport = _Files(options.wsdl, options.documents)
            self._zeep = Zeep(options.wsdl.resolve().as_uri(), transport=transport, settings=settings)
            self._bound = self._zeep.bind(options.service or None, options.port or None)
        except ConfigurationWrong:
            raise
        except (Error, OSError, ValueError, etree.LxmlError) as error:
            raise ConfigurationWrong(
                f"the WSDL can't be read: {error}", file=options.wsdl, advice="is everything that it refers to there?"
            ) from error
        self._binding: SoapBinding = self._bound._binding  # noqa: SLF001 - zeep gives a binding no other name
        known = self.operations()
        for operation in options.repeatable:
            if operation not in known:
                raise ConfigurationWrong(
                    f"the WSDL has no operation {operation}", file=options.wsdl, advice=f"it has {', '.join(known)}"
                )

    def operations(self) -> list[str]:
        """Name the operations of the port."""
        return sorted(self._binding.all())

    def write(self, operation: str, arguments: Mapping[str, Any]) -> bytes:
        """Write the envelope of a call; raises TargetRefused for an argument that the WSDL does not have, or lacks."""
        if operation not in self._binding.all():
            raise TargetRefused(
                f"the WSDL has no operation {operation}",
                code="onbekende-operatie",
                advice=f"let the mapping give one of: {', '.join(self.operations())}",
            )
        try:
            envelope = self._zeep.create_message(self._bound, operation, **arguments)
        except (Error, TypeError, ValueError) as error:
            # zeep's own words name the element; some repeat a value, so only the class of those is told.
            reason = str(error) if isinstance(error, TypeError | Error) and _names_only(error) else type(error).__name__
            raise TargetRefused(
                f"{operation}: the arguments do not fit the WSDL: {reason}",
                code="argumenten",
                advice="correct the mapping: names and nesting as in the WSDL",
            ) from None
        return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))

    def headers(self, operation: str) -> dict[str, str]:
        """Give the HTTP headers of a call."""
        action = self._binding.get(operation).soapaction or ""
        if isinstance(self._binding, Soap12Binding):
            return {"content-type": f'application/soap+xml; charset=utf-8; action="{action}"'}
        return {"content-type": "text/xml; charset=utf-8", "soapaction": f'"{action}"'}

    def read(self, operation: str, response: Response) -> dict[str, Any]:
        """Read an answer as plain data; raises Failed for a fault, TargetUncertain for what is no answer."""
        try:
            xml.parse(response.body)  # our limits: zeep has none
            result = self._binding.process_reply(self._zeep, self._binding.get(operation), _Answer(response))
        except Fault as fault:
            raise Failed(_code(fault)) from None
        except (MessageRefused, Error, ValueError, TypeError) as error:
            raise TargetUncertain(
                f"{operation}: the answer ({response.status}) is not what the WSDL describes",
                code="antwoord-onleesbaar",
                advice="see what stands between the hub and the target, or whether the WSDL is the right one",
            ) from error
        plain = serialize_object(result, target_cls=dict)
        return plain if isinstance(plain, dict) else {"antwoord": plain}


class _Files(Transport):
    """Gives documents from files, and nothing else."""

    def __init__(self, wsdl: Path, documents: Mapping[str, Path]) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # zeep is typed in part
        self._folder = wsdl.resolve().parent
        self._documents = {url: self._folder / path for url, path in documents.items()}

    def load(self, url: str) -> bytes:
        """Give one document; raises ConfigurationWrong for one that is not among the files."""
        parts = urlsplit(url)
        path = self._documents.get(url)
        if path is None and parts.scheme in {"", "file"}:
            path = Path(unquote(parts.path))
        if path is None or not path.resolve().is_relative_to(self._folder) or not path.is_file():
            raise ConfigurationWrong(
                f"the WSDL refers to {url}, which is not beside it",
                file=self._folder,
                advice="put the document there; for a URL add it under options.documents",
            )
        return path.read_bytes()


class _Answer:
    """An answer as zeep wants it: a part of what the library requests calls a Response."""

    encoding = "utf-8"

    def __init__(self, response: Response) -> None:
        self.status_code = response.status
        self.content = response.body
        self.headers = {"Content-Type": response.headers.get("content-type", "text/xml")}


def _names_only(error: Exception) -> bool:
    return "got an unexpected keyword argument" in str(error) or "Missing element" in str(error)


def _code(fault: Fault) -> str:
    return str(fault.code or "").rpartition(":")[2][:40] or "Fault"
