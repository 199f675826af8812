"""Draw the life of a dossier from its table into docs/dossiers.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from dossiers.enums import Action, ClockEffect, Status
from dossiers.models.dossiers import STATUSES
from dossiers.models.ledgers import ACTIONS, ACTORS
from dossiers.workflow import FIRST, TABLE, Step, is_terminal

BEGIN, END = "<!-- drawn from the code -->", "<!-- end of what is drawn -->"


class Command(BaseCommand):
    help = "Write the diagram and the table of a dossier's life into docs/dossiers.md."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace what stands between the two marks."""
        page = Path(settings.BASE_DIR) / "docs" / "dossiers.md"
        page.write_text(redrawn(page.read_text(), drawing()))
        self.stdout.write(f"{page.name} is current.")


def redrawn(page: str, drawing: str) -> str:
    """Return the page with this drawing between its marks; ValueError without them."""
    before, rest = page.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n{drawing}\n{END}{after}"


def drawing() -> str:
    """Return the diagram (Mermaid) and the table as Markdown, in English with Vietnamese names."""
    return "\n".join([*_diagram(), "", *_table()])


def _diagram() -> Iterator[str]:
    with override("en"):
        actions = {key: str(label) for key, label in ACTIONS}
        names = {key: str(label) for key, label in STATUSES}
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status in Status:
        yield f"    s{status.value}: {status.value} {names[status]}"
    yield f"    [*] --> s{FIRST.value}: {actions[Action.SUBMIT]}"
    for (before, action), step in TABLE.items():
        if step.to is not before:
            yield f"    s{before.value} --> s{step.to.value}: {actions[action]}"
    for status in Status:
        if is_terminal(status):
            yield f"    s{status.value} --> [*]"
    yield "```"


def _table() -> Iterator[str]:
    with override("en"):
        actions = {key: str(label) for key, label in ACTIONS}
        actors = {key: str(label) for key, label in ACTORS}
        english = {key: str(label) for key, label in STATUSES}
    with override("vi"):
        names = {key: f"{english[key]} ({label})" for key, label in STATUSES}
    yield "| status | step | leads to | who | clock | besides |"
    yield "|---|---|---|---|---|---|"
    for (before, action), step in TABLE.items():
        who = ", ".join(actors[actor] for actor in actors if actor in step.actors)
        to = "stays" if step.to is before else f"{step.to.value} {english[step.to]}"
        clock = "–" if step.clock is ClockEffect.NONE else step.clock.value
        start = f"{before.value} {names[before]}"
        yield f"| {start} | {actions[action]} | {to} | {who} | {clock} | {_besides(step)} |"


def _besides(step: Step) -> str:
    marks = {
        "needs a reason": step.reasoned,
        "at any office": step.anywhere,
        "may be signed by delegation": step.signed,
    }
    return "; ".join(mark for mark, holds in marks.items() if holds)
