"""The drawing of the house in the documentation is the code's."""

from __future__ import annotations

from dossiers.management.commands.draw_workflow import redrawn
from portal.management.commands.draw_house import PAGE, drawing
from portal.schedule import TABLE


def test_the_page_shows_the_house_as_it_is() -> None:
    said = PAGE.read_text()

    assert redrawn(said, drawing()) == said, "run: python manage.py draw_house"


def test_every_table_says_what_its_row_is_and_every_bell_is_there() -> None:
    lines = drawing().splitlines()

    tables = [line for line in lines if line.startswith("| `") and line.count("|") == 4]
    assert len(tables) > 80
    assert [line for line in tables if line.endswith("|  |")] == []
    assert sum(f"| `{entry.task}` |" in line for entry in TABLE for line in lines) >= len(TABLE)
