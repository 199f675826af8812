"""What a seal is computed from: an unambiguous encoding, digests of rows, the root, its statement.

Python computes every hash: a verifier that let the database do it would ask the suspect.
A format never changes; a new column of the log would need a new one, with a new name in front.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.common.crypto import sign, verify

DIGEST = 32
NOTHING = bytes(DIGEST)
"""The digest of a row that was gone before it was sealed, and the root before the first seal."""

# Every column of AccessLog in the order in which they are hashed.
COLUMNS = (
    "id",
    "actor_id",
    "office_id",
    "purpose",
    "page",
    "reference",
    "fields",
    "subject_ids",
    "recorded_at",
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Row = Sequence[Any]
"""The values of COLUMNS of one row."""


def encode(*values: Any) -> bytes:
    """Return bytes from which the values could be read back: each with its type and length."""
    return b"".join(map(_encoded, values))


def _encoded(value: Any) -> bytes:
    match value:
        case None:
            return b"n"
        case int():
            tag, body = b"i", b"%d" % value
        case str():
            tag, body = b"s", value.encode()
        case bytes():
            tag, body = b"b", value
        case datetime():
            tag, body = b"t", b"%d" % ((value - _EPOCH) // _MICROSECOND)
        case list():
            tag, body = b"l", encode(*value)
        case _:
            raise TypeError(f"No encoding for {type(value).__name__}.")
    return tag + len(body).to_bytes(8, "big") + body


def row_digest(row: Row) -> bytes:
    """Return the SHA-256 of all columns of a row of the log."""
    return hashlib.sha256(encode("portal view 1", *row)).digest()


@dataclass(frozen=True, slots=True)
class Root:
    """One seal as it is told outside the database: enough to know later that it was there."""

    number: int
    last_id: int
    count: int
    root: bytes
    sealed_at: datetime
    signature: bytes = b""

    @property
    def statement(self) -> bytes:
        """What is signed: a line outside the database can be checked alone, without the rows."""
        return encode(
            "portal root 1", self.number, self.last_id, self.count, self.root, self.sealed_at
        )

    def signed(self) -> Root:
        """Return the same with its signature."""
        signature = sign(self.statement)
        return Root(self.number, self.last_id, self.count, self.root, self.sealed_at, signature)

    @property
    def is_genuine(self) -> bool:
        """Whether a key of ours signed exactly this."""
        return verify(self.statement, self.signature)


def seal_root(
    *,
    number: int,
    previous_root: bytes,
    row_ids: Iterable[int],
    row_digests: bytes,
    sealed_at: datetime,
) -> bytes:
    """Return the SHA-256 that ties a seal to its rows and to the seal before it."""
    content = encode("portal seal 1", number, previous_root, list(row_ids), row_digests, sealed_at)
    return hashlib.sha256(content).digest()
