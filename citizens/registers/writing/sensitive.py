"""Sensitive data of a slice: what a delivery does not say of a person is kept.

The documents are sealed, so they meet here and not in the database.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from citizens.models import CitizenSensitive
from citizens.registers.writing.slices import ROWS, Slice
from portal.common.crypto import unseal_json

_BOTH = f"""
SELECT r.line, r.key, r.sensitive_enc, held.body_enc
  FROM resolved r
  JOIN citizens_citizensensitive held ON held.citizen_id = r.held_id
 WHERE {ROWS} AND r.sensitive_enc IS NOT NULL AND held.as_of <= %(as_of)s
"""  # noqa: S608 - our own words
_KEPT = """
UPDATE resolved r SET sensitive_enc = kept.body_enc
  FROM unnest(%s::integer[], %s::bytea[]) AS kept (line, body_enc)
 WHERE r.line = kept.line
"""


def keep_other_sensitive(part: Slice) -> None:
    """Add to the sealed documents of a slice's rows what is held and what they do not say."""
    with connection.cursor() as cursor:
        cursor.execute(_BOTH, {"after": part.after, "last": part.last, "as_of": part.as_of})
        kept = list(_kept(cursor.fetchall()))
        if kept:
            lines, documents = zip(*kept, strict=True)
            cursor.execute(_KEPT, [list(lines), list(documents)])


def _kept(rows: list[tuple[int, bytes, bytes, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines whose document lacks something that is held, with the whole of it."""
    for line, key, stated_enc, held_enc in rows:
        identity = bytes(key)
        stated, held = _opened(stated_enc, identity), _opened(held_enc, identity)
        if not held.keys() <= stated.keys():
            yield line, CitizenSensitive.seal_body(identity, held | stated)


def _opened(sealed: bytes, identity: bytes) -> dict[str, str]:
    opened: dict[str, str] = unseal_json(
        sealed, table="citizens_citizensensitive", column="body_enc", identity=identity
    )
    return opened
