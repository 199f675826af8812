"""Read the XML of a workbook in pieces: no DTD, no entities, no part or tag without bound.

A plain expat parser holds nothing but the tag under way, so memory is bounded whatever the file
says; a tree of elements would grow with the widest row somebody invents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol
from xml.parsers import expat

from citizens.registers.reading.problems import UnreadableError, refusal

MOST_IN_ONE_TAG = 1 << 20
MOST_DEPTH, MOST_NAMES = 64, 2000


class Handler(Protocol):
    """What is told about a part; names come without their namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note that an element begins."""

    def end(self, name: str) -> None:
        """Note that an element ends."""

    def text(self, text: str) -> None:
        """Note a piece of text."""


def feed_all(chunks: Iterator[bytes], handler: Handler) -> Iterator[None]:
    """Tell `handler` about the document in `chunks`; yield after each, so that it can be emptied.

    UnreadableError when the XML is damaged, declares a DTD or hides a huge tag.
    """
    parser, fed = _parser(handler), 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - max(parser.CurrentByteIndex, 0) > MOST_IN_ONE_TAG:
                raise _bomb()
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged() from error
    yield


def damaged() -> UnreadableError:
    """Return the error for a workbook that is not well formed."""
    return refusal("damaged", "tệp Excel bị hỏng", "the workbook is damaged")


def _parser(handler: Handler) -> expat.XMLParserType:
    guard = _Guard(handler)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = guard.start
    parser.EndElementHandler = guard.end
    parser.CharacterDataHandler = handler.text
    parser.StartNamespaceDeclHandler = guard.namespace
    parser.StartDoctypeDeclHandler = _refuse_dtd
    return parser


def _refuse_dtd(*_: object) -> None:
    raise refusal("xml_dtd", "XML có khai báo DTD", "the XML declares a DTD")


def _bomb() -> UnreadableError:
    return refusal("xml_bomb", "XML lớn bất thường", "the XML is unusual beyond measure")


class _Guard:
    """Stands before a handler: takes namespaces off the names and bounds what expat remembers.

    Expat keeps every open element and every name it has ever seen.
    """

    def __init__(self, handler: Handler) -> None:
        self._start, self._end = handler.start, handler.end
        self._plain: dict[str, str] = {}
        self._attributes: set[str] = set()
        self._depth = self._namespaces = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if name not in self._plain or not self._attributes.issuperset(attributes):
            self._learn(name, attributes)
        if self._depth > MOST_DEPTH:
            raise _bomb()
        self._start(self._plain[name], attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        self._end(self._plain[name])

    def _learn(self, name: str, attributes: dict[str, str]) -> None:
        self._plain[name] = name.rpartition(" ")[2]
        self._attributes.update(attributes)
        if len(self._plain) + len(self._attributes) > MOST_NAMES:
            raise _bomb()

    def namespace(self, prefix: str | None, uri: str | None) -> None:
        self._namespaces += 1
        if self._namespaces > MOST_NAMES:
            raise _bomb()


class Elements:
    """A handler that keeps the beginning of every element, for small parts."""

    def __init__(self) -> None:
        """Begin with none."""
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self._path: list[str] = [""]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep the parent's name, the name and the attributes without their namespaces."""
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self.found.append((self._path[-1], name, plain))
        self._path.append(name)

    def end(self, name: str) -> None:
        """Go back to the parent."""
        self._path.pop()

    def text(self, text: str) -> None:
        """Keep nothing."""


def elements(chunks: Iterator[bytes]) -> list[tuple[str, str, dict[str, str]]]:
    """Return (parent, name, attributes) of every element of a small part."""
    handler = Elements()
    for _ in feed_all(chunks, handler):
        pass
    return handler.found
