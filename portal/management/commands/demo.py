"""`demo`: a synthetic population with officials, the same for the same number, seed and date."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from portal.common import clock
from portal.common.errors import RefusedError
from portal.demo.generating import CITIZENS, SEED, Generated, generate
from portal.demo.reported import publish_scores, report_months
from portal.demo.roadmap import lay_roadmap
from portal.demo.weeks import remember_weeks
from portal.reporting.reports.making import make_reports
from portal.reporting.services.fold_events import fold_events
from portal.reporting.services.keep_figures import keep_ended_months
from portal.reporting.services.keep_snapshots import keep_snapshots
from portal.reporting.services.train_forecast import train_forecast


class Command(BaseCommand):
    """Load the population; a second run says that it is there and changes nothing."""

    help = "Load a synthetic population, deterministic for number, seed and date (demo only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--citizens", type=int, default=CITIZENS, help="how many people")
        parser.add_argument("--seed", type=int, default=SEED, help="another seed, other people")
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            default=None,
            metavar="DATE",
            help="the civil date from which ages and due dates are counted (default: today)",
        )

        parser.add_argument(
            "--no-forecast",
            action="store_true",
            help="leave the made-up weeks of the past and the forecast from them out",
        )
        parser.add_argument(
            "--no-training",
            action="store_true",
            help="make the past up, and leave learning from it to train_forecast",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load it; CommandError says why not."""
        began = time.monotonic()
        try:
            done = self._generate(options)
        except RefusedError as error:
            raise CommandError("\n".join(error.reasons)) from error
        if done.was_there:
            self.stdout.write(
                f"This population is already here; nothing changed ({done.fingerprint[:12]})."
            )
            return
        day = options["on"] or clock.today()
        self._say("counts reported by others", report_months(day))
        self._say("official scores", publish_scores())
        self._say("services on the roadmap", lay_roadmap(now=clock.now()))
        fold_events()
        self._say("months kept as published", len(keep_ended_months(today=day)))
        self._say("reports of the last week and month", make_reports(now=clock.now()))
        if not options["no_forecast"]:
            self._foretell(day, options["seed"], trains=not options["no_training"])
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{done.citizens:,} citizens in {seconds:.1f} s; population {done.fingerprint[:12]}."
        )

    def _foretell(self, day: date, seed: int, *, trains: bool) -> None:
        """Make a past up and learn from it; without scikit-learn the plain rules foretell."""
        self._say("weeks of the past", remember_weeks(day=day, seed=seed))
        if trains:
            with suppress(ImportError):
                train_forecast(day=day)
        self._say("forecasts", keep_snapshots(day=day))

    def _generate(self, options: dict[str, Any]) -> Generated:
        """Load with a moving line on a terminal and plain lines elsewhere."""
        wanted = {
            "citizens": options["citizens"],
            "seed": options["seed"],
            "on": options["on"],
        }
        console = Console(stderr=True)
        if not console.is_terminal:
            return generate(**wanted, progress=self._say)
        with console.status("people") as status:
            return generate(
                **wanted, progress=lambda what, count: status.update(f"{count:,} {what}")
            )

    def _say(self, what: str, count: int) -> None:
        self.stdout.write(f"  {count:>9,} {what}")
