"""What a scan writes by the ten thousand carries no index that another one makes needless."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from django.db import connection

from tests.procedures.detection.scene import LEDGERS

pytestmark = pytest.mark.django_db

_INDEXES = """
SELECT indexrelid::regclass::text, coalesce(pg_get_expr(indpred, indrelid), ''),
  array_agg(attname::text ORDER BY place)
FROM pg_index
CROSS JOIN generate_subscripts(indkey, 1) AS place
JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[place]
WHERE indrelid = %s::regclass AND place < indnkeyatts
GROUP BY 1, 2
"""


def indexes(table: str) -> Sequence[tuple[str, str, list[str]]]:
    """Return the indexes of a table: name, condition, columns."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [table])
        found: Sequence[tuple[str, str, list[str]]] = cursor.fetchall()
    return found


@pytest.mark.parametrize("table", LEDGERS)
def test_no_index_begins_another(table: str) -> None:
    found = indexes(table)

    needless = [
        (name, other)
        for (name, condition, columns), (other, same, more) in permutations(found, 2)
        if condition == same and more[: len(columns)] == columns
    ]

    assert len(found) > 2
    assert not needless
