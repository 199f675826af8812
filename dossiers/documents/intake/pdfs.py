"""PDFs are kept byte for byte, so that a signature stays valid; what could act is refused (F29)."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from dossiers.documents.intake.kinds import refuse_second_reading
from dossiers.documents.intake.refusals import IntakeError, Reason

MOST_PAGES = 200
_CORNERS = 4  # numbers of a page's rectangle
MOST_OBJECTS = 20_000
MOST_VALUES = 400_000  # entries of dictionaries and arrays, all objects together
MOST_UNPACKED = 128_000_000  # bytes of all streams that are no pictures
MOST_PIXELS = 120_000_000  # of one picture inside
_HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n \t%]")
_TAIL = 2_048  # bytes that some writers leave behind the end: blanks only
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/Launch", "/RichMedia"})
_ATTACHED_KEYS = frozenset({"/EmbeddedFiles", "/EF", "/AF", "/Collection"})
_ACTIONS = """
/JavaScript /Launch /ImportData /SubmitForm /ResetForm /GoToE /GoToR /GoTo3DView /Rendition /Movie
/Sound /RichMediaExecute /Trans /Hide /SetOCGState /Named
"""
_ACTIVE_KINDS = frozenset({"/RichMedia", "/Screen", "/3D", "/Movie", "/Sound", "/FileAttachment"})
_INNERMOST = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
_SAFE_LINKS = ("http://", "https://", "mailto:", "tel:")


def checked(data: bytes) -> None:
    """Take a PDF of readable pages and nothing else; IntakeError for all others."""
    _refuse_wrapping(data)
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            _refuse_active(pdf)
    except pikepdf.PasswordError as locked:
        raise IntakeError(Reason.ENCRYPTED) from locked
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise IntakeError(Reason.DAMAGED) from error


def _refuse_wrapping(data: bytes) -> None:
    """Refuse what stands before or behind the document, and a second file in the same bytes."""
    if not _HEADER.match(data):
        raise IntakeError(Reason.DAMAGED)
    body, mark, tail = data.rpartition(b"%%EOF")
    if not body or not mark:
        raise IntakeError(Reason.DAMAGED)
    if len(tail) > _TAIL or tail.strip(b"\r\n\t\x00 "):
        raise IntakeError(Reason.MIXED)
    refuse_second_reading(data)


def _refuse_active(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:
        raise IntakeError(Reason.ENCRYPTED)
    if len(pdf.objects) > MOST_OBJECTS:
        raise IntakeError(Reason.TOO_COMPLEX)
    _refuse_values(pdf)
    if not 1 <= len(pdf.pages) <= MOST_PAGES:
        raise IntakeError(Reason.TOO_COMPLEX if len(pdf.pages) else Reason.DAMAGED)
    for page in pdf.pages:
        if len(page.mediabox) != _CORNERS:  # without one, pikepdf's own error says so
            raise IntakeError(Reason.DAMAGED)


def _refuse_values(pdf: pikepdf.Pdf) -> None:
    """Look at every value of every object, also of those that no page reaches."""
    seen = unpacked = 0
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            unpacked += _unpacked(thing, MOST_UNPACKED - unpacked)
        for key, value in _values(thing):
            seen += 1
            if seen > MOST_VALUES:
                raise IntakeError(Reason.TOO_COMPLEX)
            _judge(key, value)


def _values(thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield (key, value) of a dictionary and all direct values inside; "" for those of lists."""
    waiting = [thing]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
            entries = [(str(key), value) for key, value in node.items()]
        elif isinstance(node, pikepdf.Array):
            entries = [("", value) for value in node]
        else:
            continue
        for key, value in entries:
            yield key, value
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                waiting.append(value)


def _judge(key: str, value: Any) -> None:
    if key in _ATTACHED_KEYS:
        raise IntakeError(Reason.ATTACHMENT)
    if key == "/XFA":
        raise IntakeError(Reason.XFA)
    if key in _ACTIVE_KEYS or (key == "/OpenAction" and not _is_mere_view(value)):
        raise IntakeError(Reason.ACTIVE)
    name = str(value) if isinstance(value, pikepdf.Name) else ""
    if (key == "/S" and name in _ACTIONS.split()) or (key == "/Subtype" and name in _ACTIVE_KINDS):
        raise IntakeError(Reason.ACTIVE)
    if key == "/Type" and name == "/EmbeddedFile":
        raise IntakeError(Reason.ATTACHMENT)
    if key == "/URI" and isinstance(value, pikepdf.String) and not _is_link(str(value)):
        raise IntakeError(Reason.ACTIVE)


def _is_mere_view(value: Any) -> bool:
    """Whether opening only shows a page: a destination, as office programs write it."""
    if isinstance(value, pikepdf.Dictionary):
        return bool(value.get("/S") == "/GoTo")
    return isinstance(value, pikepdf.Array)


def _is_link(address: str) -> bool:
    return address.strip().lower().startswith(_SAFE_LINKS)


def _unpacked(stream: pikepdf.Stream, left: int) -> int:
    """Return how many bytes a stream unpacks to; IntakeError where a reader would choke on it."""
    filters = _filters(stream)
    if len(filters) > 2 or (len(filters) == 2 and filters[0] == filters[1]):
        raise IntakeError(Reason.TOO_COMPLEX)
    if stream.get("/Subtype") == "/Image":
        if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > MOST_PIXELS:
            raise IntakeError(Reason.TOO_MANY_PIXELS)
        return 0
    raw = stream.read_raw_bytes()
    if _INNERMOST.intersection(filters) or "/FlateDecode" not in filters:
        return len(raw)
    return _inflated(raw, left) if filters[0] == "/FlateDecode" else len(raw)


def _filters(stream: pikepdf.Stream) -> list[str]:
    named = stream.get("/Filter")
    if named is None:
        return []
    if isinstance(named, pikepdf.Array):
        return [str(one) for one in named]
    return [str(named)]


def _inflated(raw: bytes, left: int) -> int:
    """Count, a piece at a time and never in memory, what comes out of packed bytes."""
    unpacker, total = zlib.decompressobj(), 0
    try:
        piece = unpacker.decompress(raw, 1 << 20)
        while piece:
            total += len(piece)
            if total > left:
                raise IntakeError(Reason.TOO_COMPLEX)
            piece = unpacker.decompress(unpacker.unconsumed_tail, 1 << 20)
    except zlib.error as error:
        raise IntakeError(Reason.DAMAGED) from error
    return total
