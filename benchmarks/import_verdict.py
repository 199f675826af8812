"""`python -m benchmarks.import_verdict FILE`: compare a database with what its extract held.

FILE says how many rows there were and which lines are wrong, with column and kind. Prints one line
of JSON. A process of its own, because it looks at another database than the benchmark.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from portal.mode import set_default_settings


def verdict(wrong: Path) -> dict[str, Any]:
    """Return the shares of good rows stored and of bad rows named, and digests of all facts."""
    from benchmarks.digests import facts_digest
    from citizens.models import Citizen, Rejection

    known = json.loads(wrong.read_text())
    expected = {int(line): tuple(told) for line, told in known["lines"].items()}
    named: dict[int, set[tuple[str, str]]] = {}
    for line, column, code in Rejection.objects.values_list("line", "column", "code").iterator():
        named.setdefault(line, set()).add((column, code))
    right = sum(told in named.get(line, ()) for line, told in expected.items())
    good = known["rows"] - len(expected)
    return {
        "rows": known["rows"],
        "kinds": len({code for told in named.values() for _column, code in told}),
        "stored_share": 100 * Citizen.objects.count() / good,
        "named_share": 100 * right / len(expected),
        "wrongly": len(named.keys() - expected.keys()),
        "digests": facts_digest(),
    }


if __name__ == "__main__":
    set_default_settings()
    import django

    django.setup()
    print(json.dumps(verdict(Path(sys.argv[1]))))  # noqa: T201 - a program for another program
