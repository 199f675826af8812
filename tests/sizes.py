"""How much a long test does: a sample in every run, all of it where a target of its own asks.

`make storms` sets PORTAL_STORMS, `make browsers` PORTAL_BROWSERS (which also
decides whether the demo day has all its dossiers), both to `full`.
"""

from __future__ import annotations

import os
from typing import TypeVar

import pytest

Size = TypeVar("Size")
STORMS, BROWSERS = (bool(os.environ.get(name)) for name in ("PORTAL_STORMS", "PORTAL_BROWSERS"))


def of_storms(sample: Size, whole: Size) -> Size:
    """Return the size of a test of faults and chance."""
    return whole if STORMS else sample


# A journey with and without JavaScript. Ten of them go both ways in every run (test_matrix).
SCRIPT = pytest.mark.parametrize(
    "javascript",
    [
        pytest.param(True, id="script"),
        pytest.param(
            False,
            id="no-script",
            marks=pytest.mark.skipif(not BROWSERS, reason="without JavaScript: `make browsers`"),
        ),
    ],
)
