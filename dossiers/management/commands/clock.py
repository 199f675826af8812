"""`clock CODE [--on DATE]`: the ledger of a dossier's clock replayed, as it stood on any day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from citizens.selectors import calendar_history
from dossiers import sla
from dossiers.models import Dossier
from dossiers.selectors import clock_on, entries_until, limit_for
from portal.common import clock


class Command(BaseCommand):
    """Print the entries, what replaying them gives, and the sentence that explains it."""

    help = "Replay the clock of a dossier as it stood when a day ended (default: today)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("code", help="the dossier's code")
        parser.add_argument(
            "--on", type=date.fromisoformat, default=None, metavar="DATE", help="YYYY-MM-DD"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print it; CommandError for a code that no dossier has."""
        dossier = Dossier.objects.filter(code=options["code"]).first()
        if dossier is None:
            raise CommandError(f"No dossier has the code {options['code']}.")
        day = options["on"] or clock.today()
        history = calendar_history()
        for event in entries_until(dossier=dossier, day=day):
            due = f"{event.due_on:%d/%m/%Y}" if event.due_on else "–"
            days = "" if event.days is None else f" {event.days:+d}"
            at = clock.civil_time(event.happened_at)
            self.stdout.write(f"{at:%d/%m/%Y %H:%M}  {event.kind:<16}{days:>4}  due {due}")
        replayed = clock_on(dossier=dossier, day=day, calendars=history)
        calendar = history.latest
        late = sla.lateness(replayed, day, calendar)
        spent = sla.time_spent(replayed, day, calendar)
        told = sla.explain(replayed, limit_for(dossier=dossier), calendar)
        self.stdout.write(f"On {day:%d/%m/%Y}: {replayed.state}. {told.en}")
        self.stdout.write(
            f"Working days: {spent.office} office, {spent.citizen} citizen, {spent.system} other "
            f"system; {late.raw} late as counted."
        )
