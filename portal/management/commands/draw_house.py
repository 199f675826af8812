"""Draw rooms, tables and what happens by itself from the code into docs/architecture.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.schedules import crontab
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand

from dossiers.management.commands.draw_workflow import redrawn
from portal.schedule import TABLE, Entry

PAGE = Path(settings.BASE_DIR) / "docs" / "architecture.md"
_APPS = ("citizens", "notifications", "procedures", "dossiers", "reporting")
_HOURS = 24
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_SPACES = re.compile(r"\s+")


class Command(BaseCommand):
    help = "Write the layers, the tables and the beat table into docs/architecture.md."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace what stands between the two marks."""
        PAGE.write_text(redrawn(PAGE.read_text(), drawing()))
        self.stdout.write(f"{PAGE.name} is current.")


def drawing() -> str:
    """Return layers (Mermaid), rooms, tables and the beat table as Markdown."""
    between, inside, *_others = _contracts()
    parts = (_layers(between), _rooms(inside), _tables(), _beats())
    return "\n\n".join("\n".join(part) for part in parts)


def _contracts() -> list[dict[str, Any]]:
    """Return the layers that `make check` keeps: between the apps, then inside one."""
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())
    found = project["tool"]["importlinter"]["contracts"]
    return [contract for contract in found if contract["type"] == "layers"]


def _names(layer: str) -> list[str]:
    return [name.strip("() ") for name in layer.split("|")]


def _layers(contract: dict[str, Any]) -> Iterator[str]:
    yield "## Who may call whom"
    yield ""
    yield "Calls go down, never up; `make check` refuses an import that does not."
    yield ""
    yield "```mermaid"
    yield "flowchart TB"
    rows = [_names(layer) for layer in contract["layers"]]
    for number, row in enumerate(rows):
        yield f"    subgraph l{number}[ ]"
        yield "        " + " ~~~ ".join(f'{name.replace(".", "_")}["{name}"]' for name in row)
        yield "    end"
    for number in range(1, len(rows)):
        yield f"    l{number - 1} --> l{number}"
    yield "```"


def _rooms(contract: dict[str, Any]) -> Iterator[str]:
    yield "## Rooms of an app"
    yield ""
    yield "Each of " + ", ".join(contract["containers"]) + " has these rooms, the upper ones first:"
    yield ""
    for number, layer in enumerate(contract["layers"], 1):
        yield f"{number}. " + ", ".join(f"`{name}`" for name in _names(layer))


def _tables() -> Iterator[str]:
    yield "## Tables"
    for label in _APPS:
        yield ""
        yield f"### {label}"
        yield ""
        yield "| table | model | what a row is |"
        yield "|---|---|---|"
        for model in sorted(apps.get_app_config(label).get_models(), key=lambda one: one.__name__):
            yield f"| `{model._meta.db_table}` | {model.__name__} | {_sentence(model)} |"


def _sentence(model: type[Any]) -> str:
    """Return the first sentence that a model says of itself."""
    said = _SPACES.sub(" ", model.__doc__ or "").strip()
    told = "" if said.startswith(f"{model.__name__}(") else said
    return told.partition(". ")[0].rstrip(".").replace("|", "\\|")


def _beats() -> Iterator[str]:
    yield "## What happens by itself"
    yield ""
    yield "| task | when | longest silence | why |"
    yield "|---|---|---|---|"
    for entry in TABLE:
        silence = _span(entry.longest_silence)
        yield f"| `{entry.task}` | {_when(entry)} | {silence} | {entry.why} |"


def _when(entry: Entry) -> str:
    if not isinstance(entry.when, crontab):
        return f"every {_span(entry.when)}"
    when: Any = entry.when  # its published types know none of its sets
    minutes = ", ".join(f"{minute:02}" for minute in sorted(when.minute))
    every = len(when.hour) == _HOURS
    at = f"minute {minutes} of every hour" if every else f"{min(when.hour)}:{minutes}"
    days = sorted(when.day_of_week) if len(when.day_of_week) < len(_DAYS) else []
    on = f", {', '.join(_DAYS[day] for day in days)}" if days else ""
    of_month = sorted(when.day_of_month)
    return at + on + (f", day {of_month[0]} of the month" if len(of_month) == 1 else "")


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
