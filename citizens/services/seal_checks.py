"""Seals and the lines of LOG_ROOT side by side, and what is wrong with one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from citizens.models import Seal
from citizens.services.log_faults import Fault, Finding
from citizens.services.log_root import LogRoot
from citizens.services.seal_format import DIGEST, NOTHING, Root, seal_root
from citizens.services.seal_views import root_of

_AT_ONCE = 100


@dataclass(slots=True)
class Outside:
    """LOG_ROOT as long as it was before the tables were looked at; `error` where it is away.

    `strays` are the numbers of lines out of order that we did not sign.
    """

    root: LogRoot
    size: int = 0
    error: str = ""
    strays: set[int] = field(default_factory=set)

    @classmethod
    def frozen(cls) -> Outside:
        """Return the file of the settings with its present length."""
        root = LogRoot.of_settings()
        try:
            root.path.parent.parent.stat()  # the folder itself is made with the first line
            return cls(root, root.size())
        except OSError as error:
            return cls(root, error=type(error).__name__)

    def lines(self, first: int) -> Iterator[Root]:
        """Yield the lines of the seals from number `first` on, in order and each number once."""
        last = 0
        for line in () if self.error else self.root.lines(end=self.size):
            if line.number != last + 1 and not line.is_genuine:
                self.strays.add(line.number)
            elif line.number > last:
                last = line.number
                if last >= first:
                    yield line


@dataclass(frozen=True, slots=True)
class Link:
    """Where a walk stands in the chain: the last seal's root, None where nobody knows it."""

    number: int
    root: bytes | None
    last_id: int

    @classmethod
    def before(cls, first: int, outside: Outside) -> Link:
        """Return the link on which seal `first` must follow."""
        if first <= 1:
            return cls(0, NOTHING, 0)
        seal = Seal.objects.filter(number=first - 1).first()
        if seal is not None:
            return cls.of(root_of(seal))
        line = next((one for one in outside.lines(first - 1) if one.number == first - 1), None)
        return cls.of(line) if line else cls(first - 1, None, 0)

    @classmethod
    def of(cls, root: Root) -> Link:
        """Return the link that a seal or its line makes."""
        return cls(root.number, root.root, root.last_id)


def seals_from(first: int) -> Iterator[Seal]:
    """Yield the table's seals from number `first` on, a few at a time."""
    seals = Seal.objects.filter(number__gte=first).order_by("number")
    return seals.iterator(chunk_size=_AT_ONCE)


def paired(
    seals: Iterable[Seal], lines: Iterator[Root]
) -> Iterator[tuple[int, Seal | None, Root | None]]:
    """Yield each number with its seal and its line; one of the two may be missing."""
    line = next(lines, None)
    for seal in seals:
        while line is not None and line.number < seal.number:
            yield line.number, None, line
            line = next(lines, None)
        if line is not None and line.number == seal.number:
            yield seal.number, seal, line
            line = next(lines, None)
        else:
            yield seal.number, seal, None
    while line is not None:
        yield line.number, None, line
        line = next(lines, None)


def fault_of(seal: Seal, line: Root | None, link: Link) -> Finding | None:
    """Return what is wrong with a seal that should follow on `link`; `line` is LOG_ROOT's of it."""
    told = root_of(seal)
    if not _gives_its_root(seal):
        return _forged(seal, "its content does not give its root")
    if not told.is_genuine:
        return _forged(seal, "no key of ours signed it")
    if link.root not in (None, bytes(seal.previous_root)):
        return _forged(seal, "it does not follow the seal before it")
    if line is None or line.root == told.root:
        return None
    if line.is_genuine:
        return _forged(seal, "LOG_ROOT has another root for it")
    return Finding(Fault.OUTSIDE, seal.number, None, "LOG_ROOT's line of it was altered")


def _gives_its_root(seal: Seal) -> bool:
    computed = seal_root(
        number=seal.number,
        previous_root=bytes(seal.previous_root),
        row_ids=seal.row_ids,
        row_digests=bytes(seal.row_digests),
        sealed_at=seal.sealed_at,
    )
    is_whole = len(seal.row_digests) == DIGEST * len(seal.row_ids)
    return is_whole and computed == bytes(seal.root)


def _forged(seal: Seal, detail: str) -> Finding:
    return Finding(Fault.FORGED, seal.number, None, detail)
