"""On a phone a table's head is hidden: each cell says its column, or is understood without."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "office"
_TABLE = re.compile(r'<table class="queue([^"]*)"[^>]*>(.*?)</table>', re.DOTALL)
_CELL = re.compile(r"<td([^>]*(?:{%[^%]*%}[^>]*)*)>(.*?)</td>", re.DOTALL)
# Kinds of tables whose style shows the label of every cell.
LABELLED = {
    "labelled", "calls", "waits", "delivery", "registers", "rehearsal__rows", "figures-table",
    "counter__times",
}  # fmt: skip
# What is understood without its head.
PLAIN = {
    "parts/rows.html": "a clock with its words, the dossier, its owner, its status; then labels",
    "first_day.html": "a number and what is to be done",
    "outcomes.html": "what people wrote has no head at all",
}


def _tables() -> list[tuple[str, set[str], str]]:
    """Return each table of the desk: its template, its classes beside `queue`, what is in it."""
    return [
        (path.relative_to(TEMPLATES).as_posix(), set(classes.split()), inside)
        for path in sorted(TEMPLATES.rglob("*.html"))
        for classes, inside in _TABLE.findall(path.read_text(encoding="utf-8"))
    ]


def test_every_table_shows_its_labels_or_says_why_not() -> None:
    tables = _tables()

    assert len(tables) > 50
    plain = {name for name, classes, _inside in tables if not classes & LABELLED}
    assert plain == PLAIN.keys()


def test_every_cell_of_a_labelled_table_has_one() -> None:
    """A cell with nothing but a press or a box says by it what it is."""
    bare = [
        (name, told.strip()[:80])
        for name, classes, inside in _tables()
        if "labelled" in classes
        for attributes, told in _CELL.findall(inside)
        if not re.search("data-label|colspan", attributes) and not re.search("press|checkbox", told)
    ]

    assert bare == []
