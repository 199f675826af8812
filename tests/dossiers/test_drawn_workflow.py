"""The drawing in the documentation is the table's."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from dossiers.management.commands.draw_workflow import drawing, redrawn
from dossiers.workflow import TABLE

PAGE = Path(settings.BASE_DIR) / "docs" / "dossiers.md"


def test_the_page_shows_the_table_as_it_is() -> None:
    said = PAGE.read_text()

    assert redrawn(said, drawing()) == said, "run: python manage.py draw_workflow"


def test_every_row_is_drawn() -> None:
    lines = drawing().splitlines()

    moves = [line for line in lines if " --> s" in line and "[*]" not in line]
    assert len(moves) == sum(step.to is not before for (before, _), step in TABLE.items())
    assert sum(line.startswith("| ") for line in lines) == len(TABLE) + 1
