"""Documents by reference: the claim that stands in a message where the content was, and the kind of file."""

from __future__ import annotations

import re

from hub.mapping.functions.contract import FAILS, Example, Function, Unfit, always, text_of
from hub.wire.claim import Claim, read_claim

_MIME = re.compile(r"^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*$")
_EXTENSIONS = {
    "bmp": "image/bmp",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "dwg": "image/vnd.dwg",
    "eml": "message/rfc822",
    "gif": "image/gif",
    "htm": "text/html",
    "html": "text/html",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "msg": "application/vnd.ms-outlook",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rtf": "application/rtf",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def _claim(value: object) -> dict[str, str | int]:
    claim = read_claim(text_of(value))
    if claim is None:
        raise Unfit("the content was not taken out of the message at the intake")
    return {"verwijzing": claim.reference, "omvang": claim.size_bytes, "sha256": claim.sha256}


def _naar_claim(value: object) -> str | None:
    if not isinstance(value, dict):
        raise Unfit("this is not where the content of a document lies")
    if value.get("verwijzing") is None:
        return None
    reference, size, sha256 = value["verwijzing"], value.get("omvang"), value.get("sha256")
    text = Claim(str(reference), size, str(sha256)).text() if isinstance(size, int) else ""
    if read_claim(text) is None:
        raise Unfit("the reference, size and hash of a content come together")
    return text


def _mime_type(value: object) -> str | None:
    text = text_of(value).lower()
    if "/" in text:
        bare = text.partition(";")[0].strip()
        if not _MIME.match(bare):
            raise Unfit("this is not a MIME type")
        return bare
    return _EXTENSIONS.get(text.removeprefix("."))


FUNCTIONS = (
    Function(
        "claim",
        "The claim that the intake left in place of a document's content, as its reference, size and hash.",
        "text",
        "object",
        always(_claim),
        (
            Example(f"zaakhub-inhoud:2024-07-d1:4:{_SHA}", {"verwijzing": "2024-07-d1", "omvang": 4, "sha256": _SHA}),
            Example("JVBERi0xLjQK", FAILS),
        ),
        inverse="naar-claim",
    ),
    Function(
        "naar-claim",
        "Where the content of a document lies as the claim that stands in its place until the message leaves the hub.",
        "object",
        "text",
        always(_naar_claim),
        (
            Example({"verwijzing": "2024-07-d1", "omvang": 4, "sha256": _SHA}, f"zaakhub-inhoud:2024-07-d1:4:{_SHA}"),
            Example({"bestandsnaam": "aanvraag.pdf"}, None),
            Example({"verwijzing": "2024-07-d1"}, FAILS),
        ),
        inverse="claim",
    ),
    Function(
        "mime-type",
        "A MIME type, or a file extension as its MIME type; nothing for an unknown extension.",
        "text",
        "text",
        always(_mime_type),
        (
            Example("PDF", "application/pdf"),
            Example("text/plain; charset=utf-8", "text/plain"),
            Example("xyz", None),
            Example("tekst/", FAILS),
        ),
        inverse="mime-type",
    ),
)
